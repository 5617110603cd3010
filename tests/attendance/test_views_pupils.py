"""The page of a pupil, pupils with a signal, and finding one."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendance.models import Pupil
from attendance.services.clocks import evaluate_pupil
from tests import factories
from thuiszitters.accounts.models import School
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.models import Entry

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)
"""A Wednesday."""


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def school() -> School:
    return factories.school(complete_through=date(2026, 1, 13))


def url_of(pupil: Pupil) -> str:
    return reverse("attendance:pupil_detail", kwargs={"code": pupil.code})


def test_the_clock_counts_and_says_what_comes(school: School, client: Client) -> None:
    """From Monday 5 January: eight school days, 2 weeks on Friday 16 January."""
    pupil = factories.pupil(school)
    factories.absence(pupil, date(2026, 1, 5))
    client.force_login(factories.member(Role.COO, school))

    clock = client.get(url_of(pupil)).context["page"].clocks[0]

    assert (clock.amount, clock.unit, clock.since, clock.calendar_days) == (
        8,
        "schooldagen thuis",
        date(2026, 1, 5),
        10,
    )
    assert [(norm.label, norm.day, norm.passed) for norm in clock.norms] == [
        ("2 weken", date(2026, 1, 16), False),
        ("4 weken", date(2026, 1, 30), False),
        ("3 maanden", date(2026, 4, 5), False),
    ]
    assert [sum(1 for cell in week.cells if cell and cell.counted) for week in clock.weeks] == [5, 3]


def test_a_passed_norm_is_ticked_and_explained(school: School, client: Client) -> None:
    pupil = factories.pupil(school)
    factories.absence(pupil, date(2025, 12, 15))
    evaluate_pupil(pupil.pk, today=TODAY, cause="test")
    client.force_login(factories.member(Role.COO, school))

    page = client.get(url_of(pupil)).context["page"]

    assert [(norm.label, norm.passed) for norm in page.clocks[0].norms] == [
        ("2 weken", True),
        ("4 weken", False),
        ("3 maanden", False),
    ]
    two_weeks = next(row for row in page.crossings if row.crossing.rule == "thuis-2w")
    assert two_weeks.counted == 10
    assert two_weeks.crossing.crossed_on == date(2026, 1, 9)


def test_a_pupil_who_is_there_has_no_clock(school: School, client: Client) -> None:
    pupil = factories.pupil(school)
    client.force_login(factories.member(Role.COO, school))

    answer = client.get(url_of(pupil))

    assert answer.context["page"].clocks == []
    assert f"{pupil.first_name} is nu niet langdurig afwezig" in answer.content.decode()


def test_the_last_ten_records_of_this_school_year_come_first(school: School, client: Client) -> None:
    """Eleven days of this school year and one of the year before."""
    pupil = factories.pupil(school)
    pupil.enrolments.update(first=date(2024, 8, 1))
    factories.absence(pupil, date(2025, 6, 2), date(2025, 6, 2))
    days = [date(2025, 9, 1) + timedelta(days=7 * number) for number in range(11)]
    for day in days:
        factories.absence(pupil, day, day)
    client.force_login(factories.member(Role.COO, school))

    page = client.get(url_of(pupil)).context["page"]

    assert [row.first for row in page.recent] == days[:0:-1]
    assert [row.first for row in page.earlier] == [days[0], date(2025, 6, 2)]


def test_after_a_move_the_old_school_sees_its_own_time_only(school: School, client: Client) -> None:
    """Ill at the old school from 3 November, moved on 1 December, ill again at the new school in January."""
    pupil = factories.pupil(school)
    new = factories.school(complete_through=date(2026, 1, 13))
    pupil.enrolments.update(last=date(2025, 11, 30))
    factories.enrolment(pupil, new, first=date(2025, 12, 1))
    factories.absence(pupil, date(2025, 11, 3), date(2025, 12, 5))
    factories.absence(pupil, date(2026, 1, 5))
    client.force_login(factories.member(Role.COO, school))

    answer = client.get(url_of(pupil))
    page = answer.context["page"]

    assert [(row.first, row.last) for row in page.recent] == [(date(2025, 11, 3), date(2025, 11, 30))]
    assert (page.head.is_current, page.head.enrolment.school) == (False, school)
    january = next(month for month in page.past_months if month.name == "januari 2026")
    assert {cell.text for week in january.weeks for cell in week.cells if cell} == {"niet op deze school"}
    assert [norm for clock in page.clocks for norm in clock.norms if not norm.passed] == []
    assert new.name not in answer.content.decode()
    assert answer.context["may_enter"] is False


def test_opening_a_file_is_logged_and_opening_it_twice_is_two_rows(school: School, client: Client) -> None:
    pupil = factories.pupil(school)
    person = factories.member(Role.COO, school)
    client.force_login(person)

    client.get(url_of(pupil))
    client.get(url_of(pupil))

    assert (
        list(Entry.objects.filter(kind="inzage").values_list("actor", "what", "subject"))
        == [(person.code, "aanwezigheid", pupil.code)] * 2
    )


def test_a_page_that_was_not_there_is_not_logged(school: School, client: Client) -> None:
    client.force_login(factories.member(Role.COO, factories.school()))

    assert client.get(url_of(factories.pupil(school))).status_code == 404
    assert Entry.objects.filter(kind="inzage").count() == 0


def test_the_title_carries_no_name(school: School, client: Client) -> None:
    pupil = factories.pupil(school, surname="Uniekeling")
    client.force_login(factories.member(Role.COO, school))

    title = client.get(url_of(pupil)).content.decode().split("<title>")[1].split("</title>")[0]

    assert title == "Leerling · Thuiszitters"


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(url).status_code == 200
    return len(found)


def test_the_page_takes_the_same_queries_for_1_and_3_records(school: School, client: Client) -> None:
    pupil = factories.pupil(school)
    client.force_login(factories.member(Role.COO, school))
    factories.absence(pupil, date(2025, 11, 3), date(2025, 11, 3), entered_by=factories.user())
    one = queries(client, url_of(pupil))
    for day in (4, 5):
        factories.absence(pupil, date(2025, 11, day), date(2025, 11, day), entered_by=factories.user())

    assert queries(client, url_of(pupil)) == one


# Signals of a mentor


def test_signals_are_of_the_own_class_longest_at_home_first(school: School, client: Client) -> None:
    group, other = factories.group(school), factories.group(school)
    short, long = factories.pupil(in_group=group), factories.pupil(in_group=group)
    well, elsewhere = factories.pupil(in_group=group), factories.pupil(in_group=other)
    for pupil, first in ((short, date(2026, 1, 7)), (long, date(2025, 12, 1)), (elsewhere, date(2025, 12, 1))):
        factories.absence(pupil, first)
    factories.absence(well, date(2026, 1, 9))
    for pupil in (short, long, well, elsewhere):
        evaluate_pupil(pupil.pk, today=TODAY, cause="test")
    client.force_login(factories.mentor(group))
    url = reverse("attendance:own_signals")

    found = client.get(url).context["signals"]

    # Who was ill for four school days is no signal yet.
    assert [row.pupil for row in found] == [long, short]
    assert [row.clock.amount for row in found] == [23, 6]


def test_signals_take_the_same_queries_for_1_and_3_pupils(school: School, client: Client) -> None:
    group = factories.group(school)
    client.force_login(factories.mentor(group))
    url = reverse("attendance:own_signals")

    def at_home() -> None:
        pupil = factories.pupil(in_group=group)
        factories.absence(pupil, date(2025, 12, 1))
        evaluate_pupil(pupil.pk, today=TODAY, cause="test")

    at_home()
    one = queries(client, url)
    at_home()
    at_home()

    assert len(client.get(url).context["signals"]) == 3
    assert queries(client, url) == one


# Search


@pytest.mark.parametrize(
    ("asked", "is_found"),
    [
        ("celik", True),
        ("ÇELİK", True),
        ("Esm", True),
        ("esma celik", True),
        ("esma jansen", False),
        ("2b", True),
        ("2b esma", True),
        ("2", False),
        ("L-77", True),
        ("zma", False),
    ],
)
def test_search_finds_by_name_class_and_number(asked: str, is_found: bool, school: School, client: Client) -> None:
    group = factories.group(school, "2B")
    pupil = factories.pupil(in_group=group, first_name="Esma", surname="Çelik", number="L-77")
    Pupil.objects.filter(pk=pupil.pk).update(surname_key="celik")
    client.force_login(factories.member(Role.COO, school))

    found = client.post(reverse("attendance:pupil_search"), {"q": asked}).context["found"] or []

    assert [row.pupil for row in found] == ([pupil] if is_found else [])


def test_search_finds_nobody_of_another_school(school: School, client: Client) -> None:
    factories.pupil(factories.school(), surname="Hendriks")
    mine = factories.pupil(school, surname="Hendriks")
    client.force_login(factories.member(Role.COO, school))

    found = client.post(reverse("attendance:pupil_search"), {"q": "hendriks"}).context["found"]

    assert [row.pupil for row in found] == [mine]


def test_a_search_in_the_address_is_no_search(school: School, client: Client) -> None:
    factories.pupil(school, surname="Hendriks")
    client.force_login(factories.member(Role.COO, school))

    assert client.get(reverse("attendance:pupil_search") + "?q=hendriks").context["found"] is None


def test_search_takes_the_same_queries_for_1_and_3_pupils(school: School, client: Client) -> None:
    group = factories.group(school)
    client.force_login(factories.member(Role.COO, school))

    def count() -> int:
        with CaptureQueriesContext(connection) as found:
            client.post(reverse("attendance:pupil_search"), {"q": "sam"})
        return len(found)

    factories.pupil(in_group=group)
    one = count()
    factories.pupil(in_group=group)
    factories.pupil(in_group=group)

    assert count() == one

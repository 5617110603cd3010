"""Kloppen de gegevens: what is wrong with the data of a school, who sees it, and what solves it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendance.listings.data_quality.findings import Kind
from attendance.listings.data_quality.page import data_quality
from attendance.models import Absence, Enrolment, Pupil, UnknownCode, WaitingRow
from cases.services.cases import open_case
from cases.services.log import record_contact
from tests import factories
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)
"""A Wednesday; the Christmas holiday ended on 4 January."""
LAST_MONDAY, LAST_FRIDAY = date(2026, 1, 5), date(2026, 1, 9)


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def school() -> School:
    return factories.school(complete_through=TODAY)


def of(school: School, role: Role = Role.COO, who: User | None = None) -> dict[str, Kind]:
    """What somebody with this role finds wrong, by kind."""
    found = data_quality(school, who or factories.member(role, school), TODAY)
    return {kind.key: kind for kind in found.wrong}


def pupil(school: School, **fields: Any) -> Pupil:
    """One of whom everything is known."""
    return factories.pupil(in_group=factories.group(school), **{"municipality": factories.municipality()} | fields)


def links(kind: Kind) -> list[str]:
    return [row.solved.action.url if row.solved.action else "" for row in kind.findings]


def test_a_school_without_mistakes_has_none(school: School) -> None:
    factories.absence(pupil(school), LAST_MONDAY, LAST_FRIDAY)

    assert of(school) == {}


def test_a_class_that_was_not_filled_in_leads_to_its_oldest_day() -> None:
    school = factories.school(complete_through=date(2026, 1, 9))
    child = pupil(school)
    group = Enrolment.objects.get(pupil=child).group
    assert group is not None

    kind = of(school, Role.ADMINISTRATIE)["klassen"]

    # Wednesday is not over, and Friday is known; one class is no reason to ask for a file.
    assert [row.text for row in kind.findings] == ["Niet ingevuld: ma 12 jan, ook"]
    assert links(kind) == [reverse("attendance:register_take", args=(group.code, date(2026, 1, 12)))]
    assert [day.text for day in kind.findings[0].days] == ["di 13 jan"]
    assert links(of(school, Role.SCHOOLLEIDER)["klassen"]) == [""]


def test_who_has_no_class_or_municipality_is_named(school: School) -> None:
    child = factories.pupil(school)

    found = of(school)

    assert [row.subject for row in found["zonder-klas"].findings] == [child.full_name]
    assert [row.subject for row in found["zonder-gemeente"].findings] == [child.full_name]
    code = Enrolment.objects.get(pupil=child).code
    assert links(found["zonder-klas"]) == [reverse("attendance:enrolment_class", args=(code,))]
    assert links(found["zonder-gemeente"]) == [reverse("attendance:import_upload")]
    assert links(of(school, Role.SCHOOLLEIDER)["zonder-klas"]) == [""]


def test_who_left_needs_no_class(school: School) -> None:
    child = factories.pupil()
    factories.enrolment(child, school, last=LAST_FRIDAY)

    assert of(school) == {}


@pytest.mark.parametrize(
    ("first", "last", "days"),
    [
        (date(2026, 1, 8), date(2026, 1, 9), None),
        # The weekend after the last day is no school.
        (date(2026, 1, 8), date(2026, 1, 11), None),
        (date(2026, 1, 8), date(2026, 1, 12), "1 schooldag buiten"),
        (date(2026, 1, 8), None, "3 schooldagen buiten"),
        (date(2026, 1, 12), date(2026, 1, 13), "niet ingeschreven"),
    ],
)
def test_absence_after_the_last_day_of_an_enrolment(
    school: School, first: date, last: date | None, days: str | None
) -> None:
    child = pupil(school)
    Enrolment.objects.filter(pupil=child).update(last=LAST_FRIDAY)
    record = factories.absence(child, first, last)

    found = of(school)

    assert [days in row.text for row in found["buiten-inschrijving"].findings] == [True] if days else found == {}
    if days:
        page = "absence_withdraw" if days == "niet ingeschreven" else "absence_change"
        assert links(found["buiten-inschrijving"]) == [reverse(f"attendance:{page}", args=(record.code,))]


def test_a_move_from_one_school_to_the_next_leaves_no_gap(school: School) -> None:
    child = pupil(school)
    Enrolment.objects.filter(pupil=child).update(last=LAST_FRIDAY)
    factories.enrolment(child, factories.school(), first=date(2026, 1, 10))
    factories.absence(child, date(2026, 1, 8))

    assert "buiten-inschrijving" not in of(school)


def test_a_record_between_two_schools_is_of_the_one_before(client: Client, school: School) -> None:
    child, after = pupil(school), factories.school(complete_through=TODAY)
    Enrolment.objects.filter(pupil=child).update(last=date(2025, 12, 31))
    factories.enrolment(child, after, first=date(2026, 1, 12), group=factories.group(after))
    record = factories.absence(child, LAST_MONDAY, LAST_FRIDAY)
    here, there = factories.member(Role.COO, school), factories.member(Role.COO, after)

    assert list(of(school, who=here)) == ["buiten-inschrijving"]
    assert of(after, who=there) == {}
    assert list(Absence.objects.visible_to(here)) == [record]
    assert list(Absence.objects.visible_to(there)) == []
    for person, status in ((here, 200), (there, 404)):
        client.force_login(person)
        assert client.get(reverse("attendance:absence_withdraw", args=(record.code,))).status_code == status


@pytest.mark.parametrize(
    ("first", "last", "wrong"),
    [
        (date(2026, 1, 3), date(2026, 1, 4), True),
        (date(2025, 12, 24), date(2025, 12, 24), True),
        (date(2026, 1, 4), date(2026, 1, 5), False),
        (date(2025, 12, 19), date(2026, 1, 4), False),
        # A whole holiday; one with a school week inside it begins and ends on a free day, and still counts.
        (date(2025, 12, 20), date(2026, 1, 4), True),
        (date(2025, 12, 20), date(2026, 1, 10), False),
    ],
)
def test_absence_without_a_school_day(school: School, first: date, last: date, *, wrong: bool) -> None:
    record = factories.absence(pupil(school), first, last)

    found = of(school)

    assert list(found) == (["vrije-dagen"] if wrong else [])
    if wrong:
        assert links(found["vrije-dagen"]) == [reverse("attendance:absence_withdraw", args=(record.code,))]


def test_a_withdrawn_record_is_solved(school: School) -> None:
    child = pupil(school)
    factories.absence(child, date(2026, 1, 3), date(2026, 1, 4), withdrawn_at="2026-01-05T10:00:00+01:00")

    assert of(school) == {}


# The last ten school days of Wednesday 14 January begin on Thursday 18 December.
@pytest.mark.parametrize(
    ("first", "contact", "wrong"),
    [
        (date(2025, 12, 18), None, False),
        (date(2025, 12, 17), None, True),
        (date(2025, 12, 17), date(2025, 12, 17), True),
        (date(2025, 12, 17), date(2025, 12, 18), False),
    ],
)
def test_long_absence_without_contact(school: School, first: date, contact: date | None, *, wrong: bool) -> None:
    child = pupil(school)
    factories.absence(child, first)
    if contact is not None:
        case = open_case(pupil=child, today=first)[0]
        record_contact(case=case, text="gebeld", day=contact, by=factories.member(Role.COO, school))

    assert list(of(school)) == (["geen-contact"] if wrong else [])


def test_the_administratie_is_not_told_of_contacts(school: School) -> None:
    factories.absence(pupil(school), date(2025, 12, 1))

    assert "geen-contact" in of(school, Role.SCHOOLLEIDER)
    assert of(school, Role.ADMINISTRATIE) == {}


def waiting_row(school: School, child: Pupil, refusal: str = "") -> None:
    code, _made = UnknownCode.objects.get_or_create(school=school, key="tdk", code="TDK")
    WaitingRow.objects.create(
        unknown_code=code,
        register_import=factories.register_import(school),
        pupil=child,
        line=2,
        cells={},
        first=LAST_MONDAY,
        last=LAST_MONDAY,
        refusal=refusal,
    )


def test_an_unknown_code_is_for_the_beheerder(school: School) -> None:
    waiting_row(school, pupil(school))
    person = factories.member(Role.COO, school)

    assert links(of(school, who=person)["codes"]) == [""]
    both = factories.member(Role.BEHEERDER, school, factories.member(Role.COO, school))
    assert links(of(school, who=both)["codes"]) == [reverse("attendance:unknown_codes", args=(school.code,))]
    UnknownCode.objects.update(solution="skip")
    assert of(school, who=person) == {}


def test_a_row_that_could_not_go_in_after_all_is_named(school: School) -> None:
    waiting_row(school, pupil(school), refusal="overlapt met ziek")

    assert "overlapt met ziek" in of(school)["geweigerd"].findings[0].text


def test_of_each_kind_of_file_only_the_last_one_counts(school: School) -> None:
    factories.register_import(school, refused=3)
    last = factories.register_import(school, refused=2)

    kind = of(school, Role.ADMINISTRATIE)["geweigerd"]

    assert [row.text for row in kind.findings] == ["2 rijen geweigerd."]
    assert links(kind) == [reverse("attendance:import_report", args=(last.code,))]
    factories.register_import(school, refused=0)
    assert of(school) == {}


@pytest.mark.parametrize(
    ("born", "code", "wrong"),
    [
        # Four years old on 5 January, and five in a month that began before it.
        (date(2021, 6, 1), "ongeoorloofd", True),
        (date(2021, 6, 1), "ziek", False),
        (date(2020, 11, 30), "ongeoorloofd", False),
        (date(2020, 12, 31), "ongeoorloofd", False),
        (date(2021, 1, 1), "ongeoorloofd", True),
        (date(2013, 5, 14), "ongeoorloofd", False),
    ],
)
def test_unauthorised_before_compulsory_age(school: School, born: date, code: str, *, wrong: bool) -> None:
    factories.absence(pupil(school, birth_date=born), LAST_MONDAY, LAST_MONDAY, code)

    assert list(of(school)) == (["leeftijd"] if wrong else [])


@pytest.mark.parametrize(("born", "wrong"), [(date(2008, 1, 14), True), (date(2008, 1, 15), False)])
def test_an_exemption_of_who_is_not_of_compulsory_age(born: date, *, wrong: bool) -> None:
    school = factories.school(complete_through=TODAY, sector="vo")
    factories.exemption(pupil(school, birth_date=born), date(2025, 9, 1))

    assert list(of(school)) == (["leeftijd"] if wrong else [])


@pytest.mark.parametrize(
    ("born", "wrong"),
    [
        (date(2023, 1, 14), False),
        (date(2023, 1, 15), True),
        (date(2011, 1, 14), True),
        (date(2011, 1, 15), False),
    ],
)
def test_a_date_of_birth_that_does_not_fit_the_school(school: School, born: date, *, wrong: bool) -> None:
    pupil(school, birth_date=born)

    assert list(of(school)) == (["leeftijd"] if wrong else [])


def a_class(school: School, absent: int, pupils: int = 5) -> None:
    """So many of a class were ill last week, and one on a day in each month before it."""
    group = factories.group(school)
    children = [factories.pupil(in_group=group, municipality=factories.municipality()) for _ in range(pupils)]
    for child in children[:absent]:
        factories.absence(child, LAST_MONDAY, LAST_FRIDAY)
    factories.absence(children[-1], date(2025, 11, 3), date(2025, 11, 3))


@pytest.mark.parametrize(("absent", "pupils", "wrong"), [(1, 5, True), (0, 5, False), (2, 4, False), (1, 12, False)])
def test_a_class_that_missed_far_more_than_usual(school: School, absent: int, pupils: int, *, wrong: bool) -> None:
    a_class(school, absent, pupils)

    assert list(of(school)) == (["sprong"] if wrong else [])


@pytest.mark.parametrize(("today", "wrong"), [(date(2026, 1, 9), False), (date(2026, 1, 10), True)])
def test_a_week_is_looked_at_from_its_saturday_on(school: School, today: date, *, wrong: bool) -> None:
    a_class(school, absent=1)

    with time_machine.travel(today, tick=False):
        found = data_quality(school, factories.member(Role.COO, school), today)

    assert ("sprong" in [kind.key for kind in found.wrong]) is wrong


def test_another_school_and_another_class_are_not_shown(client: Client, school: School) -> None:
    factories.pupil(school, surname="Zonderklas")
    mine = factories.group(school)
    own = factories.pupil(in_group=mine, surname="Eigen")
    factories.pupil(in_group=factories.group(school), surname="Ander")
    client.force_login(factories.mentor(mine))
    page = reverse("attendance:data_quality_of_school", args=(school.code,))

    text = client.get(page).content.decode()

    assert own.full_name in text
    assert "Ander" not in text.replace("Anders", "")
    assert "Zonderklas" not in text
    client.force_login(factories.member(Role.COO, factories.school()))
    assert client.get(page).status_code == 404


def test_a_long_list_is_folded(client: Client, school: School) -> None:
    for _ in range(11):
        factories.pupil(school)
    client.force_login(factories.member(Role.ADMINISTRATIE, school))

    answer = client.get(reverse("attendance:data_quality_of_school", args=(school.code,)))

    assert "Toon de andere 1" in answer.content.decode()
    kind = next(kind for kind in answer.context["found"].wrong if kind.key == "zonder-klas")
    assert (len(kind.shown), len(kind.folded), kind.untold) == (10, 1, 0)


def test_who_has_more_schools_chooses_one(client: Client, school: School) -> None:
    other = factories.school()
    client.force_login(factories.member(Role.COO, other, factories.member(Role.COO, school)))

    text = client.get(reverse("attendance:data_quality_list")).content.decode()

    for each in (school, other):
        assert reverse("attendance:data_quality_of_school", args=(each.code,)) in text


def with_every_mistake(school: School, number: int) -> None:
    """So many pupils with each mistake; a class each time of which much was missed."""
    made = []
    for _ in range(number):
        child = factories.pupil(school, birth_date=date(2021, 6, 1))
        factories.exemption(child, date(2025, 9, 1))
        made += [
            Absence(pupil=child, first=first, last=last, reason=factories.reason(code))
            for first, last, code in (
                (date(2025, 12, 1), None, "ziek"),
                (date(2025, 11, 1), date(2025, 11, 2), "ziek"),
                (date(2025, 7, 1), date(2025, 8, 20), "ziek"),
                (date(2025, 11, 3), date(2025, 11, 3), "ongeoorloofd"),
            )
        ]
        waiting_row(school, child, refusal="past niet")
    Absence.objects.bulk_create(made)
    a_class(school, absent=3)


def test_the_number_of_queries_does_not_follow_the_number_of_pupils(school: School) -> None:
    coo = factories.member(Role.COO, school)
    counts = []
    for more in (1, 2, 297):
        with_every_mistake(school, more)
        with CaptureQueriesContext(connection) as queries:
            found = of(school, who=User.objects.get(pk=coo.pk))
        counts.append(len(queries))
        assert {"geen-contact", "sprong", "vrije-dagen", "zonder-klas", "leeftijd", "geweigerd"} <= set(found)

    assert counts == [counts[0]] * 3

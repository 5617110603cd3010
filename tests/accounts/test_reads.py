"""The read log, as the privacy officer (FG) sees it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from thuiszitters.accounts.listings.reads import reads_by_person, reads_visible_to
from thuiszitters.accounts.models import Membership, School, User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)
PAGE = "accounts:read_log"
PUPIL = UUID("0123abcd-0000-4000-8000-000000000000")


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 1, 14, 11, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def school() -> School:
    return factories.school(alliance=factories.alliance())


def read(by: User, day: date = TODAY, subject: UUID = PUPIL, hour: int = 9) -> Entry:
    at = datetime(day.year, day.month, day.day, hour, tzinfo=UTC)
    return Entry.objects.create(kind=Kind.READ, actor=by.code, what="dossier", subject=subject, at=at)


def shown(client: Client, **asked: str) -> list[Entry]:
    """The openings of files among what the page shows."""
    return list(client.get(reverse(PAGE), {"soort": Kind.READ, **asked}).context["page"].entries)


def test_the_fg_of_a_school_sees_reads_by_its_own_people(school: School, client: Client) -> None:
    own = read(factories.member(Role.COO, school))
    read(factories.member(Role.COO, factories.school()))
    client.force_login(factories.member(Role.FG, school))

    assert shown(client) == [own]


def test_the_fg_of_an_alliance_sees_its_schools_and_its_own_people(school: School, client: Client) -> None:
    assert school.alliance
    rows = [read(factories.member(Role.COO, school)), read(factories.member(Role.SWV, school.alliance))]
    read(factories.member(Role.COO, factories.school(alliance=factories.alliance())))
    read(factories.member(Role.SWV, factories.alliance()))
    client.force_login(factories.member(Role.FG, school.alliance))

    assert shown(client) == rows[::-1]


@pytest.mark.parametrize(("day", "seen"), [(5, False), (6, True), (9, True), (10, False)])
def test_reads_count_while_somebody_belonged_here(school: School, client: Client, day: int, *, seen: bool) -> None:
    coo = factories.member(Role.COO, school, first=date(2026, 1, 6), last=date(2026, 1, 9))
    row = read(coo, date(2026, 1, day))
    client.force_login(factories.member(Role.FG, school))

    assert shown(client) == ([row] if seen else [])


def test_the_day_is_that_of_the_netherlands(school: School, client: Client) -> None:
    """Half past eleven in the evening by UTC is the next day."""
    row = read(factories.member(Role.COO, school), date(2026, 1, 12), hour=23)
    client.force_login(factories.member(Role.FG, school))

    assert shown(client, van="2026-01-13", tot="2026-01-13") == [row]
    assert shown(client, van="2026-01-12", tot="2026-01-12") == []


def test_filters_on_period_person_and_pupil(school: School, client: Client) -> None:
    one, other = factories.member(Role.COO, school), factories.member(Role.ZORGCOACH, school)
    first = read(one, date(2026, 1, 5))
    second = read(one, date(2026, 1, 6), uuid4())
    third = read(other, date(2026, 1, 7))
    client.force_login(factories.member(Role.FG, school))

    assert shown(client) == [third, second, first]
    assert shown(client, van="2026-01-06") == [third, second]
    assert shown(client, tot="2026-01-06") == [second, first]
    assert shown(client, wie=str(one.code)) == [second, first]
    assert shown(client, leerling="0123abcd") == [third, first]
    assert shown(client, leerling="0123abce") == []


def test_without_a_period_it_is_the_last_thirty_days(school: School, client: Client) -> None:
    coo = factories.member(Role.COO, school)
    inside = read(coo, TODAY - timedelta(days=30))
    read(coo, TODAY - timedelta(days=31))
    client.force_login(factories.member(Role.FG, school))

    assert shown(client) == [inside]


@pytest.mark.parametrize(
    "asked", [{"leerling": "Sam"}, {"van": "morgen"}, {"van": "2026-01-10", "tot": "2026-01-09"}, {"wie": str(uuid4())}]
)
def test_a_question_that_cannot_be_is_explained(school: School, client: Client, asked: dict[str, str]) -> None:
    read(factories.member(Role.COO, school))
    client.force_login(factories.member(Role.FG, school))

    answer = client.get(reverse(PAGE), asked)

    assert list(answer.context["page"].entries) == []
    assert "field-error" in answer.content.decode()


def test_only_own_people_can_be_chosen(school: School, client: Client) -> None:
    stranger = factories.member(Role.COO, factories.school())
    fg = factories.member(Role.FG, school)
    client.force_login(fg)

    assert list(client.get(reverse(PAGE)).context["form"].fields["wie"].queryset) == [fg]
    assert list(client.get(reverse(PAGE), {"wie": str(stranger.code)}).context["page"].entries) == []


def test_a_pupil_is_a_short_code(school: School, client: Client) -> None:
    pupil = factories.pupil(school, first_name="Bijzondernaam")
    read(factories.member(Role.COO, school), subject=pupil.code)
    client.force_login(factories.member(Role.FG, school))

    text = client.get(reverse(PAGE)).content.decode()

    assert pupil.code.hex[:8] in text
    assert str(pupil.code) not in text
    assert "Bijzondernaam" not in text


def test_vandaag_counts_the_last_seven_days_by_person(school: School, client: Client) -> None:
    one, other = factories.member(Role.COO, school), factories.member(Role.ZORGCOACH, school)
    for day in (7, 8, 8, 14):
        read(one, date(2026, 1, day))
    for _ in range(2):
        read(other, subject=uuid4())
    fg = factories.member(Role.FG, school)
    client.force_login(fg)

    rows = reads_by_person(reads_visible_to(fg), TODAY)
    text = client.get(reverse(PAGE), headers={"HX-Request": "true"}).content.decode()

    assert "1 leerling, 3 keer" in text
    assert "<html" not in text
    assert [(row.name, row.pupils, row.times, row.last.date()) for row in rows] == [
        (other.name, 2, 2, TODAY),
        (one.name, 1, 3, TODAY),
    ]


def test_pages_of_fifty_in_a_constant_number_of_queries(school: School, client: Client) -> None:
    client.force_login(factories.member(Role.FG, school))
    counts = []
    for more in (1, 50):
        for _ in range(more):
            read(factories.member(Role.COO, school))
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(PAGE))
        counts.append(len(queries))

    assert counts[0] == counts[1]
    assert len(shown(client)) == 50
    assert len(shown(client, bladzijde="2")) == 1


def test_two_memberships_do_not_double_a_row(school: School, client: Client) -> None:
    coo = factories.member(Role.COO, school)
    Membership.objects.create(user=coo, role=Role.ZORGCOACH, school=school, first=factories.SCHOOL_YEAR)
    row = read(coo)
    client.force_login(factories.member(Role.FG, school))

    assert shown(client) == [row]


def test_mail_to_who_works_elsewhere_by_now_is_not_shown(school: School, client: Client) -> None:
    here, gone = factories.member(Role.COO, school), factories.member(Role.COO, school)
    Membership.objects.filter(user=gone).update(last=date(2025, 12, 31))
    sent = [Entry.objects.create(kind=Kind.MAIL, what="mail", row=str(who.code)) for who in (here, gone)]
    client.force_login(factories.member(Role.FG, school))

    found = client.get(reverse(PAGE), {"soort": Kind.MAIL}).context["page"].entries
    assert [row for row in found if row in sent] == sent[:1]


@pytest.mark.parametrize(
    ("asked", "fields"),
    [
        ({}, ("2025-12-15", "2026-01-14")),
        ({"soort": "inzage", "van": "", "tot": ""}, ("2025-12-15", "2026-01-14")),
        ({"tot": "2025-06-30"}, ("", "2025-06-30")),
        ({"verzoek": str(PUPIL)}, ("", "")),
    ],
)
def test_the_period_that_is_shown_stands_in_the_fields(
    asked: dict[str, str], fields: tuple[str, str], school: School, client: Client
) -> None:
    client.force_login(factories.member(Role.FG, school))

    form = client.get(reverse(PAGE), asked).context["form"]

    assert (form["van"].value() or "", form["tot"].value() or "") == fields
    assert (form["soort"].value() or "") == asked.get("soort", "")


def test_a_name_that_looks_like_a_day_that_does_not_exist_leaves_page_and_file_up(
    school: School, client: Client
) -> None:
    group = factories.group(school, name="2026-02-30")
    Entry.objects.create(
        kind=Kind.CHANGE,
        what="klas",
        row=str(group.code),
        detail={"velden": {"name": ["2026-02-30", "2026-13-01T00:00Z"]}},
        actor=factories.member(Role.ADMINISTRATIE, school).code,
    )
    client.force_login(factories.member(Role.FG, school))

    page, file = (client.get(reverse(name)) for name in (PAGE, "accounts:log_file"))

    assert "2026-02-30 → 2026-13-01T00:00Z" in page.content.decode()
    assert "2026-02-30 → 2026-13-01T00:00Z" in file.content.decode()

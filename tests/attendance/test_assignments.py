"""Involving a gedragsdeskundige or jeugdarts with a pupil."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from attendance.models import Assignment, Pupil
from tests import factories
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def school() -> School:
    return factories.school(alliance=factories.alliance())


@pytest.fixture
def coo(school: School, client: Client) -> User:
    person = factories.member(Role.COO, school)
    client.force_login(person)
    return person


@pytest.fixture
def pupil(school: School) -> Pupil:
    return factories.pupil(school)


def ask(client: Client, pupil: Pupil, **data: str) -> HttpResponse:
    url = reverse("attendance:assignments", kwargs={"code": pupil.code})
    return client.post(url, data)  # type: ignore[return-value]


LAST = date(2026, 4, 8)
"""Twelve weeks on."""


def involve(client: Client, pupil: Pupil, user: User, last: str = "2026-04-08", **more: str) -> HttpResponse:
    return ask(client, pupil, expert=str(user.memberships.get().code), last=last, **more)


def test_who_is_involved_sees_the_pupil_until_it_ends(school: School, coo: User, pupil: Pupil, client: Client) -> None:
    assert school.alliance
    expert = factories.member(Role.GEDRAGSDESKUNDIGE, school.alliance)

    assert involve(client, pupil, expert).status_code == 302

    row = Assignment.objects.get()
    assert (row.user, row.role, row.by, row.first, row.last) == (expert, "gedragsdeskundige", coo, TODAY, LAST)
    assert list(Pupil.objects.visible_to(expert)) == [pupil]
    with time_machine.travel(TODAY + timedelta(days=1), tick=False):
        client.force_login(coo)
        ask(client, pupil, einde=str(row.pk))
        assert list(Pupil.objects.visible_to(User.objects.get(pk=expert.pk))) == []
    row.refresh_from_db()
    assert row.last == TODAY


def test_twice_is_once_and_changes_the_last_day(school: School, coo: User, pupil: Pupil, client: Client) -> None:
    doctor = factories.member(Role.JEUGDARTS, factories.youth_health())

    for last in ("2026-04-08", "2026-02-01", "2026-02-01"):
        involve(client, pupil, doctor, last)

    assert [row.last for row in Assignment.objects.all()] == [date(2026, 2, 1)]


@pytest.mark.parametrize(
    ("last", "status"),
    [("", 200), ("2026-01-13", 200), ("2026-01-14", 302), ("2026-07-15", 302), ("2026-07-16", 200)],
)
def test_the_last_day_is_there_not_past_and_at_most_26_weeks_ahead(
    coo: User, pupil: Pupil, client: Client, last: str, status: int
) -> None:
    doctor = factories.member(Role.JEUGDARTS, factories.youth_health())

    assert involve(client, pupil, doctor, last).status_code == status


def test_only_experts_of_the_own_alliance_can_be_involved(
    school: School, coo: User, pupil: Pupil, client: Client
) -> None:
    strangers = [
        factories.member(Role.GEDRAGSDESKUNDIGE, factories.alliance()),
        factories.member(Role.GEDRAGSDESKUNDIGE, factories.school()),
        factories.member(Role.MENTOR, school),
        factories.member(Role.JEUGDARTS, factories.youth_health(), last=TODAY - timedelta(days=1)),
    ]

    assert [involve(client, pupil, stranger).status_code for stranger in strangers] == [200] * 4
    assert Assignment.objects.count() == 0


def test_a_pupil_who_left_or_is_known_by_another_role_is_not_shared(
    school: School, coo: User, pupil: Pupil, client: Client
) -> None:
    other = factories.school()
    factories.member(Role.ADMINISTRATIE, other, coo)
    theirs = factories.pupil(other)
    pupil.enrolments.update(last=TODAY - timedelta(days=1))

    assert [ask(client, row, last="").status_code for row in (pupil, theirs)] == [404, 404]


def test_an_assignment_of_another_pupil_is_not_ended(school: School, coo: User, pupil: Pupil, client: Client) -> None:
    row = factories.assignment(factories.pupil(factories.school()), factories.user())

    ask(client, pupil, einde=str(row.pk))

    row.refresh_from_db()
    assert row.ended_at is None


def test_who_was_involved_by_mistake_is_out_at_once(school: School, coo: User, pupil: Pupil, client: Client) -> None:
    """Also on the day itself, and it stays to be read who saw the pupil until when."""
    doctor = factories.member(Role.JEUGDARTS, factories.youth_health())
    involve(client, pupil, doctor)
    row = Assignment.objects.get()

    ask(client, pupil, einde=str(row.pk))

    row.refresh_from_db()
    assert (row.ended_by, row.last, row.ended_at is not None) == (coo, TODAY - timedelta(days=1), True)
    assert list(Pupil.objects.visible_to(User.objects.get(pk=doctor.pk))) == []
    url = reverse("attendance:assignments", kwargs={"code": pupil.code})
    assert f"door {coo}" in client.get(url).content.decode().split("Eerder")[1]


def test_one_click_is_twelve_weeks_more_and_never_past_26(coo: User, pupil: Pupil, client: Client) -> None:
    doctor = factories.member(Role.JEUGDARTS, factories.youth_health())
    involve(client, pupil, doctor, "2026-01-20")
    row = Assignment.objects.get()
    url = reverse("attendance:assignment_extend", kwargs={"code": row.code})

    found = []
    for _ in range(4):
        assert client.post(url).status_code == 302
        row.refresh_from_db()
        found.append(row.last)

    assert found == [date(2026, 4, 14), date(2026, 7, 7), date(2026, 7, 15), date(2026, 7, 15)]


def test_what_ended_is_not_extended(coo: User, pupil: Pupil, client: Client) -> None:
    row = factories.assignment(pupil, factories.user(), last=TODAY - timedelta(days=1))

    client.post(reverse("attendance:assignment_extend", kwargs={"code": row.code}))

    row.refresh_from_db()
    assert row.last == TODAY - timedelta(days=1)


def test_each_change_of_rights_is_logged_without_a_name(coo: User, pupil: Pupil, client: Client) -> None:
    doctor = factories.member(Role.JEUGDARTS, factories.youth_health())
    involve(client, pupil, doctor)
    row = Assignment.objects.get()
    client.post(reverse("attendance:assignment_extend", kwargs={"code": row.code}))
    ask(client, pupil, einde=str(row.pk))

    entries = list(Entry.objects.filter(kind=Kind.RIGHTS, subject=pupil.code).order_by("pk"))

    assert [entry.what for entry in entries] == ["toegang gegeven", "toegang verlengd", "toegang beëindigd"]
    assert {entry.actor for entry in entries} == {coo.code}
    assert pupil.surname not in str([entry.detail for entry in entries])

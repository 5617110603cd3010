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


def involve(client: Client, pupil: Pupil, user: User, last: str = "") -> HttpResponse:
    return ask(client, pupil, expert=str(user.memberships.get().code), last=last)


def test_who_is_involved_sees_the_pupil_until_it_ends(school: School, coo: User, pupil: Pupil, client: Client) -> None:
    assert school.alliance
    expert = factories.member(Role.GEDRAGSDESKUNDIGE, school.alliance)

    assert involve(client, pupil, expert).status_code == 302

    row = Assignment.objects.get()
    assert (row.user, row.role, row.by, row.first, row.last) == (expert, "gedragsdeskundige", coo, TODAY, None)
    assert list(Pupil.objects.visible_to(expert)) == [pupil]
    with time_machine.travel(TODAY + timedelta(days=1), tick=False):
        client.force_login(coo)
        ask(client, pupil, einde=str(row.pk))
        assert list(Pupil.objects.visible_to(User.objects.get(pk=expert.pk))) == []
    row.refresh_from_db()
    assert row.last == TODAY


def test_twice_is_once_and_changes_the_last_day(school: School, coo: User, pupil: Pupil, client: Client) -> None:
    doctor = factories.member(Role.JEUGDARTS, factories.youth_health())

    for last in ("", "2026-02-01", "2026-02-01"):
        involve(client, pupil, doctor, last)

    assert [row.last for row in Assignment.objects.all()] == [date(2026, 2, 1)]


@pytest.mark.parametrize(("last", "status"), [("2026-01-13", 200), ("2026-01-14", 302)])
def test_the_last_day_is_today_or_later(coo: User, pupil: Pupil, client: Client, last: str, status: int) -> None:
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
    assert row.last is None

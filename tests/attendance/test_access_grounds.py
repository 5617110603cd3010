"""On pages that only read, rows and grounds agree about who was let in for a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from attendance.models import Assignment, EmergencyAccess, Enrolment, Pupil
from cases.models import Case
from tests import factories
from tests.access_world import TODAY, World
from thuiszitters.accounts.authorizer import access_to, grounds_about
from thuiszitters.accounts.data_classes import READS_ONLY, DataClass
from thuiszitters.accounts.grants import act_as
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 14, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def on_page(person: User, *, reading: bool) -> User:
    """Somebody as a view has them."""
    user = User.objects.get(pk=person.pk)
    act_as(user, list(Role), reading=reading)
    return user


def shown(person: User, world: World, *, reading: bool) -> list[bool]:
    user = on_page(person, reading=reading)
    return [
        Pupil.objects.visible_to(user).filter(pk=world.pupil.pk).exists(),
        Enrolment.objects.visible_to(user).filter(pupil=world.pupil).exists(),
        Case.objects.visible_to(user).filter(pk=world.case.pk).exists(),
        bool(access_to(user, world.pupil.code).may_see(DataClass.FACTS)),
    ]


def let_in(world: World) -> User:
    person = factories.member(Role.COO, factories.school(alliance=world.alliance))
    factories.assignment(world.pupil, person, Role.COO, last=TODAY)
    return person


def in_an_emergency(world: World) -> User:
    return world.emergency.user


def nothing(_: User) -> None:
    pass


def ended(_: User) -> None:
    Assignment.objects.update(last=TODAY - timedelta(days=1))
    EmergencyAccess.objects.update(ended_at=NOW)


def not_begun(_: User) -> None:
    Assignment.objects.update(first=TODAY + timedelta(days=1), last=TODAY + timedelta(days=2))
    EmergencyAccess.objects.update(opened_at=NOW + timedelta(seconds=1))


def other_role(person: User) -> None:
    """Another than it was given for, that does not look in."""
    person.memberships.update(role=Role.FG)


def role_ended(person: User) -> None:
    person.memberships.update(last=TODAY - timedelta(days=1))


def not_active(person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


@pytest.mark.parametrize("way", [let_in, in_an_emergency])
@pytest.mark.parametrize("change", [nothing, ended, not_begun, other_role, role_ended, not_active])
def test_rows_and_grounds_agree(way: Callable[[World], User], change: Callable[[User], None]) -> None:
    world = World()
    assert world.case.pk
    person = way(world)
    opens = change is nothing

    change(person)

    assert shown(person, world, reading=True) == [opens] * 4
    assert shown(person, world, reading=False) == [False] * 4
    assert bool(grounds_about(world.pupil.code, today=TODAY, user=User.objects.get(pk=person.pk))) is opens


@pytest.mark.parametrize("way", [let_in, in_an_emergency])
def test_reading_is_no_more_than_reading(way: Callable[[World], User]) -> None:
    """Nobody who looks in learns who else can, what was reported, or how to reach the parents."""
    world = World()
    user = on_page(way(world), reading=True)

    access = access_to(user, world.pupil.code)

    assert {ground.scope for ground in access.grounds} <= READS_ONLY
    closed = (DataClass.READERS, DataClass.READS, DataClass.REPORTS, DataClass.CONTACT, DataClass.ARRANGEMENTS)
    assert not any(access.may_see(one) for one in closed)

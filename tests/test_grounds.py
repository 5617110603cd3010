"""The authorizer and the rows agree: `visible_to` shows somebody a row exactly when there is a ground for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db.models import Model
from pytest_django.fixtures import DjangoAssertNumQueries

from attendance.models import Enrolment, Group, Pupil
from cases.models import Case, Report
from tables.models import TableEntry
from tests import factories
from tests.access_world import TODAY, World
from thuiszitters.accounts.authorizer import Ground, access_to, everybody_with, grounds_about, may_see
from thuiszitters.accounts.data_classes import NOT_YET, DataClass, Scope
from thuiszitters.accounts.models import Membership, User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db

YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def full_world() -> World:
    """A pupil with everything: a case, a report that was sent, and a place on the table."""
    world = World()
    assert world.report_sent.pk
    assert world.entry.pk
    return world


Rows = tuple[type[Model], frozenset[Scope], Callable[[World], Model]]
ROWS: list[Rows] = [
    (Pupil, frozenset({Scope.SCHOOL, Scope.FORMER, Scope.CLASS, Scope.ASSIGNED}), lambda world: world.pupil),
    (Group, frozenset({Scope.SCHOOL, Scope.CLASS, Scope.LESSON}), lambda world: world.group),
    (Case, frozenset({Scope.CASE, Scope.CLASS, Scope.ASSIGNED}), lambda world: world.case),
    (Report, frozenset({Scope.REPORT}), lambda world: world.report_sent),
    (TableEntry, frozenset({Scope.TABLE, Scope.CASE, Scope.ASSIGNED}), lambda world: world.entry),
]
EACH_ROLE = pytest.mark.parametrize("role", list(Role))


def fresh(person: User) -> User:
    """Without what was remembered of an earlier question."""
    return User.objects.get(pk=person.pk)


def sees(person: User, model: Any, row: Model) -> bool:
    return bool(model.objects.visible_to(fresh(person)).filter(pk=row.pk).exists())


def grounds(person: User, world: World) -> list[Ground]:
    return grounds_about(world.pupil.code, today=TODAY, user=person)


@EACH_ROLE
def test_a_row_is_seen_exactly_when_there_is_a_ground(role: Role) -> None:
    own, other = full_world(), full_world()
    person = own.somebody(role)

    for model, scopes, row in ROWS:
        for world in (own, other):
            has_ground = any(ground.scope in scopes for ground in grounds(person, world))
            assert (model, sees(person, model, row(world))) == (model, has_ground)
    assert grounds(person, other) == []


def no_membership(_: World, person: User) -> None:
    person.memberships.update(last=YESTERDAY)


def not_active(_: World, person: User) -> None:
    User.objects.filter(pk=person.pk).update(is_active=False)


def class_ended(world: World, _: User) -> None:
    world.group.mentors.update(last=YESTERDAY)
    world.group.teachers.update(last=YESTERDAY)


def assignment_ended(world: World, _: User) -> None:
    world.pupil.assignments.update(last=YESTERDAY)


def pupil_left(world: World, _: User) -> None:
    world.pupil.enrolments.update(last=YESTERDAY, group=None)


def pupil_moved(world: World, _: User) -> None:
    pupil_left(world, _)
    factories.enrolment(world.pupil, factories.school(), first=TODAY)


def pupil_is_to_come(world: World, _: User) -> None:
    world.pupil.enrolments.update(first=TODAY + timedelta(days=10))


def taught_elsewhere(world: World, _: User) -> None:
    world.pupil.enrolments.update(place=factories.school(), group=None)


def enrolled_elsewhere(world: World, _: User) -> None:
    world.pupil.enrolments.update(school=factories.school())


def case_closed(world: World, _: User) -> None:
    Case.objects.filter(pk=world.case.pk).update(
        closed_at="2026-01-14T08:00Z", closed_by=factories.user(), closed_reason="weg"
    )


def case_runs_elsewhere(world: World, _: User) -> None:
    there = factories.school()
    Case.objects.filter(pk=world.case.pk).update(school=there, school_of_enrolment=there)


def case_offered(world: World, _: User) -> None:
    assert world.hand_over.pk


def case_offered_and_closed(world: World, _: User) -> None:
    assert world.hand_over.pk
    case_closed(world, _)


def left_the_table(world: World, _: User) -> None:
    TableEntry.objects.filter(pk=world.entry.pk).update(left_at="2026-01-14T08:00Z", left_by=factories.user())


def lives_elsewhere(world: World, _: User) -> None:
    Pupil.objects.filter(pk=world.pupil.pk).update(municipality=factories.municipality())


def report_is_a_draft(world: World, _: User) -> None:
    Report.objects.filter(pk=world.report_sent.pk).update(sent_at=None, status=Report.Status.DRAFT)


CHANGES = [
    no_membership,
    not_active,
    class_ended,
    assignment_ended,
    pupil_left,
    pupil_moved,
    pupil_is_to_come,
    taught_elsewhere,
    enrolled_elsewhere,
    case_closed,
    case_runs_elsewhere,
    case_offered,
    case_offered_and_closed,
    left_the_table,
    lives_elsewhere,
    report_is_a_draft,
]


@pytest.mark.parametrize("change", CHANGES)
def test_they_still_agree_after_a_change(change: Callable[[World, User], None]) -> None:
    """Every role, every kind of row: what ends for the one ends for the other."""
    wrong = []
    for role in Role:
        world = full_world()
        person = world.somebody(role)
        change(world, person)
        for model, scopes, row in ROWS:
            if model is Group and change in (pupil_left, pupil_moved, taught_elsewhere, pupil_is_to_come):
                continue  # the class is still there, without the pupil
            has_ground = any(ground.scope in scopes for ground in grounds(person, world))
            if sees(person, model, row(world)) != has_ground:
                wrong.append(f"{role} {model.__name__}: {grounds(person, world)}")
    assert wrong == []


@EACH_ROLE
def test_a_ground_is_of_the_role_that_somebody_holds(role: Role) -> None:
    world = full_world()

    assert {ground.role for ground in grounds(world.somebody(role), world)} <= {role}


def test_a_ground_says_role_place_and_since_when() -> None:
    world = World()
    mentor = world.somebody(Role.MENTOR)
    doctor = world.somebody(Role.JEUGDARTS)
    world.pupil.assignments.update(first=date(2026, 1, 5), last=date(2026, 2, 12))

    [of_mentor], [of_doctor] = grounds(mentor, world), grounds(doctor, world)

    assert ", waar de leerling is ingeschreven" in grounds(world.somebody(Role.COO), world)[0].sentence
    assert of_mentor.sentence == f"mentor van {world.group.name} sinds vr 1 aug 2025"
    assert of_doctor.sentence == (
        "uitgenodigde jeugdarts voor deze leerling sinds ma 5 jan 2026 tot en met do 12 feb 2026"
    )


def test_a_school_before_sees_that_time_only() -> None:
    world = World()
    coo = world.somebody(Role.COO)
    pupil_moved(world, coo)

    [ground] = grounds(coo, world)

    assert ground.scope == Scope.FORMER
    assert "tot en met di 13 jan 2026" in ground.sentence
    assert may_see(fresh(coo), DataClass.FACTS, world.pupil.code)
    assert not may_see(fresh(coo), DataClass.READS, world.pupil.code)


def test_who_left_altogether_stays_with_the_last_school() -> None:
    """Somebody has to be able to tell the parents who looked."""
    world = World()
    coo = world.somebody(Role.COO)
    pupil_left(world, coo)

    assert may_see(coo, DataClass.READS, world.pupil.code)


def test_only_the_roles_of_the_page_count() -> None:
    """A COO who is mentor elsewhere sees, on a page for mentors, what a mentor sees."""
    world = full_world()
    person = world.somebody(Role.COO)
    person.__dict__["_acting_as"] = frozenset({Role.MENTOR})

    assert access_to(person, world.pupil.code).grounds == ()


def test_what_does_not_exist_yet_is_closed_for_everybody() -> None:
    world = full_world()
    answers = [
        may_see(person, data_class, world.pupil.code)
        for person in [world.somebody(role) for role in Role]
        for data_class in NOT_YET
    ]

    assert not any(answers)
    assert all("bestaat nog niet" in answer.reason for answer in answers)


def test_everybody_is_told_once_with_all_grounds() -> None:
    world = full_world()
    coo = world.somebody(Role.COO)

    found = everybody_with(world.pupil.code, today=TODAY)

    assert {ground.scope for ground in found[coo]} == {Scope.SCHOOL, Scope.CASE, Scope.REPORT}
    assert [person.name for person in found] == sorted(person.name for person in found)


def test_queries_do_not_follow_people_or_rows(
    django_assert_num_queries: DjangoAssertNumQueries, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    world = full_world()
    for role in Role:
        world.somebody(role)
    with django_assert_max_num_queries(15) as one:
        everybody_with(world.pupil.code, today=TODAY)
    for role in Role:
        world.somebody(role)
    Enrolment.objects.filter(pupil=world.pupil).update(last=YESTERDAY)
    factories.enrolment(world.pupil, world.school, first=TODAY, group=world.group)
    assert Membership.objects.count() > len(Role)

    with django_assert_num_queries(len(one.captured_queries)):
        everybody_with(world.pupil.code, today=TODAY)

"""Whose list a step stands on: the filter and the mail say the same."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from attendance.engine.facts import Rule
from cases.listings.steps import steps_for
from cases.models import Case, Signal, Step
from cases.services.cases import open_case
from cases.services.signals import follow_up
from cases.services.takers import takers_of
from tests.cases.rows import a_crossing, a_mentor, a_pupil, a_school, a_user
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db


def a_case(*, place_has_coo: bool = True) -> tuple[Case, dict[str, User]]:
    """A case at a place of teaching with a stamschool behind it."""
    stamschool, place = a_school("Stam"), a_school("Tussen")
    people = {"stam": a_user(Role.COO, stamschool), "elders": a_user(Role.COO, a_school("Elders"))}
    if place_has_coo:
        people["coo"] = a_user(Role.COO, place)
    case, _ = open_case(pupil=a_pupil(stamschool, place=place), today=clock_today())
    return case, people


def a_step(case: Case, role: Role, **fields: object) -> Step:
    return Step.objects.create(case=case, kind="eigen-1", title="Bel", role=role, due_on=clock_today(), **fields)


def who(step: Step, people: dict[str, User]) -> list[str]:
    """The people who have the step on their list; the mail must go to the same."""
    fresh = {name: User.objects.get(pk=person.pk) for name, person in people.items()}
    listed = [name for name, person in fresh.items() if step in steps_for(person)]
    mailed = takers_of(Step.objects.get(pk=step.pk), clock_today())
    assert [name for name, person in fresh.items() if person in mailed] == listed
    return listed


@pytest.mark.parametrize("role", [Role.ZORGCOACH, Role.MENTOR, Role.GEDRAGSDESKUNDIGE])
@pytest.mark.parametrize(("place_has_coo", "expected"), [(True, ["coo"]), (False, ["stam"])])
def test_what_nobody_holds_falls_to_the_coo(role: Role, place_has_coo: bool, expected: list[str]) -> None:
    case, people = a_case(place_has_coo=place_has_coo)

    assert who(a_step(case, role), people) == expected


def test_with_a_zorgcoach_or_a_mentor_it_is_theirs() -> None:
    case, people = a_case()
    people["coach"], people["mentor"] = a_user(Role.ZORGCOACH, case.school), a_mentor(case.pupil)

    assert who(a_step(case, Role.ZORGCOACH), people) == ["coach"]
    assert who(Step.objects.create(case=case, kind="x", title="x", role="mentor", due_on=clock_today()), people) == [
        "mentor"
    ]


def test_the_owner_goes_first_as_long_as_that_person_works_here() -> None:
    case, people = a_case()
    people["second"] = a_user(Role.COO, case.school)
    step = a_step(case, Role.COO)
    assert who(step, people) == ["coo"]

    people["coo"].memberships.update(last=clock_today() - timedelta(days=1))

    assert who(step, people) == ["second"]


def test_a_coach_who_left_leaves_nothing_behind() -> None:
    case, people = a_case()
    people["coach"] = a_user(Role.ZORGCOACH, case.school)
    Case.objects.filter(pk=case.pk).update(owner=people["coach"], owner_role=Role.ZORGCOACH)
    step = a_step(case, Role.ZORGCOACH)
    assert who(step, people) == ["coach"]

    User.objects.filter(pk=people["coach"].pk).update(is_active=False)

    assert who(step, people) == ["coo"]


@pytest.mark.parametrize(("place_has_coo", "at"), [(True, "Tussen"), (False, "Stam")])
def test_a_signal_is_heard_where_somebody_runs_cases(place_has_coo: bool, at: str) -> None:
    case, _ = a_case(place_has_coo=place_has_coo)
    a_crossing(case.pupil, Rule.STRUCTURAL, date(2026, 11, 3), date(2026, 11, 24))

    follow_up(today=date(2026, 11, 24))

    assert Signal.objects.get().school.name == at

"""Steps that wait for somebody, and open cases that have none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet

from cases.models import Case, CaseHandOver, Step
from cases.services.takers import taken_by
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import CASE_WORKERS, Role

AHEAD = timedelta(days=7)
SHOWN = 200
KEPT_FOR_CASES = 2


def steps_for(user: User) -> QuerySet[Step]:
    """The open steps of open cases that are this user's: by name, by role, or because nobody else has them."""
    cases = Case.objects.visible_to(user).open().values("pk")
    return (
        Step.objects.filter(taken_by(user), case__in=cases, done_at__isnull=True)
        .select_related("case__pupil", "case__school", "owner")
        .annotate(has_more=Exists(other_open_steps()))
        .order_by("due_on", "pk")
    )


def other_open_steps() -> QuerySet[Step]:
    """For an annotation of a step: the other open steps of its case."""
    return Step.objects.filter(case=OuterRef("case"), done_at__isnull=True).exclude(pk=OuterRef("pk"))


def cases_without_step(user: User) -> QuerySet[Case]:
    """Open cases that wait for a next step: those that `user` owns, and for a COO all that the own school runs."""
    grants = grants_of(user)
    if not grants.has(*CASE_WORKERS):
        return Case.objects.none()
    mine = Q(owner=user) | Q(school__in=grants.school_ids({Role.COO}))
    rows = Case.objects.visible_to(user).open().filter(mine, next_step_due=None)
    return rows.select_related("pupil", "school", "owner").order_by("opened_on", "pk")


def steps_this_week(user: User, today: date) -> list[Step]:
    """Those that are due within seven days, late ones on top."""
    return list(steps_for(user).filter(due_on__lte=today + AHEAD)[:SHOWN])


@dataclass(frozen=True)
class ToDo:
    """What is to be done: steps, late ones on top, and cases that wait for one. `more`: how many are not shown."""

    steps: list[Step]
    cases: list[Case]
    more: int

    @property
    def is_empty(self) -> bool:
        return not self.steps and not self.cases


def to_do(user: User, today: date, *, at_most: int | None = None) -> ToDo:
    """Everything of this week, or `at_most` lines of it with two kept for cases that wait for a step."""
    steps = steps_this_week(user, today)
    cases = list(cases_without_step(user)[:SHOWN])
    if at_most is None:
        return ToDo(steps, cases, 0)
    shown_steps = steps[: at_most - min(KEPT_FOR_CASES, len(cases))]
    shown_cases = cases[: at_most - len(shown_steps)]
    return ToDo(shown_steps, shown_cases, len(steps) + len(cases) - len(shown_steps) - len(shown_cases))


def next_step_after(user: User, today: date) -> Step | None:
    """The first step after this week, so that an empty list can say what comes."""
    return steps_for(user).filter(due_on__gt=today + AHEAD).first()


def visible_steps(user: User) -> QuerySet[Step]:
    """The steps of the cases that `user` can open."""
    cases = Case.objects.visible_to(user).values("pk")
    return Step.objects.filter(case__in=cases).select_related("case__pupil", "case__school", "owner")


def hand_overs_for(user: User) -> QuerySet[CaseHandOver]:
    """Cases that wait for this COO to take them."""
    schools = grants_of(user).school_ids({Role.COO})
    rows = CaseHandOver.objects.filter(to_school__in=schools, accepted_at__isnull=True, case__closed_at__isnull=True)
    return rows.select_related("case__pupil", "from_school", "to_school").order_by("offered_at")

"""Who passes which norm in the coming days, if nothing changes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, Prefetch, Q
from django.db.models.query import QuerySet

from attendance.engine.evaluate import evaluate
from attendance.engine.facts import Evaluation, Facts, Rule
from attendance.engine.forecast import forecast
from attendance.facts import facts_of
from attendance.listings.clock import Clock
from attendance.listings.pupil_clock import hours_clock
from attendance.listings.signals import NEAR
from attendance.models import Crossing, Enrolment, Pupil

AHEAD = timedelta(days=14)
LINES: dict[Rule, str] = {
    Rule.HOME_2W: "2 weken",
    Rule.HOME_4W: "4 weken",
    Rule.HOME_3M: "3 maanden",
    Rule.LRV: "4 weken ongeoorloofd",
}
HOURS_FROM = 3
HOURS_OF = 4
"""The hours are shown from 12 of 16 on: three quarters."""


@dataclass(frozen=True)
class Coming:
    """A pupil who passes `lines` ("4 weken") on one day. `school_days`: how long at home now."""

    pupil: Pupil
    group_name: str
    lines: tuple[str, ...]
    school_days: int


@dataclass(frozen=True)
class DayAhead:
    """The pupils who pass a norm on `day`."""

    day: date
    rows: tuple[Coming, ...]


@dataclass(frozen=True)
class HoursUsed:
    """A pupil who has used much of the sixteen hours, and not all of them."""

    pupil: Pupil
    group_name: str
    clock: Clock


@dataclass(frozen=True)
class Upcoming:
    """What is on its way; each part may be empty. `short` are the days of pupils at home for less than five school
    school days: most of them are back before it comes that far."""

    days: tuple[DayAhead, ...] = ()
    hours: tuple[HoursUsed, ...] = ()
    short: tuple[DayAhead, ...] = ()

    @property
    def short_number(self) -> int:
        """How many pupils stand in `short`."""
        return sum(len(ahead.rows) for ahead in self.short)


def upcoming(enrolments: QuerySet[Enrolment], today: date) -> Upcoming:
    """What comes within fourteen days for the pupils of `enrolments` who are enrolled today.

    Read are the pupils with an open run or with many hours, and no others, in a number of queries that does not follow
    theirs.
    """
    here = enrolments.filter(pk__in=Enrolment.objects.on(today).values("pk"))
    many_hours = Q(
        clock__hours_minutes__gt=0, clock__unauthorised_minutes__gte=F("clock__hours_minutes") * HOURS_FROM / HOURS_OF
    )
    pupils = list(
        Pupil.objects.filter(Q(clock__run_since__isnull=False) | many_hours, pk__in=here.values("pupil"))
        .prefetch_related(Prefetch("enrolments", here.select_related("group").order_by("first"), to_attr="now_at"))
        .in_name_order()
    )
    known = facts_of([pupil.pk for pupil in pupils])
    stored = stored_on(pupils, today)
    days: dict[date, list[Coming]] = defaultdict(list)
    short: dict[date, list[Coming]] = defaultdict(list)
    hours = []
    for pupil in pupils:
        facts = known[pupil.pk]
        evaluation = evaluate(facts, today)
        school_days = evaluation.home.school_days if evaluation.home else 0
        for day, rules in coming_lines(facts, evaluation, stored[pupil.pk]).items():
            names = tuple(name for rule, name in LINES.items() if rule in rules)
            row = Coming(pupil, group_name(pupil), names, school_days)
            (days if school_days >= NEAR else short)[day].append(row)
        if has_used_much(evaluation):
            hours.append(HoursUsed(pupil, group_name(pupil), hours_clock(facts, evaluation)))
    hours.sort(key=lambda row: -row.clock.amount)
    return Upcoming(in_order(days), tuple(hours), in_order(short))


def in_order(days: dict[date, list[Coming]]) -> tuple[DayAhead, ...]:
    return tuple(DayAhead(day, tuple(days[day])) for day in sorted(days))


def coming_lines(facts: Facts, evaluation: Evaluation, stored: set[tuple[str, date]]) -> dict[date, list[Rule]]:
    """The lines that are crossed within fourteen days, by date.

    What is crossed today, and becomes a signal only tomorrow morning, still belongs here; unless it is one already.
    """
    today = evaluation.as_of
    now = [row for row in evaluation.crossings if row.crossed_on == today and (row.rule.value, row.start) not in stored]
    found: dict[date, list[Rule]] = defaultdict(list)
    for row in (*now, *forecast(facts, today)):
        if row.rule in LINES and row.crossed_on <= today + AHEAD:
            found[row.crossed_on].append(row.rule)
    return found


def has_used_much(evaluation: Evaluation) -> bool:
    """From 12 of 16 hours on, and less than all: then it is a signal."""
    norm, used = evaluation.hours_minutes, evaluation.unauthorised_minutes
    return norm > 0 and HOURS_FROM * norm <= HOURS_OF * used and used < norm


def stored_on(pupils: list[Pupil], day: date) -> dict[int, set[tuple[str, date]]]:
    """Rule and start of the crossings of this day that are signals already."""
    found: dict[int, set[tuple[str, date]]] = defaultdict(set)
    rows = Crossing.objects.standing().filter(pupil__in=pupils, crossed_on=day).order_by()
    for pupil_id, rule, start in rows.values_list("pupil_id", "rule", "start"):
        found[pupil_id].add((rule, start))
    return found


def group_name(pupil: Pupil) -> str:
    """The class of today, as far as the reader may know it."""
    return next(_group_names(getattr(pupil, "now_at", [])), "")


def _group_names(enrolments: list[Enrolment]) -> Iterator[str]:
    return (row.group.name for row in reversed(enrolments) if row.group)

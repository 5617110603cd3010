"""What a change of absence would do, told before it is saved: which days it touches, and which signals come or go."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import groupby

from attendance.engine.evaluate import evaluate
from attendance.engine.explain import days
from attendance.engine.facts import Absence as AbsenceFact
from attendance.engine.facts import Day, Facts, Why
from attendance.facts import facts_of
from attendance.models import Absence, Pupil, Reason
from attendance.models.calendar import RULE_LABELS
from thuiszitters.accounts.dutch_dates import period, short_date

LONGEST_GAP = 5
"""Days from one free day to the next of the same holiday: a weekend and both days of Christmas may lie between."""
NO_SCHOOL = {
    Why.DAY_OFF: "geen les in het eigen rooster",
    Why.EXEMPT: "vrijgesteld",
    Why.NOT_ENROLLED: "niet ingeschreven",
}


@dataclass(frozen=True)
class Effect:
    """`school_days` are the dates that the record touches, as far as they are listed; `left_out` the free ones by name;
    `appears` and `vanishes` the signals, in words."""

    school_days: int
    weeks: tuple[str, ...]
    left_out: tuple[str, ...]
    appears: tuple[str, ...]
    vanishes: tuple[str, ...]


def effect_of(
    pupil: Pupil,
    *,
    today: date,
    first: date,
    last: date | None,
    reason: Reason | None,
    minutes: int | None = None,
    instead_of: Absence | None = None,
) -> Effect:
    """The effect of a record of these dates; `reason` None: of taking away `instead_of`. Reads only."""
    facts = facts_of([pupil.pk])[pupil.pk]
    kept = tuple(row for row in facts.absences if instead_of is None or row.ref != instead_of.pk)
    added: tuple[AbsenceFact, ...] = ()
    if reason is not None:
        added = (AbsenceFact(first, last, minutes, reason.counts, reason.authorised, reason.sick),)
    changed = replace(facts, absences=(*kept, *added))
    before, after = crossings_of(facts, today), crossings_of(changed, today)
    # Without an end: what is certain is up to and including today.
    end = max(first, today) if last is None else last
    touched = days(changed, first, end)
    lessons = [day for day in touched if day.expected]
    return Effect(
        school_days=len(lessons),
        weeks=tuple(weeks_of(lessons, today)),
        left_out=tuple(left_out_of(touched, today)),
        appears=tuple(after[key] for key in after if key not in before),
        vanishes=tuple(before[key] for key in before if key not in after),
    )


def crossings_of(facts: Facts, today: date) -> dict[tuple[str, date], str]:
    """The signals that stand by these facts, in words."""
    return {
        (row.rule, row.start): f"{RULE_LABELS[row.rule]} op {short_date(row.crossed_on, today)}"
        for row in evaluate(facts, today).crossings
    }


def weeks_of(lessons: list[Day], today: date) -> list[str]:
    """The school days, week by week: "ma 2, di 3, wo 4 nov"."""
    weeks = groupby(lessons, key=lambda day: day.day - timedelta(days=day.day.weekday()))
    return [", ".join(short_date(day.day, today) for day in found) for _, found in weeks]


def left_out_of(touched: tuple[Day, ...], today: date) -> list[str]:
    """The days of the period that are no school days of this pupil, by name; weekends speak for themselves."""
    named = [(day.note or NO_SCHOOL.get(day.why, "vrij"), day.day) for day in touched if is_named(day)]
    texts = []
    while named:
        name, first = named[0]
        last = first
        # A holiday goes on over a weekend, and over a public holiday inside it.
        for other, day in named[1:]:
            if (day - last).days > LONGEST_GAP:
                break
            if other == name:
                last = day
        texts.append(f"{name} ({period(first, last, today)})")
        named = [row for row in named if row[1] > last]
    return texts


def is_named(day: Day) -> bool:
    return not day.expected and day.why is not Why.WEEKEND and day.day.weekday() < 5

"""The days of a period for one pupil: which are school days, how much lesson lies on them, and what is left out by
name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

from attendance.engine.explain import days
from attendance.engine.facts import Day, Facts, Why
from attendance.models import Enrolment
from thuiszitters.accounts.dutch_dates import period, short_date
from thuiszitters.accounts.models import Sector

LONGEST_GAP = 5
"""Days from one free day to the next of the same holiday: a weekend and both days of Christmas may lie between."""
WEEKS_SHOWN = 4
SATURDAY = 5
NO_SCHOOL = {
    Why.DAY_OFF: "geen les in het eigen rooster",
    Why.HOME_BY_AGREEMENT: "thuis volgens afspraak",
    Why.EXEMPT: "vrijgesteld",
    Why.NOT_ENROLLED: "niet ingeschreven",
}
OTHER_SCHOOL = "niet op jouw school"
HOUR = 60


@dataclass(frozen=True)
class TouchedDays:
    """`school_days` are the dates with lessons in the period, `amount` how much lesson lies on them ("5 uur les", in
    VO "18 lesuren"); `weeks` the dates of the first weeks, of `more_weeks` that follow only how many; `left_out` the
    dates that do not count, by name."""

    school_days: int
    amount: str
    weeks: tuple[str, ...]
    more_weeks: int
    left_out: tuple[str, ...]


def touched_days(
    facts: Facts,
    first: date,
    last: date,
    *,
    enrolments: Sequence[Enrolment],
    today: date,
    minutes: int | None = None,
) -> TouchedDays:
    """The days from `first` to `last`. `enrolments` are those that may be seen; of other dates only that they are
    elsewhere is told. `minutes`: the record is of that part of its one day."""

    def sees(day: date) -> bool:
        return any(row.first <= day and (row.last is None or day <= row.last) for row in enrolments)

    found = days(facts, first, last)
    lessons = [day for day in found if day.expected and sees(day.day)]
    weeks = weeks_of(lessons, today)
    return TouchedDays(
        school_days=len(lessons),
        amount=amount_of(lessons, enrolments, minutes),
        weeks=tuple(weeks[:WEEKS_SHOWN]),
        more_weeks=max(len(weeks) - WEEKS_SHOWN, 0),
        left_out=tuple(left_out_of(found, sees, today)),
    )


def amount_of(lessons: Sequence[Day], enrolments: Sequence[Enrolment], minutes: int | None) -> str:
    """How much lesson that is: "12 lesuren" where lessons have a length, else hours and minutes; empty for none."""
    if not lessons:
        return ""
    total = sum(day.expected for day in lessons)
    missed = total if minutes is None else min(minutes, total)
    length = next((lesson_length(row) for row in enrolments if covers(row, lessons[0].day)), 0)
    if length and missed % length == 0:
        lesson_hours = missed // length
        return f"{lesson_hours} {'lesuur' if lesson_hours == 1 else 'lesuren'}"
    return f"{in_hours(missed)} les" if minutes is None else f"{in_hours(missed)} van de {in_hours(total)} les"


def lesson_length(enrolment: Enrolment) -> int:
    """Minutes of a lesson where this pupil is taught; 0 where days are not counted in lessons."""
    place = enrolment.place
    return place.lesson_minutes or 0 if place.sector == Sector.VO else 0


def covers(enrolment: Enrolment, day: date) -> bool:
    return enrolment.first <= day and (enrolment.last is None or day <= enrolment.last)


def in_hours(minutes: int) -> str:
    """5 uur; 45 minuten; 5 uur en 30 minuten."""
    hours, rest = divmod(minutes, HOUR)
    parts = [f"{hours} uur"] if hours else []
    if rest or not hours:
        parts.append(f"{rest} {'minuut' if rest == 1 else 'minuten'}")
    return " en ".join(parts)


def weeks_of(lessons: Sequence[Day], today: date) -> list[str]:
    """The school days, week by week: "ma 2, di 3 en wo 4 nov"; a whole week as "ma 2 t/m vr 6 nov"."""
    weeks = groupby(lessons, key=lambda day: day.day - timedelta(days=day.day.weekday()))
    return [week_text([day.day for day in found], today) for _, found in weeks]


def week_text(found: list[date], today: date) -> str:
    unbroken = (found[-1] - found[0]).days == len(found) - 1
    if unbroken and len(found) > 2:
        return period(found[0], found[-1], today)
    return ", ".join(short_date(day, today) for day in found)


def left_out_of(found: Sequence[Day], sees: Callable[[date], bool], today: date) -> list[str]:
    """The days of the period that do not count, by name and period; weekends together, without their dates."""
    named = [(name_of(day, sees), day.day) for day in found if day.day.weekday() < SATURDAY]
    rest = [(name, day) for name, day in named if name]
    texts = []
    while rest:
        name, first = rest[0]
        last = first
        # A holiday goes on over a weekend, and over a public holiday inside it.
        for other, day in rest[1:]:
            if (day - last).days > LONGEST_GAP:
                break
            if other == name:
                last = day
        texts.append(f"{name} ({period(first, last, today)})")
        rest = [row for row in rest if row[1] > last]
    weekends = {day.day - timedelta(days=day.day.weekday()) for day in found if day.why is Why.WEEKEND}
    if weekends:
        texts.append("het weekend" if len(weekends) == 1 else f"{len(weekends)} weekenden")
    return texts


def name_of(day: Day, sees: Callable[[date], bool]) -> str:
    """Why nothing is expected on this day, empty when something is."""
    if not sees(day.day):
        return NO_SCHOOL[Why.NOT_ENROLLED] if day.why is Why.NOT_ENROLLED else OTHER_SCHOOL
    if day.expected:
        return ""
    return day.note or NO_SCHOOL.get(day.why, "vrij")

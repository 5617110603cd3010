"""What the rules must say of a story, worked out by hand from the school calendar and without the engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from thuiszitters.demo.schools import SchoolDays

HOURS, HOURS_WEEKS, HOURS_GAP = 16, 4, timedelta(days=7)


@dataclass(frozen=True, order=True)
class Expected:
    """A crossing: from `start`, crossed on `crossed_on`."""

    crossed_on: date
    rule: str
    start: date


def at_home(days: SchoolDays, start: date, until: date | None = None) -> list[Expected]:
    """Ten and twenty school days and three months, for a child at home from the school day `start`.

    `until`: the first date on which the child was back or exempt; None when it is still at home.
    """
    before = until or days.today + timedelta(days=1)
    found = [
        Expected(days.on_or_after(start, 9), "thuis-2w", start),
        Expected(days.on_or_after(start, 19), "thuis-4w", start),
        Expected(start + relativedelta(months=3), "thuis-3m", start),
    ]
    return [crossing for crossing in found if crossing.crossed_on < before]


def sixteen_hours(days: SchoolDays, minutes: Mapping[date, int]) -> list[Expected]:
    """The crossings of sixteen hours, from the unauthorised minutes of each date."""
    found: list[Expected] = []
    previous: date | None = None
    for day in days.between(min(minutes), days.today):
        window = days.calendar.lesson_weeks_start(day, HOURS_WEEKS)
        counted = [d for d in minutes if window <= d <= day and (previous is None or d > previous)]
        enough = sum(minutes[d] for d in counted) >= HOURS * days.school.hour_minutes
        if enough and (previous is None or day >= previous + HOURS_GAP):
            found.append(Expected(day, "uren-16", min(counted)))
            previous = day
    return found

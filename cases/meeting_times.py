"""When a talk is proposed. Pure: dates and calendars in, a moment out.

Sources: Werkwijzer (OPP talk every 8 to 10 weeks; weekly TSO of zorgcoach and COO). Hours and lengths are choices of
this product.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
OPP_WEEKS = (8, 10)
"""Calendar weeks after the last OPP talk, or after the case opened, between which the next one falls."""
LARGE_WITHIN = 10
"""School days within which the groot overleg is proposed after four weeks at home (a choice)."""
NOTICE = 3
"""School days between the proposal and the earliest moment proposed (a choice: people need to be able to come)."""
HOURS = (time(9, 0), time(10, 0), time(11, 0), time(13, 0), time(14, 0), time(15, 0))
"""Starts tried on a day, earliest first: inside working hours, not at lunch."""
OPP_MINUTES, TSO_MINUTES, LARGE_MINUTES = 60, 45, 60


def opp_window(last: date) -> tuple[date, date]:
    """First and last date for the OPP talk that follows one (or the opening of the case) on `last`."""
    return last + timedelta(weeks=OPP_WEEKS[0]), last + timedelta(weeks=OPP_WEEKS[1])


def first_moment(
    first: date,
    last: date,
    *,
    is_school_day: Callable[[date], bool],
    taken: Collection[tuple[datetime, int]],
    minutes: int,
) -> datetime | None:
    """The first moment on a school day from `first` to `last` at which nothing in `taken` (start, minutes) overlaps.

    None when there is none: then a person plans it. The result has the Dutch time zone, also over the nights on which
    the clock changes.
    """
    day = first
    while day <= last:
        if is_school_day(day):
            for hour in HOURS:
                start = datetime.combine(day, hour, tzinfo=AMSTERDAM)
                end = start + timedelta(minutes=minutes)
                if all(end <= other or other + timedelta(minutes=length) <= start for other, length in taken):
                    return start
        day += timedelta(days=1)
    return None


def monday_of(day: date) -> date:
    """The Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())

"""The school calendar: which dates are school days, which weeks lesson weeks, and what a free day is called.

Dates are handled as ordinals inside: a count is then a subtraction and the n-th school day a look-up. The week of an
ordinal is `(ordinal - 1) // 7` and its weekday `(ordinal - 1) % 7`, since day 1 of year 1 is a Monday.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal, get_args

from attendance.engine.public_holidays import school_free_days
from attendance.engine.tally import Base, Tally

Region = Literal["noord", "midden", "zuid"]
REGIONS: tuple[Region, ...] = get_args(Region)

FIRST_YEAR, LAST_YEAR = 1900, 2199
EARLIEST = date(FIRST_YEAR, 1, 2).toordinal()
"""The table begins on Monday 1 January 1900; one day later every question about "the day before" has an answer too."""
LATEST = date(LAST_YEAR, 12, 31).toordinal()

HOLIDAYS_FROM = date(2022, 8, 1)
"""Regional holidays are known from this school year on; earlier dates know weekends and public holidays only."""
LAST_SCHOOL_YEAR_ENDS = 2030
"""The summer holiday of this year is the last one known (Regeling vaststelling schoolvakanties 2025-2030)."""

MONDAY_TO_FRIDAY = bytes((1, 1, 1, 1, 1, 0, 0))


@dataclass(frozen=True, slots=True)
class CalendarException:
    """A school's own free days (`opened` False) or school days in a holiday (`opened` True), both dates included."""

    first: date
    last: date
    opened: bool = False
    name: str = ""


class _RegionTable:
    """What all schools of a region share."""

    __slots__ = ("days", "known_until", "names", "weeks")

    def __init__(self, region: Region) -> None:
        self.names = _regional_holidays(region)
        self.known_until = date.fromordinal(max(self.names))
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            self.names.update({day.toordinal(): name for day, name in school_free_days(year).items()})
        origin = date(FIRST_YEAR, 1, 1).toordinal()
        size = LATEST - origin + 1
        flags = bytearray((MONDAY_TO_FRIDAY * (size // 7 + 1))[:size])
        for day in self.names:
            flags[day - origin] = 0
        self.days = Base(origin, flags)
        weeks = bytearray(any(flags[i : i + 7]) for i in range(0, size, 7))
        self.weeks = Base((origin - 1) // 7, weeks)


def _ordinal(day: date) -> int:
    # What nobody counts in, a slip of the pen such as 0206, is treated as the edge of the table.
    return min(max(day.toordinal(), EARLIEST), LATEST)


def _regional_holidays(region: Region) -> dict[int, str]:
    # Imported here: the package costs a fifth of a second, and most commands never ask for a calendar.
    from holidays.countries.netherlands import Netherlands  # noqa: PLC0415

    years = range(HOLIDAYS_FROM.year, LAST_SCHOOL_YEAR_ENDS + 1)
    found = Netherlands(subdiv=region.capitalize(), categories=("school",), years=years, language="nl")
    # The summer holiday may run into September; the autumn after it belongs to a school year that is not laid down yet.
    until = max(day for day, name in found.items() if name == "Zomervakantie" and day.year == LAST_SCHOOL_YEAR_ENDS)
    return {day.toordinal(): name for day, name in found.items() if HOLIDAYS_FROM <= day <= until}


@lru_cache(maxsize=len(REGIONS))
def _region_table(region: Region) -> _RegionTable:
    if region not in REGIONS:
        message = f"unknown region {region!r}"
        raise ValueError(message)
    return _RegionTable(region)


def holidays_known_until(region: Region) -> date:
    """The last date with known regional holidays; after it only weekends and public holidays are closed."""
    return _region_table(region).known_until


class SchoolCalendar:
    """The calendar of one school: its region's, with its own exceptions on top. Cheap to make, never changed.

    The methods with `date` are for callers; those on ordinals are for the rules.
    """

    __slots__ = ("_names", "_nth", "_own", "_weeks", "after", "between", "region", "upto")

    def __init__(self, region: Region, exceptions: Iterable[CalendarException] = ()) -> None:
        table = _region_table(region)
        self.region = region
        self._names = table.names
        self._own: dict[int, str] = {}
        wanted: dict[int, bool] = {}
        for exception in exceptions:
            name = f"vrij: {exception.name}" if exception.name else "vrij"
            for day in range(exception.first.toordinal(), exception.last.toordinal() + 1):
                if (day - 1) % 7 < len(MONDAY_TO_FRIDAY) - 2 and EARLIEST <= day <= LATEST:
                    wanted[day] = exception.opened
                    self._own[day] = "" if exception.opened else name
        days = Tally(table.days, wanted)
        self.upto = days.upto
        self.after = days.after
        self.between = days.between
        self._nth = days.nth
        weeks = {(day - 1) // 7 for day in wanted}
        self._weeks = Tally(table.weeks, {week: days.after(week * 7 + 1) <= week * 7 + 7 for week in weeks})

    def nth_after(self, day: int, n: int) -> int:
        """The n-th school day counted from `day`, which counts itself when it is one (ordinals)."""
        return self._nth(self.upto(day - 1) + n)

    def window_start(self, day: int, weeks: int) -> int:
        """The Monday with which the last `weeks` lesson weeks of `day` begin (ordinals)."""
        n = self._weeks.upto((day - 1) // 7) - weeks + 1
        return self._weeks.nth(max(n, 1)) * 7 + 1

    def lesson_weeks(self, first: int, last: int) -> int:
        """How many lesson weeks have a school day from `first`, a Monday, to `last` (ordinals)."""
        if last < first:
            return 0
        week = (last - 1) // 7
        begun = self._weeks.upto(week) - self._weeks.upto((first - 1) // 7 - 1)
        return begun - 1 if last < self.after(week * 7 + 1) <= week * 7 + 7 else begun

    def is_school_day(self, day: date) -> bool:
        """Whether the school is open on `day`."""
        ordinal = _ordinal(day)
        return self.upto(ordinal) != self.upto(ordinal - 1)

    def school_days_between(self, first: date, last: date) -> int:
        """How many school days lie from `first` to `last`, both included; 0 when `last` is earlier."""
        return max(self.upto(_ordinal(last)) - self.upto(_ordinal(first) - 1), 0)

    def school_day_on_or_after(self, day: date, n: int = 1) -> date:
        """The n-th school day counted from `day`, which counts itself when it is one."""
        return date.fromordinal(self.nth_after(_ordinal(day), n))

    def school_day_on_or_before(self, day: date) -> date:
        """The last school day up to and including `day`."""
        while not self.is_school_day(day):
            day -= timedelta(days=1)
        return day

    def is_lesson_week(self, day: date) -> bool:
        """Whether the week (Monday to Sunday) of `day` has a school day."""
        return self._weeks.has((_ordinal(day) - 1) // 7)

    def lesson_weeks_start(self, day: date, n: int) -> date:
        """The Monday of the n-th lesson week, counted back from and including the week of `day`."""
        return date.fromordinal(self.window_start(_ordinal(day), n))

    def name_of(self, day: date) -> str:
        """What a free day is called: a holiday, or "vrij: studiedag". Empty for school days and plain weekends."""
        return self.name_at(_ordinal(day))

    def name_at(self, ordinal: int) -> str:
        """The same for an ordinal."""
        own = self._own.get(ordinal)
        return self._names.get(ordinal, "") if own is None else own

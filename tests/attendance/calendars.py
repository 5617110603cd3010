"""School calendars for tests, made from the plain exceptions that the facts of the holidays use."""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import cast

from attendance.engine.calendar import CalendarException, Region, SchoolCalendar
from tests.attendance.school_holidays_facts import SchoolException


@lru_cache(maxsize=64)
def calendar_of(region: str, exceptions: tuple[SchoolException, ...] = ()) -> SchoolCalendar:
    """The calendar of a school in a region with its own exceptions."""
    rows = [CalendarException(first, last, opened=kind == "open") for first, last, kind in exceptions]
    return SchoolCalendar(cast("Region", region), rows)


def closed_too(calendar: SchoolCalendar, extra: date, first: date, last: date) -> SchoolCalendar:
    """The same calendar with one more free day. Its own exceptions are taken over from `first` to `last`."""
    plain = calendar_of(calendar.region)
    rows: list[CalendarException] = []
    day = first
    while day <= last:
        school_day = calendar.is_school_day(day) and day != extra
        if school_day != plain.is_school_day(day):
            rows.append(CalendarException(day, day, opened=school_day))
        day += timedelta(days=1)
    return SchoolCalendar(calendar.region, rows)

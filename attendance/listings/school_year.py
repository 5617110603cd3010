"""A school year as months of weeks, for the heat calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from attendance.listings.clock import WeekRow, rows_of_weeks
from attendance.listings.day_marks import DayMark
from thuiszitters.accounts.dutch_dates import LONG_MONTHS

FIRST_MONTH = 8
"""A school year runs from 1 August to 31 July."""


@dataclass(frozen=True)
class Month:
    """A month of the calendar, by its Dutch name with the year."""

    name: str
    weeks: tuple[WeekRow, ...]


def school_year_of(day: date) -> tuple[date, date]:
    """First and last date of the school year with `day` in it."""
    year = day.year if day.month >= FIRST_MONTH else day.year - 1
    return date(year, FIRST_MONTH, 1), date(year + 1, FIRST_MONTH, 1) - timedelta(days=1)


def months_of(marks: list[DayMark]) -> tuple[Month, ...]:
    """The marks (any order) by month."""
    months: dict[tuple[int, int], list[DayMark]] = {}
    for mark in sorted(marks, key=lambda mark: mark.day):
        months.setdefault((mark.day.year, mark.day.month), []).append(mark)
    return tuple(
        Month(f"{LONG_MONTHS[month - 1]} {year}", rows_of_weeks(found)) for (year, month), found in months.items()
    )

"""The clock as a page shows it: how long, since when, which norms were passed or will be, and the dates it rests on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from attendance.listings.day_marks import DayMark

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class NormMark:
    """A norm on the line: passed on `day`, or to be passed then if nothing changes. `at` is its place, 0 to 100."""

    label: str
    day: date | None
    passed: bool
    at: int = 0


@dataclass(frozen=True)
class WeekRow:
    """A week of the explanation: Monday to Friday, None where the run does not reach."""

    monday: date
    cells: tuple[DayMark | None, ...]


@dataclass(frozen=True)
class Clock:
    """One clock. `amount` and `unit` read as a sentence ("12", "schooldagen thuis").

    `calendar_days` 0: not shown. `now_at` is today's place on the line, 0 to 100. `sentence` says what was counted,
    against which norm, from which source. `weeks` empty: no dates to show. `records` are the absences it rests on.
    """

    amount: int
    unit: str
    since: date
    calendar_days: int = 0
    scope: str = "hele schooldagen, alle redenen"
    now_at: int = 0
    norms: tuple[NormMark, ...] = ()
    weeks: tuple[WeekRow, ...] = ()
    sentence: str = ""
    records: tuple[str, ...] = field(default=())


def place_on_line(day: date, start: date, end: date) -> int:
    """Where `day` stands between `start` (0) and `end` (100)."""
    length = max((end - start).days, 1)
    return min(max(round(100 * (day - start).days / length), 0), 100)


def line_of(start: date, today: date, norms: list[tuple[str, date, bool]]) -> tuple[int, tuple[NormMark, ...]]:
    """Today's place, and the norms (label, date, passed) with theirs, on a line that ends with whatever comes last."""
    end = max([today, *(day for _, day, _ in norms)])
    marks = tuple(NormMark(label, day, passed, place_on_line(day, start, end)) for label, day, passed in norms)
    return place_on_line(today, start, end), marks


def rows_of_weeks(marks: list[DayMark]) -> tuple[WeekRow, ...]:
    """The marks as weeks of five days. A date in a weekend is left out: no school is open then."""
    by_day = {mark.day: mark for mark in marks}
    if not by_day:
        return ()
    monday = min(by_day) - timedelta(days=min(by_day).weekday())
    rows = []
    while monday <= max(by_day):
        cells = tuple(by_day.get(monday + timedelta(days=n)) for n in range(5))
        if any(cells):
            rows.append(WeekRow(monday, cells))
        monday += WEEK
    return tuple(rows)

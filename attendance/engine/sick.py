"""Sick reports (MAZL): the fourth in twelve lesson weeks, and the seventh school day in a row."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import date

from attendance.engine.facts import Crossing, Rule
from attendance.engine.norm_periods import NormPeriod, norm_periods, period_on
from attendance.engine.runs import Row
from attendance.engine.timeline import FULL, PARTLY, Timeline


def report_crossings(timeline: Timeline, rows: list[Row]) -> tuple[list[Crossing], int]:
    """Crossings of the number of sick reports, and how many reports count at the end of the timeline."""
    periods = norm_periods(timeline.enrolments, Rule.SICK_4X)
    starts = [row.start for row in rows]
    found: list[Crossing] = []
    used = 0
    for i, start in enumerate(starts):
        period = period_on(periods, start)
        if period is None or i + 1 - used < period.norm.amount:
            continue
        if i + 1 - max(_first_in_window(starts, period, start), used) >= period.norm.amount:
            begin = starts[i + 1 - period.norm.amount]
            found.append(Crossing(Rule.SICK_4X, date.fromordinal(begin), date.fromordinal(start), period.norm))
            used = i + 1
    period = period_on(periods, timeline.until)
    if period is None:
        return found, 0
    return found, len(starts) - max(_first_in_window(starts, period, timeline.until), used)


def _first_in_window(starts: list[int], period: NormPeriod, day: int) -> int:
    return bisect_left(starts, period.enrolment.school.calendar.window_start(day, period.norm.weeks))


def full_rows(row: Row) -> list[list[int]]:
    """The dates of an episode whose expected minutes are all sick minutes, in rows; one with fewer ends a row."""
    rows: list[list[int]] = [[]]
    for lo, hi, grade, piece in row.parts:
        if grade == FULL:
            rows[-1] += piece.lesson_days(lo, hi)
        elif grade == PARTLY:
            rows.append([])
    return rows


def _first_long_row(row: Row, periods: list[NormPeriod]) -> Crossing | None:
    for days in full_rows(row):
        for lo, hi, norm, _ in periods:
            i = max(norm.amount - 1, bisect_left(days, lo))
            if i < bisect_right(days, hi):
                start = date.fromordinal(days[i + 1 - norm.amount])
                return Crossing(Rule.SICK_7D, start, date.fromordinal(days[i]), norm)
    return None


def long_crossings(timeline: Timeline, rows: list[Row]) -> list[Crossing]:
    """Crossings of the number of sick days in a row, once an episode."""
    periods = norm_periods(timeline.enrolments, Rule.SICK_7D)
    return [crossing for row in rows if (crossing := _first_long_row(row, periods))]

"""Sixteen hours of unauthorised absence in four lesson weeks: the duty to report (uren-16)."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Hashable
from datetime import date
from typing import NamedTuple

from attendance.engine.facts import Crossing, Rule
from attendance.engine.norm_periods import NormPeriod, norm_periods, period_on
from attendance.engine.timeline import Piece, Timeline


class HoursUsed(NamedTuple):
    """Unauthorised minutes in the window that no crossing has used yet, and the minutes of the whole norm."""

    minutes: int
    norm_minutes: int


class _Stay:
    """The time at one school. A next enrolment at another school begins a new one; a gap does not."""

    __slots__ = ("crossed", "days", "key", "periods", "pieces", "sums", "used")

    def __init__(self, key: Hashable) -> None:
        self.key = key
        self.pieces: list[Piece] = []
        self.periods: list[NormPeriod] = []
        self.days: list[int] = []
        self.sums: list[int] = [0]
        self.crossed = 0
        self.used = 0
        """How many of `days` lie up to the last crossing."""

    def fill(self, timeline: Timeline) -> None:
        """Collect the dates with unauthorised minutes, and the sums up to each."""
        found: dict[int, int] = {}
        for piece in self.pieces:
            week = piece.week
            for day, sums in timeline.partial.items():
                if sums.unauthorised and sums.expected and piece.lo <= day <= piece.hi:
                    found[day] = min(sums.unauthorised, sums.expected)
            for lo, _, hi in timeline.unauthorised:
                if lo <= piece.hi and hi >= piece.lo:
                    for day in piece.lesson_days(max(lo, piece.lo), min(hi, piece.hi)):
                        found[day] = week[(day - 1) % 7]
        total = 0
        for day in sorted(found):
            if found[day]:
                total += found[day]
                self.days.append(day)
                self.sums.append(total)

    def first_day(self, day: int) -> int:
        """The first school day from `day` on, enrolled and not exempt; 0 when there is none."""
        for piece in self.pieces:
            if piece.hi >= day:
                found = piece.after(max(day, piece.lo))
                if found <= piece.hi:
                    return found
        return 0

    def first_counted(self, day: int, period: NormPeriod) -> int:
        """Index in `days` of the first date that counts on `day`."""
        start = period.enrolment.school.calendar.window_start(day, period.norm.weeks)
        return max(bisect_left(self.days, start), self.used)

    def cross(self, until: int) -> list[Crossing]:
        """The crossings up to `until`; afterwards the stay knows the last one."""
        found: list[Crossing] = []
        days, sums = self.days, self.sums
        least = min(map(_need, self.periods), default=0)
        for i, day in enumerate(days):
            if sums[i + 1] - sums[self.used] < least:
                continue
            # Without new minutes the sum over the window cannot grow: only the first date of each norm is looked at.
            last = days[i + 1] - 1 if i + 1 < len(days) else until
            for period in self.periods:
                if period.lo > last or period.hi < day:
                    continue
                crossing = self._crossing(i, min(last, period.hi), period)
                if crossing is not None:
                    found.append(crossing)
                    break
        return found

    def _crossing(self, i: int, last: int, period: NormPeriod) -> Crossing | None:
        """The crossing of this norm from the i-th date on, up to `last`, before there are new minutes."""
        norm = period.norm
        on = max(self.days[i], period.lo, self.crossed + norm.gap_days if self.crossed else 0)
        if on > last:
            return None
        if on != self.days[i]:
            on = self.first_day(on)
            if not on or on > last:
                return None
        first = self.first_counted(on, period)
        if first > i or self.sums[i + 1] - self.sums[first] < _need(period):
            return None
        self.crossed, self.used = on, i + 1
        return Crossing(Rule.HOURS_16, date.fromordinal(self.days[first]), date.fromordinal(on), norm)


def _need(period: NormPeriod) -> int:
    """The minutes of the norm: an hour is an hour of the school."""
    return period.norm.amount * period.enrolment.school.hour_minutes


def _stays(timeline: Timeline, periods: list[NormPeriod]) -> list[_Stay]:
    stays: list[_Stay] = []
    until = date.fromordinal(timeline.until)
    for enrolment in timeline.enrolments:
        if enrolment.first > until:
            break
        if not stays or stays[-1].key != enrolment.school.key:
            stays.append(_Stay(enrolment.school.key))
        stay = stays[-1]
        stay.pieces += [piece for piece in timeline.pieces if not piece.exempt and piece.enrolment is enrolment]
        stay.periods += [period for period in periods if period.enrolment is enrolment]
    for stay in stays:
        stay.fill(timeline)
    return stays


def hours_crossings(timeline: Timeline) -> tuple[list[Crossing], HoursUsed]:
    """The crossings of the hours norm, and what is used of it at the end of the timeline."""
    periods = norm_periods(timeline.enrolments, Rule.HOURS_16)
    now = period_on(periods, timeline.until)
    need = 0 if now is None else _need(now)
    found: list[Crossing] = []
    if not timeline.has_unauthorised:
        return found, HoursUsed(0, need)
    stays = _stays(timeline, periods)
    for stay in stays:
        found += stay.cross(timeline.until)
    if now is None or not stays:
        return found, HoursUsed(0, need)
    last = stays[-1]
    return found, HoursUsed(last.sums[-1] - last.sums[last.first_counted(timeline.until, now)], need)

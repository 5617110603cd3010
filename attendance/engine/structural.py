"""Structural absence: a suggestion to a person that a pupil may become a thuiszitter. Not a crossing.

A date is taken into the share when its register was taken or the school's data reaches it: what nobody has looked at
says nothing about how much of the timetable was missed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from datetime import date
from itertools import accumulate, pairwise

from attendance.engine.calendar import EARLIEST
from attendance.engine.facts import Crossing, Norm, Rule
from attendance.engine.norm_periods import norm_periods, period_on
from attendance.engine.timeline import Piece, Timeline

_SCHOOL_WEEK = 5
_FIRST_LOOK_BACK = 120
"""Days; doubled as long as a stretch turns out to be longer."""


class KnownDates:
    """Known school days of one pupil (with `known` False: the unknown ones), with running sums of minutes.

    `standard` sums the standard timetable and `short` what was missed or left out of it, both up to each index.
    """

    __slots__ = ("days", "lo", "short", "standard", "weeks")

    def __init__(self, timeline: Timeline, lo: int, hi: int, *, known: bool = True) -> None:
        self.lo = lo
        self.days: list[int] = []
        standard: list[int] = []
        short: list[int] = []
        for piece in timeline.pieces:
            if piece.exempt or piece.lo > hi or piece.hi < lo:
                continue
            days = _days(piece, max(lo, piece.lo), min(hi, piece.hi), known=known)
            week = piece.enrolment.school.week
            here = [week[(day - 1) % 7] for day in days]
            self.days += days
            standard += here
            short += _short(timeline, piece, days, here)
        self.standard = list(accumulate(standard, initial=0))
        self.short = list(accumulate(short, initial=0))
        self.weeks = [(day - 1) // 7 for day in self.days]

    def each(self, sums: list[int]) -> list[int]:
        """The minutes of each date, from the running sums."""
        return [after - before for before, after in pairwise(sums)]

    def index(self, day: int) -> int:
        """How many of the dates come before `day`."""
        return bisect_left(self.days, day)

    def fewest(self, weeks: int) -> int | None:
        """The index from which the last dates lie in just so many weeks; None when all lie in fewer."""
        found, here = 0, -1
        for i in range(len(self.weeks) - 1, -1, -1):
            if self.weeks[i] != here:
                here = self.weeks[i]
                found += 1
                if found == weeks:
                    return i
        return None

    def has_weeks(self, first: int, last: int, weeks: int) -> bool:
        """Whether the dates from index `first` up to `last` lie in at least so many weeks."""
        if last - first > (weeks - 1) * _SCHOOL_WEEK:
            return True
        return last > first and len(set(self.weeks[first:last])) >= weeks


def _days(piece: Piece, lo: int, hi: int, *, known: bool) -> list[int]:
    calendar = piece.enrolment.school.calendar
    taken = piece.taken
    after = calendar.between(max(lo, piece.known + 1), hi)
    if not known:
        return [day for day in after if day not in taken]
    days = list(calendar.between(lo, min(hi, piece.known)))
    if taken:
        days += [day for day in after if day in taken]
    return days


def _short(timeline: Timeline, piece: Piece, days: list[int], standard: list[int]) -> list[int]:
    week = piece.week
    expected = standard if piece.own is None else [week[(day - 1) % 7] for day in days]
    missed = [0] * len(days)
    if not days:
        return missed
    lo, hi = days[0], days[-1]
    for first, _, last in timeline.whole:
        if first <= hi and last >= lo:
            i, k = bisect_left(days, first), bisect_right(days, last)
            missed[i:k] = expected[i:k]
    for day, minutes in timeline.partial.items():
        if lo <= day <= hi:
            i = bisect_left(days, day)
            if days[i] == day:
                missed[i] = min(expected[i], missed[i] + minutes.missed)
    if piece.own is not None:
        return [gone + max(of - here, 0) for gone, of, here in zip(missed, standard, expected, strict=True)]
    return missed


class Structural:
    """The share of the standard timetable missed or left out, at the end of a timeline."""

    __slots__ = ("_dates", "_timeline", "now", "periods", "piece", "start")

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._dates: KnownDates | None = None
        self.periods = norm_periods(timeline.enrolments, Rule.STRUCTURAL)
        self.now = period_on(self.periods, timeline.until)
        self.piece = timeline.piece_of(timeline.until)
        self.start = 0
        if self.now is not None and self.piece is not None:
            calendar = self.piece.enrolment.school.calendar
            self.start = calendar.window_start(timeline.until, self.now.norm.weeks)

    def is_quiet(self) -> bool:
        """Whether nothing can have been missed or left out in the window."""
        return self._timeline.last_missed < self.start and not any(
            piece.own is not None and piece.hi >= self.start for piece in self._timeline.pieces
        )

    def dates(self) -> KnownDates:
        """The known dates of the window."""
        if self._dates is None:
            self._dates = KnownDates(self._timeline, self.start, self._timeline.until)
        return self._dates

    def share(self) -> int | None:
        """The share in whole per cent; None when too little is known, or nobody is enrolled."""
        piece, now = self.piece, self.now
        if piece is None or now is None:
            return None
        least = max(now.norm.min_weeks, 1)
        if (
            piece.lo <= self.start
            and not piece.exempt
            and piece.workdays == _SCHOOL_WEEK
            and self.is_quiet()
            and piece.enrolment.school.calendar.lesson_weeks(self.start, min(piece.known, piece.hi)) >= least
        ):
            return 0
        dates = self.dates()
        standard = dates.standard[-1]
        if not standard or not dates.has_weeks(0, len(dates.days), least):
            return None
        return dates.short[-1] * 100 // standard

    def open_since(self) -> int | None:
        """The first date of the window that was missed or is not known, when later knowledge can still matter.

        It can when the share reaches the norm now, or would if of the dates not yet known those with enough missed
        became known and no others.
        """
        if self.piece is None or self.now is None or self.is_quiet():
            return None
        known, amount = self.dates(), self.now.norm.amount
        unknown = KnownDates(self._timeline, self.start, self._timeline.until, known=False)
        short, standard = known.short[-1], known.standard[-1]
        for missed, of in zip(unknown.each(unknown.short), unknown.each(unknown.standard), strict=True):
            if missed * 100 >= amount * of:
                short += missed
                standard += of
        if not short or short * 100 < amount * standard:
            return None
        missed_on = [day for day, missed in zip(known.days, known.each(known.short), strict=True) if missed]
        return min((*missed_on[:1], *unknown.days[:1]))

    def stretch(self) -> Crossing | None:
        """The suggestion from the share, which must hold now: the row of school days on which it does, unbroken."""
        look_back = _FIRST_LOOK_BACK
        while True:
            lo = max(self._timeline.until - look_back, EARLIEST)
            found, is_whole = self._stretch(KnownDates(self._timeline, lo, self._timeline.until))
            if is_whole or lo == EARLIEST:
                return found
            look_back *= 2

    def _stretch(self, dates: KnownDates) -> tuple[Crossing | None, bool]:
        """The row as far as `dates` go back, and whether it begins there."""
        first: tuple[int, int, Norm] | None = None
        is_whole = True
        for days, piece in self._weeks_back():
            reached = self._hold_back_to(dates, days, piece)
            if reached is None:
                is_whole = False
                break
            if reached:
                first = reached[-1]
            if len(reached) < len(days) and (not reached or reached[-1][1] != days[0]):
                break
        if first is None:
            return None, is_whole
        start, day, norm = first
        return Crossing(Rule.STRUCTURAL, date.fromordinal(start), date.fromordinal(day), norm), is_whole

    def _hold_back_to(self, dates: KnownDates, days: list[int], piece: Piece) -> list[tuple[int, int, Norm]] | None:
        """The school days of one week, from the last back, as long as the share holds on them.

        When the least missed and the most expected of that week hold together, all its days do, and only the first is
        given. None when `dates` do not reach back far enough.
        """
        found: list[tuple[int, int, Norm]] = []
        calendar = piece.enrolment.school.calendar
        whole = period_on(self.periods, days[0])
        for day in reversed(days):
            period = whole if whole is not None and day <= whole.hi else period_on(self.periods, day)
            if period is None:
                break
            norm = period.norm
            start = calendar.window_start(day, norm.weeks)
            if start < dates.lo:
                return None
            low, high = dates.index(start), dates.index(day + 1)
            if not found and period is whole and share_holds(dates, low, dates.index(days[0] + 1), high, norm):
                return [(start, days[0], norm)]
            if not share_holds(dates, low, high, high, norm):
                break
            found.append((start, day, norm))
        return found

    def _weeks_back(self) -> Iterator[tuple[list[int], Piece]]:
        for piece in reversed(self._timeline.pieces):
            days = list(piece.enrolment.school.calendar.between(piece.lo, piece.hi))
            end = len(days)
            while end:
                begin = bisect_left(days, (days[end - 1] - 1) // 7 * 7 + 1)
                yield days[begin:end], piece
                end = begin


def share_holds(dates: KnownDates, low: int, least: int, most: int, norm: Norm) -> bool:
    """Whether what is missed up to index `least` reaches the norm of what is expected up to index `most`."""
    standard = dates.standard[most] - dates.standard[low]
    short = dates.short[least] - dates.short[low]
    return standard > 0 and short * 100 >= norm.amount * standard and dates.has_weeks(low, least, norm.min_weeks)


def is_below(piece: Piece) -> bool:
    """Whether the pupil has an own timetable with fewer minutes a week than the standard, and is not exempt."""
    return not piece.exempt and piece.own is not None and sum(piece.week) < sum(piece.enrolment.school.week)


def timetable_below(structural: Structural) -> Crossing | None:
    """The suggestion from an own timetable that is valid now and has fewer minutes a week than the standard."""
    piece, now = structural.piece, structural.now
    if piece is None or now is None or piece.own is None or not is_below(piece):
        return None
    return Crossing(Rule.STRUCTURAL, piece.own.first, piece.own.first, now.norm)

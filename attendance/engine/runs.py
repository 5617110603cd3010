"""Runs: dates on which a pupil is at home, away without permission or sick, with nothing attended in between."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

from attendance.engine.facts import Crossing, Norm, Reading, Rule
from attendance.engine.norm_periods import norm_periods
from attendance.engine.timeline import AGREED, GAP, Part, Piece, Span, Timeline

HOME_RULES = (Rule.HOME_2W, Rule.HOME_4W, Rule.HOME_3M)
_SHORTEST_MONTH = 28


class Row:
    """One run. `end` is its last date, `is_open` tells that nothing ended it up to the end of the timeline.

    `unsure` tells that it holds a date of which nothing is known: later knowledge can still cut it.
    """

    __slots__ = ("end", "is_open", "parts", "start", "unsure")

    def __init__(self, start: int) -> None:
        self.start = start
        self.end = start
        self.is_open = False
        self.unsure = False
        self.parts: list[Part] = []

    def school_days(self, *, agreed: bool) -> int:
        """School days of kind missed or neutral in this run; `agreed` tells whether days at home by agreement count."""
        total = 0
        for lo, hi, grade, piece in self.parts:
            if grade == GAP:
                total += len(piece.days_off(lo, hi))
            elif grade != AGREED or agreed:
                total += piece.school_days(lo, hi)
        return total

    def date_of_school_day(self, n: int, *, agreed: bool) -> int | None:
        """The date on which `school_days` reaches `n`; None when it does not."""
        for lo, hi, grade, piece in self.parts:
            if grade == GAP:
                off = piece.days_off(lo, hi)
                if n <= len(off):
                    return off[n - 1]
                n -= len(off)
            elif grade != AGREED or agreed:
                here = piece.school_days(lo, hi)
                if n <= here:
                    return piece.enrolment.school.calendar.nth_after(lo, n)
                n -= here
        return None


class _Walker:
    """Puts the spans of one clock and the gaps between them together to rows."""

    __slots__ = ("_timeline", "row", "rows")

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self.rows: list[Row] = []
        self.row: Row | None = None

    def close(self, end: int) -> None:
        if self.row is not None:
            self.row.end = end
            self.row = None

    def begin(self, start: int) -> Row:
        self.row = Row(start)
        self.rows.append(self.row)
        return self.row

    def agreed(self, piece: Piece) -> None:
        """Dates of an own timetable of only zeros, for the clock that takes them as missed."""
        row = self.row
        if row is None:
            start = piece.after(piece.lo)
            if start > piece.hi:
                return
            row = self.begin(start)
        row.parts.append(Part(max(piece.lo, row.start), piece.hi, AGREED, piece))

    def span(self, lo: int, hi: int, grade: int, piece: Piece) -> None:
        row = self.row
        if row is None:
            lo = piece.first_lesson_day(lo, hi)
            if not lo:
                return
            row = self.begin(lo)
        row.parts.append(Part(lo, hi, grade, piece))

    def gap(self, lo: int, hi: int, piece: Piece) -> None:
        row = self.row
        if row is None or lo > hi:
            return
        attended = self._timeline.first_attended(piece, lo, hi)
        if attended:
            hi = attended - 1
        if lo <= hi:
            row.parts.append(Part(lo, hi, GAP, piece))
            row.unsure = row.unsure or bool(piece.first_lesson_day(lo, hi))
        if attended:
            self.close(hi)


def find_rows(timeline: Timeline, spans: list[Span], *, agreed_missed: bool, final_ends: bool = True) -> list[Row]:
    """The rows that the sorted `spans` make.

    `agreed_missed`: dates of an own timetable of only zeros are missed (run at home) and not neutral. `final_ends`: an
    enrolment after which nobody is expected at school ends the row on its last day.
    """
    walker = _Walker(timeline)
    i = 0
    for piece in timeline.pieces:
        if piece.exempt:
            walker.close(piece.lo - 1)
            continue
        if piece.agreed:
            if agreed_missed:
                walker.agreed(piece)
        else:
            here, last = piece.lo, piece.hi
            while i < len(spans) and spans[i][2] < here:
                i += 1
            for k in range(i, len(spans)):
                lo, grade, hi = spans[k]
                if lo > last:
                    break
                lo, hi = max(lo, here), min(hi, last)
                if lo > hi:
                    continue
                if walker.row is not None and here < lo:
                    walker.gap(here, lo - 1, piece)
                walker.span(lo, hi, grade, piece)
                here = hi + 1
            walker.gap(here, last, piece)
        if piece.final and final_ends and piece.hi < timeline.until:
            walker.close(piece.hi)
    if walker.row is not None:
        walker.row.is_open = True
        walker.close(timeline.until)
    return walker.rows


def home_rows(timeline: Timeline) -> list[Row]:
    """Runs at home: not at school, whatever the reason."""
    spans = timeline.spans_missed()
    if not spans and not any(piece.agreed for piece in timeline.pieces):
        return []
    return find_rows(timeline, spans, agreed_missed=True)


def unauthorised_rows(timeline: Timeline) -> list[Row]:
    """Unauthorised runs: all expected minutes missed without permission. Days at home by agreement are neutral."""
    spans = timeline.spans_unauthorised()
    return find_rows(timeline, spans, agreed_missed=False) if spans else []


def sick_rows(timeline: Timeline) -> list[Row]:
    """Sick episodes. The end of an enrolment, of whatever kind, does not end one."""
    spans = timeline.spans_sick()
    return find_rows(timeline, spans, agreed_missed=False, final_ends=False) if spans else []


def add_months(day: date, months: int) -> date:
    """`day` so many calendar months later, or the last day of that month when it has no such day."""
    year, month = divmod(day.month - 1 + months, 12)
    year += day.year
    month += 1
    return date(year, month, min(day.day, monthrange(year, month)[1]))


def months_between(start: date, day: date) -> int:
    """The whole calendar months from `start` to `day`: the largest n with `add_months(start, n) <= day`."""
    months = (day.year - start.year) * 12 + day.month - start.month
    return months if add_months(start, months) <= day else months - 1


def _due(row: Row, norm: Norm) -> int:
    """The date on which the row reaches `norm`, or some date after its end when it does not."""
    never = row.end + 1
    if norm.rule is Rule.HOME_3M:
        months = norm.amount
        if row.end - row.start < months * _SHORTEST_MONTH:
            return never
        return add_months(date.fromordinal(row.start), months).toordinal()
    if norm.reading is Reading.CALENDAR and norm.rule is not Rule.LRV:
        return row.start + norm.calendar_days - 1
    if row.end - row.start + 1 < norm.amount:
        return never
    return row.date_of_school_day(norm.amount, agreed=norm.rule is not Rule.LRV) or never


def run_crossings(timeline: Timeline, rows: list[Row], rules: tuple[Rule, ...]) -> list[Crossing]:
    """The crossings in these rows, each rule at most once a row: the first date that reaches the norm of that date."""
    found: list[Crossing] = []
    if not rows:
        return found
    for rule in rules:
        periods = norm_periods(timeline.enrolments, rule)
        for row in rows:
            for lo, hi, norm, _ in periods:
                if hi < row.start or lo > row.end:
                    continue
                day = max(_due(row, norm), lo)
                if day <= hi and day <= row.end:
                    found.append(Crossing(rule, date.fromordinal(row.start), date.fromordinal(day), norm))
                    break
    return found

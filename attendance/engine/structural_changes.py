"""When the structural suggestion comes or goes by the passing of time alone."""

from __future__ import annotations

from typing import NamedTuple

from attendance.engine.facts import Rule
from attendance.engine.norm_periods import NormPeriod, norm_periods, period_on
from attendance.engine.structural import KnownDates, is_below, share_holds
from attendance.engine.timeline import Piece, Timeline


class _Candidate(NamedTuple):
    day: int
    piece: Piece
    period: NormPeriod
    start: int


def suggestion_changes(timeline: Timeline, today: int) -> int:
    """The first date after `today` in the timeline on which the suggestion comes or goes; 0 when there is none."""
    periods = norm_periods(timeline.enrolments, Rule.STRUCTURAL)
    last = _last_school_day(timeline, today)
    if _is_out_of_reach(timeline, periods, last):
        return 0
    days = {day for piece in timeline.pieces if piece.hi > today for day in _days_of_change(piece, periods, today)}
    # After the last date of an enrolment, or of a norm, nothing can stand.
    ends = [*(piece.hi for piece in timeline.pieces), *(period.hi for period in periods)]
    days |= {end + 1 for end in ends if today <= end < timeline.until}
    candidates = {day: found for day in sorted(days | {today, last}) if (found := _candidate(timeline, periods, day))}
    if not candidates:
        return 0
    earliest = min(candidate.start for candidate in candidates.values())
    if timeline.last_missed < earliest and not any(piece.own for piece in timeline.pieces if piece.hi >= earliest):
        return 0
    dates = KnownDates(timeline, earliest, timeline.until)
    # Today it stands when the pupil is enrolled, and it holds today and held on the last school day.
    now = [found for found in candidates.values() if found.day <= today]
    before = bool(now) and now[-1].day == today
    before = before and (is_below(now[-1].piece) or all(_share(dates, found) for found in now))
    for day in sorted(days):
        found = candidates.get(day)
        if (found is not None and (is_below(found.piece) or _share(dates, found))) != before:
            return day
    return 0


def never_suggested(timeline: Timeline, today: int) -> bool:
    """Whether nothing stands today or comes later, when nothing is recorded or known about dates after `today`.

    `timeline` ends on `today`. False also when that takes more looking.
    """
    if any(piece.last_known() > today for piece in timeline.pieces):
        return False
    last = _last_school_day(timeline, today)
    return _is_out_of_reach(timeline, norm_periods(timeline.enrolments, Rule.STRUCTURAL), last)


def _is_out_of_reach(timeline: Timeline, periods: list[NormPeriod], last: int) -> bool:
    """Whether what is missed is too little for any window that ends on `last`, the last school day, or later.

    All of it is held against the fewest known dates that a suggestion may rest on.
    """
    if not periods or any(piece.own for piece in timeline.pieces):
        return not periods
    norms = [period.norm for period in periods]
    weeks = max(norm.weeks for norm in norms)
    calendars = {enrolment.school.calendar for enrolment in timeline.enrolments}
    first = min(calendar.window_start(last, weeks) for calendar in calendars)
    if timeline.last_missed < first:
        return True
    dates = KnownDates(timeline, first, timeline.until)
    if dates.days and dates.days[-1] > last:
        return False
    least = dates.fewest(max(min(norm.min_weeks for norm in norms), 1))
    if least is None:
        return True
    return dates.short[-1] * 100 < min(norm.amount for norm in norms) * (dates.standard[-1] - dates.standard[least])


def _share(dates: KnownDates, found: _Candidate) -> bool:
    high = dates.index(found.day + 1)
    return share_holds(dates, dates.index(found.start), high, high, found.period.norm)


def _candidate(timeline: Timeline, periods: list[NormPeriod], day: int) -> _Candidate | None:
    piece, period = timeline.piece_of(day), period_on(periods, day)
    if piece is None or period is None:
        return None
    start = piece.enrolment.school.calendar.window_start(day, period.norm.weeks)
    return _Candidate(day, piece, period, start)


def _last_school_day(timeline: Timeline, today: int) -> int:
    for piece in reversed(timeline.pieces):
        day = min(piece.hi, today)
        while day >= piece.lo:
            if piece.is_school_day(day):
                return day
            day -= 1
    return today


def _days_of_change(piece: Piece, periods: list[NormPeriod], today: int) -> set[int]:
    """Dates on which the share can change: what becomes known, a new week, a new norm; and the first date."""
    first = max(piece.lo, today + 1)
    found = {first}
    for begin in (first, *(period.lo for period in periods if first < period.lo <= piece.hi)):
        found.add(piece.after(begin))
    day = piece.after(first)
    known = max(piece.known, max(piece.taken, default=0))
    while day <= piece.hi:
        # The window moves on Monday, also when that is no school day.
        found.update((day, max((day - 1) // 7 * 7 + 1, first)))
        day = piece.after(day + 1 if day <= known else (day - 1) // 7 * 7 + 8)
    return {day for day in found if day <= piece.hi}

"""Every date of a pupil explained: what kind of day it was, why, and whether it counts for a crossing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import NamedTuple

from attendance.engine.facts import Absence, Crossing, Day, Facts, Kind, Reading, Rule, Why
from attendance.engine.runs import sick_rows
from attendance.engine.timeline import Piece, Timeline

_SATURDAY = 5
_RUN_RULES = (Rule.HOME_2W, Rule.HOME_4W, Rule.HOME_3M, Rule.LRV)
_MISSED_IN_RUN = (Why.MISSED, Why.HOME_BY_AGREEMENT, Why.DAY_OFF)

KINDS = {
    Why.NOT_ENROLLED: Kind.NEUTRAL,
    Why.EXEMPT: Kind.EXEMPT,
    Why.WEEKEND: Kind.NEUTRAL,
    Why.CLOSED: Kind.NEUTRAL,
    Why.HOME_BY_AGREEMENT: Kind.MISSED,
    Why.DAY_OFF: Kind.NEUTRAL,
    Why.MISSED: Kind.MISSED,
    Why.NOT_KNOWN: Kind.UNKNOWN,
    Why.PARTLY: Kind.ATTENDED,
    Why.PRESENT: Kind.ATTENDED,
}


class Sight(NamedTuple):
    """What one date (an ordinal) of a timeline looks like: why it has its kind, and its minutes."""

    ordinal: int
    piece: Piece | None
    why: Why
    expected: int = 0
    missed: int = 0
    unauthorised: int = 0
    sick: int = 0


def days(facts: Facts, first: date, last: date) -> tuple[Day, ...]:
    """Each date from `first` to `last`, with its kind for the run at home and its minutes; none is marked counted."""
    timeline = Timeline(facts, last.toordinal())
    seen = _sights(timeline, first, timeline.until)
    return tuple(_day(sight, facts.absences, counted=False) for sight in seen)


def explain(facts: Facts, crossing: Crossing, as_of: date) -> tuple[Day, ...]:
    """Each date from the start of a crossing to the date it was crossed, none after `as_of`, and which of them count.

    The kind of a day is always that for the run at home; whether it counts follows the rule of the crossing, as these
    facts are now: for a crossing that no longer holds, that shows what is missing.
    """
    timeline = Timeline(facts, min(crossing.crossed_on, as_of).toordinal())
    counts = _counting(timeline, crossing)
    seen = _sights(timeline, crossing.start, timeline.until)
    return tuple(_day(sight, facts.absences, counted=counts(sight)) for sight in seen)


def marks(timeline: Timeline, crossing: Crossing) -> Iterator[tuple[date, Why, bool, str]]:
    """The same in short: each date up to the crossing, why it has its kind, whether it counts, and the free day's name.

    `timeline` reaches at least to the date of the crossing: what comes after changes nothing.
    """
    counts = _counting(timeline, crossing)
    for sight in _sights(timeline, crossing.start, min(crossing.crossed_on.toordinal(), timeline.until)):
        yield date.fromordinal(sight.ordinal), sight.why, counts(sight), _name(sight)


def _sights(timeline: Timeline, first: date, last: int) -> Iterator[Sight]:
    for ordinal in range(first.toordinal(), last + 1):
        yield _sight(timeline, ordinal)


def _sight(timeline: Timeline, ordinal: int) -> Sight:
    piece = timeline.piece_of(ordinal)
    if piece is None:
        return Sight(ordinal, None, Why.NOT_ENROLLED)
    if piece.exempt:
        return Sight(ordinal, piece, Why.EXEMPT)
    if not piece.is_school_day(ordinal):
        return Sight(ordinal, piece, Why.WEEKEND if (ordinal - 1) % 7 >= _SATURDAY else Why.CLOSED)
    expected, missed, unauthorised, sick = timeline.minutes_on(piece, ordinal)
    if not expected:
        return Sight(ordinal, piece, Why.HOME_BY_AGREEMENT if piece.agreed else Why.DAY_OFF)
    if missed:
        why = Why.MISSED if missed == expected else Why.PARTLY
    else:
        known = piece.is_known(ordinal) or timeline.is_covered(ordinal)
        why = Why.PRESENT if known else Why.NOT_KNOWN
    return Sight(ordinal, piece, why, expected, missed, unauthorised, sick)


def _name(sight: Sight) -> str:
    return "" if sight.piece is None else sight.piece.enrolment.school.calendar.name_at(sight.ordinal)


def _day(sight: Sight, absences: tuple[Absence, ...], *, counted: bool) -> Day:
    day = date.fromordinal(sight.ordinal)
    refs = (row.ref for row in absences if row.ref is not None and _covers(row, day)) if sight.expected else ()
    return Day(
        day=day,
        kind=KINDS[sight.why],
        why=sight.why,
        counted=counted,
        expected=sight.expected,
        missed=sight.missed,
        unauthorised=sight.unauthorised,
        sick=sight.sick,
        refs=tuple(refs),
        note=_name(sight),
    )


def _covers(row: Absence, day: date) -> bool:
    if row.minutes is not None:
        return row.first == day
    return row.first <= day and (row.last is None or day <= row.last)


def _counting(timeline: Timeline, crossing: Crossing) -> Callable[[Sight], bool]:
    rule = crossing.rule
    if rule in _RUN_RULES:
        return _counting_in_run(crossing)
    if rule is Rule.HOURS_16:
        return lambda day: day.unauthorised > 0
    if rule is Rule.SICK_7D:
        return lambda day: day.expected > 0 and day.sick == day.expected
    if rule is Rule.SICK_4X:
        starts = {row.start for row in sick_rows(timeline)}
        return lambda day: day.ordinal in starts
    return _counts_in_share


def _counting_in_run(crossing: Crossing) -> Callable[[Sight], bool]:
    if crossing.rule is Rule.LRV:
        return lambda day: day.why is Why.DAY_OFF or (day.why is Why.MISSED and day.unauthorised == day.expected)
    if crossing.rule is Rule.HOME_3M or crossing.norm.reading is Reading.CALENDAR:
        return lambda _: True
    return lambda day: day.why in _MISSED_IN_RUN


def _counts_in_share(day: Sight) -> bool:
    piece, ordinal = day.piece, day.ordinal
    if piece is None or piece.exempt or not piece.is_school_day(ordinal) or not piece.is_known(ordinal):
        return False
    return day.missed > 0 or piece.expected(ordinal) < piece.enrolment.school.week[(ordinal - 1) % 7]

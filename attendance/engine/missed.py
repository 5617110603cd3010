"""How much of the timetable was missed, and why: for percentages, trends and patterns. No rule reads this.

A date is taken in when its register was taken or the school's data reaches it (docs/regels.md): of other dates nobody
knows who was there, so a share over them would say nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from attendance.engine.facts import Absence, Facts, School, Week
from attendance.engine.timeline import Piece, Timeline


class Cause(StrEnum):
    """Why minutes were missed, in the order in which a date that has more of them is divided."""

    UNAUTHORISED = "ongeoorloofd"
    SICK = "ziek"
    UNDECIDED = "onbekend"
    AUTHORISED = "geoorloofd"


Minutes = Mapping[int, int]
"""Date (ordinal) → minutes."""


@dataclass(frozen=True, slots=True)
class Looked:
    """The known dates of one pupil in a period.

    `expected` has the minutes of the timetable that held for the pupil, `standard` those of the school's, both by date;
    pupils without anything of their own share the same two objects. `missed` has the minutes missed by date and cause.
    """

    expected: Minutes
    standard: Minutes
    missed: dict[int, dict[Cause, int]]

    def share(self, first: date, last: date) -> Share:
        """What was missed from `first` to `last`."""
        lo, hi = first.toordinal(), last.toordinal()
        missed = {day: sum(causes.values()) for day, causes in self.missed.items() if lo <= day <= hi}
        days = [day for day in self.standard if lo <= day <= hi]
        left_out = sum(max(self.standard[day] - self.expected[day], 0) for day in days)
        return Share(
            days=len(days),
            missed=sum(missed.values()),
            expected=sum(self.expected[day] for day in days),
            left_out=left_out,
            standard=sum(self.standard[day] for day in days),
        )


@dataclass(frozen=True, slots=True)
class Share:
    """Minutes over so many known school days. `left_out`: what an own timetable leaves out of the standard one."""

    days: int
    missed: int
    expected: int
    left_out: int
    standard: int

    @property
    def of_own(self) -> int | None:
        """Whole per cent of the timetable that held for the pupil; None when nothing was expected."""
        return percentage(self.missed, self.expected)

    @property
    def of_standard(self) -> int | None:
        """Whole per cent of the school's timetable, with what an own timetable leaves out."""
        return percentage(self.missed + self.left_out, self.standard)


def percentage(part: int, whole: int) -> int | None:
    """Whole per cent, a half upwards; some is never 0 and not all is never 100. None of nothing."""
    if whole <= 0:
        return None
    rounded = (200 * part + whole) // (2 * whole)
    if 0 < part < whole:
        return min(max(rounded, 1), 99)
    return rounded


def looked(facts: Facts, first: date, last: date) -> Looked:
    """The known dates of a pupil from `first` to `last`, and what was missed on them."""
    lo, hi = first.toordinal(), last.toordinal()
    timeline = Timeline(facts, hi)
    pieces = [piece for piece in timeline.pieces if not piece.exempt and piece.lo <= hi and piece.hi >= lo]
    expected, standard = minutes_of(pieces, lo, hi)
    return Looked(expected, standard, missed_on(facts.absences, expected, lo, hi))


def minutes_of(pieces: list[Piece], lo: int, hi: int) -> tuple[Minutes, Minutes]:
    """Expected and standard minutes of the known school days, by date."""
    found = [
        known_minutes(piece.enrolment.school, piece.taken, piece.week, max(lo, piece.lo), min(hi, piece.hi))
        for piece in pieces
    ]
    if len(found) == 1:
        return found[0]
    expected: dict[int, int] = {}
    standard: dict[int, int] = {}
    for own, of_school in found:
        expected |= own
        standard |= of_school
    return expected, standard


@lru_cache(maxsize=512)
def known_minutes(school: School, taken: frozenset[int], week: Week, lo: int, hi: int) -> tuple[Minutes, Minutes]:
    """The same for dates of one enrolment, one timetable; kept, since a class has mostly one answer."""
    known = 0 if school.complete_through is None else school.complete_through.toordinal()
    days = [day for day in school.calendar.between(lo, hi) if day <= known or day in taken]
    standard = {day: school.week[(day - 1) % 7] for day in days}
    return {day: week[(day - 1) % 7] for day in days}, standard


def missed_on(absences: Iterable[Absence], expected: Minutes, lo: int, hi: int) -> dict[int, dict[Cause, int]]:
    """Minutes missed by date and cause, together never more than were expected."""
    found: dict[int, dict[Cause, int]] = {}
    for absence in absences:
        if not absence.counts:
            continue
        start = max(absence.first.toordinal(), lo)
        end = hi if absence.last is None else min(absence.last.toordinal(), hi)
        cause = cause_of(absence)
        for day in range(start, end + 1):
            minutes = expected.get(day)
            if minutes:
                causes = found.setdefault(day, {})
                causes[cause] = causes.get(cause, 0) + (minutes if absence.minutes is None else absence.minutes)
    return {day: capped(causes, expected[day]) for day, causes in found.items()}


def capped(causes: dict[Cause, int], most: int) -> dict[Cause, int]:
    """The minutes of one date, cut off in the order of Cause."""
    if sum(causes.values()) <= most:
        return causes
    left, kept = most, {}
    for cause in Cause:
        minutes = min(causes.get(cause, 0), left)
        if minutes:
            kept[cause] = minutes
            left -= minutes
    return kept


def cause_of(absence: Absence) -> Cause:
    """Sick goes before what is decided about it: MAZL looks at all of it."""
    if absence.sick:
        return Cause.SICK
    if absence.authorised is None:
        return Cause.UNDECIDED
    return Cause.AUTHORISED if absence.authorised else Cause.UNAUTHORISED

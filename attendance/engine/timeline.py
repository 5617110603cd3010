"""The dates of one pupil cut into few pieces, so that the clocks never walk over a year day by day.

Within a piece the enrolment, the timetable and the exemption do not change. All dates are ordinals.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Set
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from attendance.engine.calendar import EARLIEST, LATEST
from attendance.engine.facts import Absence, Enrolment, Facts, OwnTimetable

FULL, PARTLY, GAP, AGREED = range(4)
"""What a part of a run is: dates missed altogether, dates missed partly (sick reports only), dates without knowledge or
with nothing expected between them, and dates of an own timetable of only zeros."""


Span = tuple[int, int, int]
"""First date, FULL or PARTLY, and last date of dates in a row that have what a clock looks for."""


class Part(NamedTuple):
    """Dates of a run inside one piece. `grade` is FULL, PARTLY, GAP or AGREED."""

    lo: int
    hi: int
    grade: int
    piece: Piece


_NONE_TAKEN: frozenset[int] = frozenset()


def _ordinals(taken: Set[date]) -> frozenset[int]:
    return _ordinals_kept(frozenset(taken))


@lru_cache(maxsize=256)
def _ordinals_kept(taken: frozenset[date]) -> frozenset[int]:
    # A class shares one set, and so the pupils of a class share what is made of it.
    return frozenset(day.toordinal() for day in taken)


@lru_cache(maxsize=256)
def _last_of(taken: frozenset[int]) -> int:
    return max(taken)


class Piece:
    """Dates in a row on which a pupil is enrolled at one school, with one timetable, exempt or not."""

    __slots__ = (
        "after",
        "agreed",
        "enrolment",
        "exempt",
        "final",
        "hi",
        "known",
        "lo",
        "own",
        "taken",
        "upto",
        "week",
        "workdays",
    )

    def __init__(
        self, lo: int, hi: int, enrolment: Enrolment, own: OwnTimetable | None = None, *, exempt: bool = False
    ) -> None:
        school = enrolment.school
        self.lo = lo
        self.hi = hi
        self.enrolment = enrolment
        self.own = own
        self.exempt = exempt
        self.week = week = school.week if own is None else own.week
        self.workdays = 5 if 0 not in week else 5 - week.count(0)
        self.agreed = own is not None and not self.workdays
        known = school.complete_through
        self.known = 0 if known is None else known.toordinal()
        self.taken = _ordinals(enrolment.taken) if enrolment.taken else _NONE_TAKEN
        self.final = enrolment.final and enrolment.last is not None and enrolment.last.toordinal() == hi
        self.upto = school.calendar.upto
        self.after = school.calendar.after

    def expected(self, day: int) -> int:
        """Minutes expected on a date of this piece that is a school day."""
        return self.week[(day - 1) % 7]

    def school_days(self, lo: int, hi: int) -> int:
        """How many school days lie from `lo` to `hi`."""
        return self.upto(hi) - self.upto(lo - 1)

    def is_school_day(self, day: int) -> bool:
        """Whether the school of this piece is open on `day`."""
        return self.upto(day) != self.upto(day - 1)

    def lesson_days(self, lo: int, hi: int) -> list[int]:
        """The dates from `lo` to `hi` on which this pupil is expected."""
        days = self.enrolment.school.calendar.between(lo, hi)
        if self.workdays == 5:
            return list(days)
        week = self.week
        return [day for day in days if week[(day - 1) % 7]]

    def days_off(self, lo: int, hi: int) -> list[int]:
        """The school days from `lo` to `hi` on which nothing is expected of this pupil."""
        if self.workdays == 5:
            return []
        week = self.week
        return [day for day in self.enrolment.school.calendar.between(lo, hi) if not week[(day - 1) % 7]]

    def first_lesson_day(self, lo: int, hi: int) -> int:
        """The first date from `lo` to `hi` on which this pupil is expected, 0 when there is none."""
        if not self.workdays:
            return 0
        day = self.after(lo)
        if self.workdays < 5:
            week = self.week
            while day <= hi and not week[(day - 1) % 7]:
                day = self.after(day + 1)
        return day if day <= hi else 0

    def is_known(self, day: int) -> bool:
        """Whether the register of `day` was taken, or the school's data reaches it."""
        return day <= self.known or day in self.taken

    def last_known(self) -> int:
        """The last date of which anything is known, 0 when there is none."""
        return max(self.known, _last_of(self.taken)) if self.taken else self.known


class Minutes:
    """The sums over the partial records of one date. `expected` is 0 on a date on which nothing is expected."""

    __slots__ = ("expected", "missed", "sick", "unauthorised")

    def __init__(self, expected: int = 0) -> None:
        self.expected = expected
        self.missed = 0
        self.unauthorised = 0
        self.sick = 0


class Timeline:
    """The facts of one pupil up to and including `until`, sorted and cut."""

    __slots__ = (
        "_cover",
        "enrolments",
        "has_unauthorised",
        "last_missed",
        "partial",
        "pieces",
        "sick",
        "unauthorised",
        "until",
        "whole",
    )

    def __init__(self, facts: Facts, until: int) -> None:
        self.until = until = min(until, LATEST)
        self.enrolments = facts.enrolments
        if len(facts.enrolments) > 1:
            self.enrolments = tuple(sorted(facts.enrolments, key=_first))
        self.pieces = _pieces(self.enrolments, facts, until)
        self.whole: list[Span] = []
        self.unauthorised: list[Span] = []
        self.sick: list[Span] = []
        self.partial: dict[int, Minutes] = {}
        self._cover: list[tuple[int, int]] = []
        self.last_missed = 0
        """The last date of any record that counts as absence."""
        self.has_unauthorised = False
        if facts.absences:
            self._read(facts.absences)
            self.has_unauthorised = self.has_unauthorised or bool(self.unauthorised)

    def _read(self, absences: tuple[Absence, ...]) -> None:
        until, cover = self.until, self._cover
        whole, unauthorised, sick = self.whole, self.unauthorised, self.sick
        for absence in absences:
            lo = absence.first.toordinal()
            if lo > until:
                continue
            if absence.minutes is not None:
                cover.append((lo, lo))
                if absence.counts:
                    self._add_minutes(absence, lo, absence.minutes)
                continue
            last = absence.last
            hi = until if last is None else min(last.toordinal(), until)
            cover.append((lo, hi))
            if absence.counts:
                span = (lo, FULL, hi)
                whole.append(span)
                if absence.authorised is False:
                    unauthorised.append(span)
                if absence.sick:
                    sick.append(span)
        whole.sort()
        unauthorised.sort()
        sick.sort()
        self.last_missed = max((span[2] for span in whole), default=0)
        if self.partial:
            self.last_missed = max(self.last_missed, *self.partial)

    def _add_minutes(self, absence: Absence, day: int, missed: int) -> None:
        minutes = self.partial.get(day)
        if minutes is None:
            minutes = self.partial[day] = Minutes(self._expected(day))
        minutes.missed += missed
        if absence.authorised is False:
            minutes.unauthorised += missed
            self.has_unauthorised = True
        if absence.sick:
            minutes.sick += missed

    def piece_of(self, day: int) -> Piece | None:
        """The piece with `day` in it; None when the pupil is not enrolled on it."""
        for piece in self.pieces:
            if piece.lo <= day <= piece.hi:
                return piece
        return None

    def is_covered(self, day: int) -> bool:
        """Whether any record covers `day`, also one for part of the day or one that does not count as absence."""
        return any(lo <= day <= hi for lo, hi in self._cover)

    def first_attended(self, piece: Piece, lo: int, hi: int) -> int:
        """The first date from `lo` to `hi` on which the pupil was at school, 0 when there is none.

        The dates are of one piece, and none of them lies in a span of the clock that asks: so a date on which the pupil
        is expected was attended when it is known or covered.
        """
        day = piece.first_lesson_day(lo, hi)
        if not day or day <= piece.known:
            return day
        if piece.taken:
            while day and not (self.is_covered(day) or piece.is_known(day)):
                day = piece.first_lesson_day(day + 1, hi)
            return day
        covered = [piece.first_lesson_day(max(a, day), min(b, hi)) for a, b in self._cover if a <= hi and b >= day]
        return min(filter(None, covered), default=0)

    def spans_missed(self) -> list[Span]:
        """Dates on which all expected minutes are missed, whatever the reason."""
        full = [(day, FULL, day) for day, sums in self.partial.items() if 0 < sums.expected <= sums.missed]
        return sorted(self.whole + full) if full else self.whole

    def spans_unauthorised(self) -> list[Span]:
        """Dates on which all expected minutes are unauthorised."""
        full = [(day, FULL, day) for day, sums in self.partial.items() if 0 < sums.expected <= sums.unauthorised]
        return sorted(self.unauthorised + full) if full else self.unauthorised

    def spans_sick(self) -> list[Span]:
        """Dates with sick minutes, FULL when all expected minutes are."""
        some = [
            (day, FULL if sums.sick >= sums.expected else PARTLY, day)
            for day, sums in self.partial.items()
            if sums.expected and sums.sick
        ]
        return sorted(self.sick + some) if some else self.sick

    def _expected(self, day: int) -> int:
        piece = self.piece_of(day)
        return piece.expected(day) if piece and not piece.exempt and piece.is_school_day(day) else 0

    def minutes_on(self, piece: Piece, day: int) -> tuple[int, int, int, int]:
        """Expected, missed, unauthorised and sick minutes of a school day of `piece`, which is not exempt."""
        expected = piece.week[(day - 1) % 7]
        partial = self.partial.get(day) or _NO_MINUTES
        is_whole = _holds(self.whole, day)
        if not is_whole and partial is _NO_MINUTES:
            return expected, 0, 0, 0
        return (
            expected,
            expected if is_whole else min(expected, partial.missed),
            expected if _holds(self.unauthorised, day) else min(expected, partial.unauthorised),
            expected if _holds(self.sick, day) else min(expected, partial.sick),
        )


_NO_MINUTES = Minutes()


def _first(row: Enrolment) -> date:
    return row.first


def _holds(spans: list[Span], day: int) -> bool:
    # Whole-day records of a pupil do not overlap; should they, an earlier and longer one is found by the walk back.
    i = bisect_left(spans, (day + 1,)) if spans else 0
    while i:
        i -= 1
        if spans[i][2] >= day:
            return True
    return False


def _pieces(enrolments: tuple[Enrolment, ...], facts: Facts, until: int) -> list[Piece]:
    pieces: list[Piece] = []
    for enrolment in enrolments:
        lo = max(enrolment.first.toordinal(), EARLIEST)
        hi = until if enrolment.last is None else min(enrolment.last.toordinal(), until)
        if lo > hi:
            continue
        if facts.timetables or facts.exemptions:
            pieces += _cut(lo, hi, enrolment, facts)
        else:
            pieces.append(Piece(lo, hi, enrolment))
    return pieces


def _cut(lo: int, hi: int, enrolment: Enrolment, facts: Facts) -> list[Piece]:
    own = [(row.first.toordinal(), _last(row.last), row) for row in facts.timetables]
    exempt = [(row.first.toordinal(), _last(row.last)) for row in facts.exemptions]
    starts = {lo}
    for first, last in (*((first, last) for first, last, _ in own), *exempt):
        starts.update((first, last + 1))
    cuts = sorted(cut for cut in starts if lo <= cut <= hi)
    return [
        Piece(
            a,
            b,
            enrolment,
            next((row for first, last, row in own if first <= a <= last), None),
            exempt=any(first <= a <= last for first, last in exempt),
        )
        for a, b in zip(cuts, (*(cut - 1 for cut in cuts[1:]), hi), strict=True)
    ]


def _last(last: date | None) -> int:
    return LATEST if last is None else last.toordinal()

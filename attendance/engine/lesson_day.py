"""What the lessons of one day say of one pupil, as records of absence. Pure: the order in which lessons were taken is
not in it, so it cannot matter.

The child's safety comes first. A date with any record is known, and a partly missed date is a date at school, which
ends a run at home. So what one teacher saw of a pupil who was not there makes no record while other lessons of that day
were never taken: the date stays unknown, the run goes on and does not count it.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Seen(StrEnum):
    """What a teacher noted of a pupil in a lesson."""

    PRESENT = "aanwezig"
    ABSENT = "afwezig"
    LATE = "telaat"


@dataclass(frozen=True, slots=True)
class Mark:
    """A pupil in one lesson. `reason` is the caller's own; `minutes` is how late (LATE only)."""

    seen: Seen
    reason: Hashable = None
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class LessonDay:
    """The lessons of a class on a day.

    `lengths` in minutes, the first lesson first; `taken` and `cancelled` are numbers of lessons, from 1. `known`:
    something else than these lessons says that the absence of this day is complete (an import, the register of the
    whole day), so that silence about a lesson that was not taken means "was there".
    """

    lengths: tuple[int, ...]
    taken: frozenset[int] = frozenset()
    cancelled: frozenset[int] = frozenset()
    known: bool = False

    @property
    def open_lessons(self) -> tuple[int, ...]:
        """The numbers of the lessons that were neither taken nor cancelled."""
        return tuple(
            number
            for number in range(1, len(self.lengths) + 1)
            if number not in self.taken and number not in self.cancelled
        )

    @property
    def is_complete(self) -> bool:
        """Whether every lesson was taken or cancelled. A day on which nothing was taken says nothing of anybody."""
        return bool(self._counting()) and not self.open_lessons

    def _counting(self) -> list[int]:
        return [number for number in range(1, len(self.lengths) + 1) if number in self.taken - self.cancelled]


@dataclass(frozen=True, slots=True)
class Other:
    """A record of part of this day that somebody else made. `came`: it says that the pupil came in (late)."""

    lesson: int
    minutes: int
    came: bool = False


@dataclass(frozen=True, slots=True)
class PupilDay:
    """One pupil on that day.

    `expected` in minutes. `silent_is_present` False: a pupil with a shorter timetable of their own, of whom nobody
    knows in which lessons they belong, so that silence says nothing. `others`: records of parts of the day made by
    others; `is_covered`: a record of others covers all of it.
    """

    expected: int
    marks: Mapping[int, Mark] = field(default_factory=dict)
    silent_is_present: bool = True
    others: tuple[Other, ...] = ()
    is_covered: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """Absent in a lesson for `minutes`; lesson 0 with minutes None is the whole day."""

    lesson: int
    minutes: int | None
    reason: Hashable


def lesson_lengths(minutes: int, lesson_minutes: int) -> tuple[int, ...]:
    """The lessons of a day of so many minutes: rounded up, the last one takes what is left."""
    if minutes <= 0 or lesson_minutes <= 0:
        return ()
    full, rest = divmod(minutes, lesson_minutes)
    return (lesson_minutes,) * full + ((rest,) if rest else ())


def settle(day: LessonDay, pupil: PupilDay) -> tuple[Record, ...]:
    """The records that the lessons of this day amount to, in order of lesson.

    Seen in any lesson: a record for each lesson missed, always less than the whole day. Missed every lesson of a day
    of which all lessons are accounted for: the whole day. Otherwise nothing.
    """
    if pupil.expected <= 0 or pupil.is_covered:
        return ()
    missed, attended, came = _missed_and_attended(day, pupil)
    claimed = {row.lesson for row in pupil.others}
    left = pupil.expected - sum(row.minutes for row in pupil.others)
    free = [row for row in missed if row.lesson not in claimed]
    if came:
        return _fill(free, left - max(1, attended))
    if day.open_lessons or not free:
        return ()
    if not pupil.others and len({row.reason for row in free}) == 1:
        return (Record(0, None, free[0].reason),)
    return _fill(free, left, to_the_end=True)


def is_unheard(day: LessonDay, pupil: PupilDay) -> bool:
    """Whether all lessons together still say nothing of a pupil who was expected: silence would make them present."""
    if pupil.silent_is_present or pupil.expected <= 0 or pupil.is_covered or pupil.others:
        return False
    return not any(number in pupil.marks for number in day.taken - day.cancelled)


def missed_so_far(day: LessonDay, pupil: PupilDay) -> bool:
    """Whether the pupil was absent in every lesson taken so far, and in at least one."""
    missed, _, came = _missed_and_attended(day, pupil)
    return bool(missed) and not came


def was_seen(day: LessonDay, pupil: PupilDay) -> bool:
    """Whether a teacher had the pupil in a lesson of this day."""
    taken = LessonDay(day.lengths, day.taken, day.cancelled)
    return _missed_and_attended(taken, PupilDay(pupil.expected, pupil.marks, pupil.silent_is_present))[2]


def _missed_and_attended(day: LessonDay, pupil: PupilDay) -> tuple[list[Record], int, bool]:
    """What was missed lesson by lesson, the minutes attended, and whether the pupil came to school at all."""
    missed: list[Record] = []
    attended = 0
    came = any(row.came for row in pupil.others)
    for number, length in enumerate(day.lengths, 1):
        if number in day.cancelled:
            continue
        if number not in day.taken:
            came = came or day.known
            continue
        mark = pupil.marks.get(number) or (Mark(Seen.PRESENT) if pupil.silent_is_present else None)
        if mark is None:
            continue
        if mark.seen is Seen.ABSENT:
            missed.append(Record(number, length, mark.reason))
            continue
        came = True
        late = min(mark.minutes, length - 1) if mark.seen is Seen.LATE else 0
        attended += length - late
        if late > 0:
            missed.append(Record(number, late, mark.reason))
    return missed, attended, came


def _fill(rows: list[Record], left: int, *, to_the_end: bool = False) -> tuple[Record, ...]:
    """These rows as far as `left` minutes reach. `to_the_end`: the last one takes all that is left."""
    filled = []
    for index, row in enumerate(rows):
        is_last = to_the_end and index == len(rows) - 1
        minutes = left if is_last else min(row.minutes or 0, left)
        if minutes > 0:
            filled.append(Record(row.lesson, minutes, row.reason))
            left -= minutes
    return tuple(filled)

"""What a row of an absences file says, or why it says nothing yet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from attendance.importing import cells
from attendance.importing.cells import Row
from attendance.importing.refusals import RefusedRow

LAST_LESSON = 24

Key = tuple[date, int]
"""First date and lesson (0: none)."""


@dataclass(frozen=True, slots=True)
class Record:
    """What a row says of an absence; compared with what stands."""

    first: date
    last: date | None
    minutes: int | None
    reason_id: int

    @property
    def partial(self) -> bool:
        return self.minutes is not None


class Passed(RefusedRow):
    """The row says nothing about absence."""

    def __init__(self, why: RefusedRow, pupil_id: int, key: Key) -> None:
        super().__init__(why.column, why.reason, why.remedy)
        self.pupil_id = pupil_id
        self.key = key


class Waits(RefusedRow):
    """All of the row is right, but nobody knows its code; `school_id` is the school that has to say what it is."""

    def __init__(self, why: RefusedRow, pupil_id: int, key: Key, last: date | None, school_id: int) -> None:
        super().__init__(why.column, why.reason, why.remedy)
        self.pupil_id = pupil_id
        self.key = key
        self.last = last
        self.school_id = school_id


def lesson_of(row: Row) -> int:
    """The number of the lesson, 0 when there is none."""
    return cells.whole_number(row, "lesuur", least=1, most=LAST_LESSON) or 0


def code_of(row: Row) -> str:
    """The code as the file writes it."""
    return cells.text(row, "reden", longest=80)

"""Rows of the files, as plain values, and the child they belong to."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from thuiszitters.demo.names import Name
from thuiszitters.demo.schools import HAVEN, School


@dataclass(frozen=True)
class EnrolmentRow:
    """Enrolled at `school`, taught at `place`, in class `group` of that place."""

    school: School
    place: School
    group: str
    first: date
    last: date | None = None
    leaving_reason: str = ""


@dataclass(frozen=True)
class AbsenceRow:
    """`last` None: until further notice. `minutes` and `lesson` only on one date; a lesson alone is a whole one."""

    first: date
    last: date | None
    reason: str
    minutes: int | None = None
    lesson: int | None = None

    @property
    def whole_days(self) -> bool:
        return self.minutes is None and self.lesson is None

    def covers(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class TimetableRow:
    first: date
    last: date | None
    week: tuple[int, int, int, int, int]
    kind: str = "aangepast"


@dataclass(frozen=True)
class ExemptionRow:
    first: date
    last: date | None
    kind: str


@dataclass
class Child:
    """A pupil of the demo. `corrections` come in after `absences`, on the last day; `story` is what the pupil shows, ""
    for the many who show nothing."""

    number: str
    name: Name
    birth_date: date
    municipality: str
    enrolments: list[EnrolmentRow]
    years_before: int | None = None
    absences: list[AbsenceRow] = field(default_factory=list)
    corrections: list[AbsenceRow] = field(default_factory=list)
    timetables: list[TimetableRow] = field(default_factory=list)
    exemptions: list[ExemptionRow] = field(default_factory=list)
    story: str = ""

    @property
    def now(self) -> EnrolmentRow:
        """The last enrolment."""
        return self.enrolments[-1]

    @property
    def home(self) -> School:
        """The school of enrolment, which keeps the number."""
        return self.now.school

    @property
    def taught_at_haven(self) -> bool:
        return self.now.place is HAVEN

"""What the schools' files say on an earlier date: the demo comes in bit by bit, as it would have."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from thuiszitters.demo.generate import Demo
from thuiszitters.demo.records import AbsenceRow, Child
from thuiszitters.demo.schools import COLLEGE, HAVEN, STALE_SCHOOL_DAYS, School, SchoolDays

STAGES_BACK = (60, 54, 48, 42, 36, 32, 28, 24, 21, 18, 15, 12, 10, 8, 7, 6, 5, 4, 3, 2, 1, 0)
"""The days on which files come in and people act, in school days before the open day."""


def stages(demo: Demo) -> list[date]:
    """The days that are played, in order; the last is today."""
    days = demo.days[COLLEGE.brin]
    found = [days.back(n) for n in STAGES_BACK]
    return found if found[-1] == demo.today else [*found, demo.today]


def complete_through(days: SchoolDays, day: date) -> date:
    """What the file that comes in on `day` is complete to."""
    if day >= days.open_day:
        return days.complete_through
    return days.before(day, 1 + (STALE_SCHOOL_DAYS if days.school is HAVEN else 0))


def child_as_known(child: Child, day: date) -> Child:
    """The child with what its school knew on `day` of enrolments, own timetables and exemptions; without absences.

    An end that has not come yet is not known; the first enrolment always is.
    """
    first, *later = child.enrolments
    known = [first, *(row for row in later if row.first <= day)]
    return replace(
        child,
        enrolments=[row if row.last is None or row.last < day else replace(row, last=None) for row in known],
        timetables=[row for row in child.timetables if row.first <= day],
        exemptions=[row for row in child.exemptions if row.first <= day],
        absences=[],
    )


def absences_as_known(child: Child, through: date, day: date) -> list[AbsenceRow]:
    """The records of a file that is complete to `through` and comes in on `day`.

    Who is not back yet is absent up to the end of the file; in a story until further notice, and the story's last
    record is there on its first day: somebody rang in the morning.
    """
    if child.story:
        known = [row for row in child.absences if row.first <= (through if row.last else day)]
        return [row if row.last is None or row.last <= through else replace(row, last=None) for row in known]
    known = [row for row in child.absences if row.first <= through]
    return [row if row.last is None or row.last <= through else replace(row, last=through) for row in known]


class Files:
    """The records that each school has delivered so far, so that a file holds what is new and no more."""

    def __init__(self, demo: Demo) -> None:
        self.demo = demo
        self.sent: dict[str, dict[tuple[date, int | None], AbsenceRow]] = {}

    def news(self, school: School, day: date) -> list[tuple[Child, AbsenceRow]]:
        """Records of children taught at `school` that are new or other than they were."""
        through = complete_through(self.demo.days[school.brin], day)
        found = []
        for child in self.demo.children:
            if child.now.place is school:
                sent = self.sent.setdefault(child.number, {})
                rows = absences_as_known(child, through, day)
                if day == self.demo.today:
                    rows += child.corrections
                for row in rows:
                    key = (row.first, row.lesson)
                    if sent.get(key) != row:
                        sent[key] = row
                        found.append((child, row))
        return found

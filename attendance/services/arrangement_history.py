"""What an enrolment, an own timetable or an exemption said before a change, kept with who changed it and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

from django.db.models import Model

from attendance.models import ArrangementChange, Enrolment, Exemption, OwnTimetable, RegisterImport
from attendance.services.crossings import Outcome
from thuiszitters.accounts.models import User

About = ArrangementChange.About
What = ArrangementChange.What
Arrangement = Enrolment | OwnTimetable | Exemption
Row = TypeVar("Row", bound=Model)
WHY_LENGTH = 300


@dataclass(frozen=True)
class Saved(Generic[Row]):
    """A row as it is now, and what its evaluation changed in the signals."""

    row: Row
    outcome: Outcome


@dataclass(frozen=True)
class Author:
    """Who changes something, and why. `by` None and no `source`: the command line."""

    by: User | None = None
    why: str = ""
    source: RegisterImport | None = None


def says(row: Arrangement) -> dict[str, str]:
    """What the row says, by field, as text that can be read years later."""
    said: dict[str, str | date | int | None] = {"van": row.first, "tot": row.last}
    if isinstance(row, Enrolment):
        said |= {
            "school": str(row.school),
            "les op": str(row.place),
            "klas": str(row.group) if row.group else "",
            "uitstroomreden": row.get_leaving_reason_display(),
        }
    elif isinstance(row, OwnTimetable):
        said |= {
            "minuten": " ".join(str(minutes) for minutes in row.week),
            "soort": row.get_kind_display(),
            "afgesproken met": row.agreed_by,
            "afgesproken op": row.agreed_on,
            "waarom": row.reason,
        }
    else:
        said |= {"soort": row.kind, "volgt uit": row.decided_by, "datum bericht": row.decided_on}
    return {name: value.isoformat() if isinstance(value, date) else str(value or "") for name, value in said.items()}


def about(row: Arrangement) -> ArrangementChange.About:
    """Which of the three it is."""
    if isinstance(row, Enrolment):
        return About.ENROLMENT
    return About.TIMETABLE if isinstance(row, OwnTimetable) else About.EXEMPTION


def change_of(row: Arrangement, what: ArrangementChange.What, author: Author) -> ArrangementChange:
    """The line of the history for a change of `row`, to be made before the change (after it, for a new row). Not
    saved."""
    return ArrangementChange(
        pupil_id=row.pupil_id,
        about=about(row),
        what=what,
        subject=row.code,
        first=row.first,
        last=row.last,
        was={} if what == What.MADE else says(row),
        why=author.why[:WHY_LENGTH],
        by=author.by,
        source=author.source,
    )


def note_change(row: Arrangement, what: ArrangementChange.What, author: Author) -> None:
    """Keep what the row says before it changes, or that it was made."""
    change_of(row, what, author).save(force_insert=True)

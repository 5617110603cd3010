"""Where lessons and records say something else of a pupil. The record stands; a person decides."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from attendance.engine.lesson_day import Mark, Seen, settle, was_seen
from attendance.models import Absence
from attendance.services.lesson_settling import DayState, PupilLessons
from thuiszitters.accounts.dutch_dates import period, short_date


@dataclass(frozen=True)
class Conflict:
    """`record` is what stands and can be changed; None when somebody withdrew it: then the lesson can be."""

    text: str
    day: date
    record: Absence | None = None


def conflicts_of(state: DayState, row: PupilLessons, today: date) -> list[Conflict]:
    """What the lessons of a day say otherwise than the records that others made."""
    day = short_date(state.day, today)
    found = []
    for absence in row.theirs:
        said = absence.reason.label.lower()
        if not (absence.reason.maps_to or absence.reason).counts:
            continue
        if absence.minutes is None and was_seen(state.lessons, row.seen):
            lessons = ", ".join(map(str, _present_in(state, row)))
            text = f"{day}: was er in les {lessons}, maar staat als {said} {period(absence.first, absence.last, today)}"
            found.append(Conflict(text, state.day, absence))
        elif absence.lesson in _present_in(state, row) and not absence.reason.minutes_required:
            found.append(
                Conflict(f"{day}: was er in les {absence.lesson}, maar staat die les als {said}", state.day, absence)
            )
    if row.taken_back & set(settle(state.lessons, row.seen)):
        text = f"{day}: de melding is ingetrokken, maar in de les staat nog afwezig"
        found.append(Conflict(text, state.day))
    return found


def _present_in(state: DayState, row: PupilLessons) -> list[int]:
    """The lessons in which a teacher had the pupil from the start or later."""
    silence = Mark(Seen.PRESENT if row.seen.silent_is_present else Seen.ABSENT)
    return [
        number for number in sorted(state.lessons.taken) if row.seen.marks.get(number, silence).seen is not Seen.ABSENT
    ]

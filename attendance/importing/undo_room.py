"""Whether what comes back still has room beside what came since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from attendance.importing.changes import MODELS
from attendance.importing.spans import Entry, Ledger
from attendance.importing.undo_steps import Step, restored
from attendance.models import Absence, CalendarException, Enrolment
from attendance.models.imports import ChangeKind

NO_ROOM = "wat er eerst stond overlapt met wat er sindsdien bij kwam"
NOT_OVERLAPPING = (ChangeKind.TIMETABLE, ChangeKind.ENROLMENT, ChangeKind.CALENDAR, ChangeKind.ABSENCE)
"""Kinds of which two of one owner never claim the same dates."""


def by_owner(steps: Iterable[Step]) -> list[list[Step]]:
    found: dict[tuple[int | None, int | None], list[Step]] = defaultdict(list)
    for step in steps:
        found[step.changes[0].pupil_id, step.changes[0].school_id].append(step)
    return list(found.values())


@dataclass(frozen=True, slots=True)
class Span:
    """A period that claims its dates; `key` of it there is one only."""

    first: Any
    last: Any
    partial: bool
    key: object


def keep_without_room(kind: str, steps: list[Step]) -> None:
    """Of one owner: what came since goes before what comes back; whatever finds no room stays as the import left it."""
    coming = [step for step in steps if step.open and step.before and step.row is not None]
    if not coming:
        return
    others = {row.pk: span_of(row) for row in rows_beside(kind, steps)}
    while True:
        going = {step.row.pk for step in steps if step.open and step.row is not None}
        ledger: Ledger[int, Span] = Ledger(
            Entry(pk, span) for pk, span in others.items() if pk not in going and span is not None
        )
        keys = {span.key for pk, span in others.items() if pk not in going and span is not None}
        blocked = None
        for step in coming:
            span = span_of(restored(step)) if step.open else None
            if span is None:
                continue
            entry = Entry(step.row.pk, span)
            if span.key in keys or not ledger.fits(entry):
                blocked = step
                break
            ledger.put(entry)
            keys.add(span.key)
        if blocked is None:
            return
        blocked.keep(NO_ROOM)


def rows_beside(kind: str, steps: list[Step]) -> Iterable[Any]:
    first = steps[0].changes[0]
    if kind == ChangeKind.CALENDAR:
        return CalendarException.objects.filter(school=first.school_id)
    if kind == ChangeKind.ABSENCE:
        return Absence.objects.filter(pupil=first.pupil_id)
    rows: Iterable[Any] = MODELS[kind]._base_manager.filter(pupil=first.pupil_id)  # noqa: SLF001 - its public name
    return rows


def span_of(row: Any) -> Span | None:
    """What a row claims; None when it was withdrawn."""
    if isinstance(row, Absence):
        if row.withdrawn:
            return None
        return Span(row.first, row.last, row.minutes is not None, (row.first, row.lesson))
    return Span(row.first, row.last, False, (row.first, row.school_id) if isinstance(row, Enrolment) else row.first)

"""Up to which date a school is complete, once a file that said so is undone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from attendance.models import ImportChange, RegisterImport
from attendance.models.imports import ChangeKind, Outcome
from attendance.services.touched import touched_by_school
from thuiszitters.accounts.models import School

MOVED = "is sindsdien opnieuw verplaatst"
SAID_BY_OTHERS = "een ander bestand zegt hetzelfde"


def day_before(moves: Iterable[tuple[date | None, date]], stated: Iterable[date], moved: date | None) -> date | None:
    """The date that holds when a move to a later one is taken back.

    `moved`: from where it was moved; `moves` of undone files, from and to: where one of those had brought it does not
    count either; `stated`: what the files say that still hold.
    """
    by_end = {end: begin for begin, end in moves}
    while moved is not None and moved in by_end and moved not in set(stated):
        moved = by_end[moved]
    return max((day for day in (moved, *stated) if day is not None), default=None)


def put_back_completeness(change: ImportChange, touched: set[int]) -> str:
    """Move the date of the school back, as no import otherwise does; why not, when that is so."""
    school = School.objects.select_for_update(of=("self",), no_key=True).get(pk=change.row)
    after = date.fromisoformat(change.after["complete_through"])
    if school.complete_through != after:
        return MOVED
    undone = ImportChange.objects.filter(kind=ChangeKind.COMPLETE, row=school.pk, outcome=Outcome.UNDONE)
    moves = [(day(row.before["complete_through"]), date.fromisoformat(row.after["complete_through"])) for row in undone]
    others = RegisterImport.objects.filter(stated_complete=school, undo_started_at=None).exclude(through=None)
    stated = [through for through in others.values_list("through", flat=True) if through is not None]
    holds = day_before(moves, stated, day(change.before["complete_through"]))
    if holds is not None and holds >= after:
        return SAID_BY_OTHERS
    school.complete_through = holds
    school.save(update_fields=["complete_through"])
    touched.update(touched_by_school(school))
    return ""


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None

"""Undoing a whole import: every row back to what it was, except where somebody has changed it since.

In short transactions, such that an undoing that is cut off is completed by doing it again, and that an import that is
still running stops.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.db.models import F
from django.db.models.query import QuerySet
from django.utils import timezone

from attendance.importing.context import WHAT
from attendance.importing.evaluating import Progress, evaluate_marked
from attendance.importing.undo_rows import Undoing, undo_rows
from attendance.models import ImportChange, RegisterImport
from attendance.models.imports import ChangeKind, Outcome
from attendance.services.locks import lock_pupils
from attendance.services.marks import mark_dirty
from thuiszitters.accounts.dutch_dates import full_date
from thuiszitters.accounts.models import User
from thuiszitters.audit.services import bulk_changes

AT_ONCE = 500
"""Changes a transaction, and the rest of those of the last pupil or school."""

STEPS: tuple[tuple[tuple[ChangeKind, ...], str], ...] = (
    ((ChangeKind.ABSENCE, ChangeKind.WAITING), "pupil_id"),
    ((ChangeKind.TIMETABLE,), "pupil_id"),
    ((ChangeKind.EXEMPTION,), "pupil_id"),
    ((ChangeKind.ENROLMENT, ChangeKind.PAST_GROUP, ChangeKind.PUPIL), "pupil_id"),
    ((ChangeKind.CALENDAR,), "school_id"),
    ((ChangeKind.GROUP,), "pk"),
    ((ChangeKind.SCHOOL,), "school_id"),
    ((ChangeKind.MUNICIPALITY, ChangeKind.ALLIANCE), "pk"),
    ((ChangeKind.COMPLETE,), "pk"),
)
"""What is undone before what: first what hangs on other rows; and whose changes belong in one transaction."""


@dataclass(slots=True)
class UndoResult:
    """`undone` counts changes that were taken back; `kept` are those that were not, each with `why`."""

    register_import: RegisterImport
    undone: int = 0
    kept: list[ImportChange] = field(default_factory=list)


def undo_import(
    *, register_import: RegisterImport, by: User | None, today: date, progress: Progress | None = None
) -> UndoResult:
    """Take back what an import did, and evaluate whom that touches. May be repeated, at the same time too.

    What was changed since, by a person or a later import, is left as it is and listed; so is a new pupil to whom
    something belongs by now, and the date up to which a school is complete when another file says so as well.
    """
    start(register_import, by)
    cause = f"inlezen van {WHAT[register_import.kind]} ongedaan gemaakt op {full_date(today)}"
    open_changes = ImportChange.objects.filter(register_import=register_import, outcome=Outcome.STANDS)
    total, done = open_changes.count(), 0
    for kinds, owner in STEPS:
        of_step = open_changes.filter(kind__in=kinds)
        while changed := undo_some(register_import, of_step, owner, by=by, cause=cause):
            done += changed
            if progress:
                progress("wijzigingen ongedaan gemaakt", min(done, total), total)
    evaluate_marked(cause=cause, today=today, progress=progress)
    bulk_changes.update(RegisterImport.objects.filter(pk=register_import.pk, undone_at=None), undone_at=timezone.now())
    register_import.refresh_from_db()
    return UndoResult(register_import, register_import.undone, list(kept_changes(register_import)))


def kept_changes(register_import: RegisterImport) -> QuerySet[ImportChange]:
    """What undoing this import left as it was."""
    rows = ImportChange.objects.filter(register_import=register_import, outcome=Outcome.KEPT)
    return rows.select_related("pupil", "school").order_by("kind", "pk")


def later_imports(register_import: RegisterImport) -> QuerySet[RegisterImport]:
    """Imports of this kind since then. What such a file found as it was does not tell; after undoing, read it again."""
    rows = RegisterImport.objects.filter(kind=register_import.kind, pk__gt=register_import.pk, undone_at=None)
    return rows.order_by("pk")


def start(register_import: RegisterImport, by: User | None) -> None:
    """From now on the import takes nothing in any more."""
    with transaction.atomic():
        row = held(register_import)
        if row.undo_started_at is None:
            row.undo_started_at, row.undone_by = timezone.now(), by
            row.save(update_fields=["undo_started_at", "undone_by"])


def held(register_import: RegisterImport) -> RegisterImport:
    """The import, locked until the transaction ends: of two who undo it, one waits for the other."""
    return RegisterImport.objects.select_for_update(of=("self",), no_key=True).get(pk=register_import.pk)


def undo_some(
    register_import: RegisterImport, changes: QuerySet[ImportChange], owner: str, *, by: User | None, cause: str
) -> int:
    """Undo some changes in a transaction; how many there were."""
    with transaction.atomic():
        row = held(register_import)
        some = list(together(changes, owner))
        if not some:
            return 0
        lock_pupils({change.pupil_id for change in some if change.pupil_id})
        undoing = Undoing(row, by)
        undo_rows(some, undoing)
        ImportChange.objects.filter(pk__in=[change.pk for change in some if change.outcome == Outcome.UNDONE]).update(
            outcome=Outcome.UNDONE
        )
        kept = [change for change in some if change.outcome == Outcome.KEPT]
        ImportChange.objects.bulk_update(kept, ["outcome", "why"])
        RegisterImport.objects.filter(pk=row.pk).update(
            undone=F("undone") + len(some) - len(kept), kept=F("kept") + len(kept)
        )
        mark_dirty(undoing.touched, cause=cause)
    return len(some)


def together(changes: QuerySet[ImportChange], owner: str) -> Iterator[ImportChange]:
    """The next changes, with all of the last one's pupil or school."""
    rows = changes.select_related("pupil", "school")
    some = list(rows.order_by(owner, "pk")[:AT_ONCE])
    yield from some
    if len(some) == AT_ONCE and owner != "pk":
        last = some[-1]
        yield from rows.filter(**{owner: getattr(last, owner)}, pk__gt=last.pk).order_by("pk")

"""Saying what a school's own code means, and taking in the rows that waited for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db import transaction
from django.utils import timezone

from attendance.importing.absences import Absences
from attendance.importing.cells import Row
from attendance.importing.changes import Change, fields_of, keep_changes, values_of
from attendance.importing.context import Context
from attendance.importing.evaluating import Progress, evaluate_marked
from attendance.models import Absence, Reason, RegisterImport, UnknownCode, WaitingRow
from attendance.models.imports import ChangeKind
from attendance.models.waiting import Solution
from attendance.services.locks import lock_pupils
from attendance.services.marks import mark_dirty
from thuiszitters.accounts.dutch_dates import full_date
from thuiszitters.accounts.models import School, User

AT_ONCE = 500
"""Rows a transaction."""
SINCE_CHANGED = "wat er staat is gewijzigd nadat dit bestand binnenkwam; kijk welk van de twee klopt"
REFUSAL_LENGTH = 400


@dataclass(slots=True)
class TakenIn:
    """What became of waiting rows. `refused` still wait, each with its `refusal`, until somebody has looked."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    refused: list[WaitingRow] = field(default_factory=list)


def map_code(
    *, school: School, code: str, to: Reason | None, by: User | None, today: date, progress: Progress | None = None
) -> TakenIn:
    """A code in the files of `school` means `to`, one of the common reasons, or (None) says nothing about absence.

    The rows that waited for it go in as rows of the file they came with, and their pupils are evaluated. From now on
    imports know the code. May be repeated; one that was cut off is completed by repeating it. Raises ValueError when
    `to` is a school's own code, or the code means something else already.
    """
    if to is not None and (to.school_id is not None or to.maps_to_id is not None):
        raise ValueError("Kies een van de algemene redenen.")
    with transaction.atomic():
        row = UnknownCode.objects.select_for_update(of=("self",)).get(school=school, key=code.lower())
        if row.solution == Solution.OPEN:
            row.reason = own_reason(school, row.code, to) if to is not None else None
            row.solution = Solution.REASON if to is not None else Solution.NO_ABSENCE
            row.solved_at, row.solved_by = timezone.now(), by
            row.save(update_fields=["reason", "solution", "solved_at", "solved_by"])
        elif to != (row.reason.maps_to if row.reason else None):
            raise ValueError("Deze code is al gekoppeld.")
    return take_in(code=row, by=by, today=today, progress=progress)


def own_reason(school: School, code: str, to: Reason) -> Reason:
    """The school's own code, with what it stands for. It may have been made meanwhile, on the page for reasons."""
    found = Reason.objects.filter(school=school, code__iexact=code).first()
    return found or Reason.objects.create(
        school=school,
        code=code,
        label=to.label,
        counts=to.counts,
        authorised=to.authorised,
        sick=to.sick,
        luxury=to.luxury,
        minutes_required=to.minutes_required,
        maps_to=to,
    )


def take_in(*, code: UnknownCode, by: User | None, today: date, progress: Progress | None = None) -> TakenIn:
    """Import what waits for a code that is solved, the oldest file first. May be repeated, at the same time too."""
    taken = TakenIn()
    cause = f"redencode gekoppeld op {full_date(today)}"
    waiting = WaitingRow.objects.filter(unknown_code=code, refusal="")
    total, done = waiting.count(), 0
    for import_id in waiting.order_by("register_import").values_list("register_import", flat=True).distinct():
        source = RegisterImport.objects.select_related("school").get(pk=import_id)
        for pupil_ids in pupils_of(code, import_id):
            with transaction.atomic():
                lock_pupils(pupil_ids)
                rows = list(waiting.filter(register_import=source, pupil__in=pupil_ids).order_by("line"))
                if code.solution == Solution.NO_ABSENCE:
                    touched = drop(rows)
                    taken.skipped += len(rows)
                else:
                    context = Context(today=today, school=source.school, by=by, register_import=source)
                    touched = enter(rows, context, taken)
                mark_dirty(touched, cause=cause)
            done += len(rows)
            if progress:
                progress("rijen gelezen", done, total)
    evaluate_marked(cause=cause, today=today, progress=progress)
    return taken


def pupils_of(code: UnknownCode, import_id: int) -> Iterator[list[int]]:
    """The pupils with rows of one file that wait for this code, some at a time."""
    last = 0
    rows = WaitingRow.objects.filter(unknown_code=code, register_import=import_id, refusal="").order_by("pupil")
    while found := list(rows.filter(pupil__gt=last).values_list("pupil", flat=True).distinct()[:AT_ONCE]):
        yield found
        last = found[-1]


def enter(rows: list[WaitingRow], context: Context, taken: TakenIn) -> set[int]:
    """Import these rows as their file would have, told its code; the pupils whose clocks that can move."""
    stale = changed_since(rows)
    fresh = [row for row in rows if row.pk not in stale]
    outcome = Absences(context).import_chunk([Row(row.line, row.cells) for row in fresh])
    why = {refusal.line: f"{refusal.reason} ({refusal.remedy})" for refusal in outcome.refusals}
    why |= {row.line: SINCE_CHANGED for row in rows if row.pk in stale}
    refused = [row for row in rows if row.line in why]
    for row in refused:
        row.refusal = why[row.line][:REFUSAL_LENGTH]
    WaitingRow.objects.bulk_update(refused, ["refusal"])
    # The import has let go of those that went in; what is left of them are rows that say the same as another one.
    drop(list(WaitingRow.objects.filter(pk__in=[row.pk for row in fresh if row.line not in why])))
    taken.created += outcome.counts["created"]
    taken.updated += outcome.counts["updated"]
    taken.unchanged += outcome.counts["unchanged"]
    taken.refused += refused
    return outcome.touched | {row.pupil_id for row in rows}


def changed_since(rows: list[WaitingRow]) -> set[int]:
    """The rows whose record was entered or changed after they came in: what is newer goes before what waited."""
    records = Absence.objects.standing().filter(pupil__in={row.pupil_id for row in rows}).order_by()
    columns = ("pupil_id", "first", "lesson", "changed_at")
    latest = {(pupil_id, first, lesson): at for pupil_id, first, lesson, at in records.values_list(*columns)}
    return {
        row.pk
        for row in rows
        if (at := latest.get((row.pupil_id, row.first, row.lesson))) is not None and at > row.arrived_at
    }


def drop(rows: Collection[WaitingRow]) -> set[int]:
    """Let rows go that no longer have to wait; their pupils."""
    for import_id in {row.register_import_id for row in rows}:
        keep_changes(
            RegisterImport(pk=import_id),
            [
                Change(ChangeKind.WAITING, row.pk, values_of(row, fields_of(ChangeKind.WAITING)), {}, row.pupil_id)
                for row in rows
                if row.register_import_id == import_id
            ],
        )
    WaitingRow.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return {row.pupil_id for row in rows}


def discard_waiting_row(*, row: WaitingRow, today: date) -> None:
    """Somebody has looked at a row that waits, and entered by hand what it means, if anything. May be repeated."""
    with transaction.atomic():
        lock_pupils([row.pupil_id])
        touched = drop(WaitingRow.objects.filter(pk=row.pk))
        cause = f"wachtende rij afgehandeld op {full_date(today)}"
        mark_dirty(touched, cause=cause)
    evaluate_marked(cause=cause, today=today)

"""The work on an uploaded file: look through it, import it, pick up what was left lying, forget what is old.

Each may run twice, late, or beside itself: who works on a file has claimed it, and an import that was cut off goes on
in the same report when it is run again.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from datetime import date, datetime
from typing import BinaryIO

from django.db import transaction

from attendance.importing.claims import MOST_ATTEMPTS, SILENT, Claim, claimed, idle, waiting
from attendance.importing.looking_through import Look, look_through
from attendance.importing.refusals import RefusedFile
from attendance.importing.refused_lines import WHY, keep_refused_lines, storable
from attendance.importing.result import ImportResult
from attendance.importing.run import columns_of, run_import
from attendance.importing.undo import start as start_undo
from attendance.importing.undo import undo_import
from attendance.importing.uploads import CHECK, IMPORT, drop_files, file_of, mapping_for, schools_within
from attendance.models import FileUpload, RegisterImport
from attendance.models.uploads import FINAL, KINDS_FOR_SCHOOL, Status
from attendance.services.follow_up import send_task
from thuiszitters.accounts.models import User

logger = logging.getLogger(__name__)

UNDO = "attendance.undo_import"

COUNTS = ("created", "updated", "unchanged", "refused", "waiting", "skipped", "would_withdraw", "standing")
FAILED = (
    "Er ging bij ons iets mis, drie keer achter elkaar. Er is niets van het bestand bewaard. "
    "Probeer het later opnieuw, en meld het aan de beheerder als het dan weer misgaat."
)
FAILED_HALFWAY = (
    "Er ging bij ons iets mis, drie keer achter elkaar. Een deel van het bestand is al ingelezen; dat staat in het "
    "verslag en kun je ongedaan maken. Lees het bestand nog eens in: wat er al staat, blijft zoals het is."
)
TOO_LATE = "Dit bestand is gewist, omdat het te lang wachtte. Upload het opnieuw."


def check_upload(upload_id: int, *, today: date) -> None:
    """Recognise the columns and, when that is clear, find out what an import would do. Writes no fact."""
    with claimed(upload_id, status=Status.TO_CHECK) as claim:
        if claim is None:
            return
        upload = claim.upload
        with file_of(upload) as file:
            try:
                if not find_columns(claim, file):
                    return
                result = imported(claim, file, today=today, register_import=None)
                look = look_through(file, upload=upload, result=result, today=today)
            except RefusedFile as refused:
                refuse(claim, str(refused))
                return
        with transaction.atomic():
            keep_refused_lines(upload, result.refusals, look.cells)
            claim.leave(status=Status.CHECKED, found=found(upload, result, look))


def find_columns(claim: Claim, file: BinaryIO) -> bool:
    """Keep what the columns are called; whether it is clear what each is. If not, somebody has to say."""
    upload = claim.upload
    columns = columns_of(file, upload.kind, mapping_for(upload))
    upload.columns = [
        {
            "name": storable(name),
            "samples": [storable(row[place]) for row in columns.sample if place < len(row) and row[place]],
        }
        for place, name in enumerate(columns.names)
    ]
    by_hand = {
        "recognised": {name.lower(): column for name, column in columns.recognised.items()},
        "missing": list(columns.missing),
        "unclear": sorted(columns.unclear),
        "choices": list(columns.choices),
        "required": list(columns.required),
        "fixed": columns.fixed,
    }
    claim.change(columns=upload.columns, found={"columns": by_hand})
    upload.found = {"columns": by_hand}
    if columns.complete or columns.fixed:
        return True
    claim.leave(status=Status.TO_MAP)
    return False


def import_upload(upload_id: int, *, today: date) -> None:
    """Import a checked file. When an earlier job died half-way, what it did stays and the rest is added to it."""
    with claimed(upload_id, status=Status.TO_IMPORT) as claim:
        if claim is None:
            return
        upload = claim.upload
        report = upload.register_import or open_report(claim)
        with file_of(upload) as file:
            try:
                result = imported(claim, file, today=today, register_import=report)
                look = look_through(file, upload=upload, result=result, today=today)
            except RefusedFile as refused:
                refuse(claim, str(refused))
                return
        with transaction.atomic():
            keep_refused_lines(upload, result.refusals, look.cells)
            if not result.applied:
                # What would disappear has grown since somebody looked: ask again.
                without_traces(report)
                claim.leave(status=Status.CHECKED, found={**found(upload, result, look), "changed": True})
                return
            close(claim, found(upload, result, look))
    send_waiting(upload)


def open_report(claim: Claim) -> RegisterImport:
    """The report of the import, made before anything goes in, so that a next job finds it."""
    upload = claim.upload
    with transaction.atomic():
        report = RegisterImport.objects.create(
            kind=upload.kind,
            school=upload.school,
            through=upload.through,
            complete_from=upload.covers_first,
            complete_until=upload.covers_last,
            by=upload.by,
        )
        claim.change(register_import=report)
    upload.register_import = report
    return report


def without_traces(report: RegisterImport | None) -> bool:
    """Remove a report of which nothing came; whether the file left no trace in the register."""
    if report is None:
        return True
    empty = RegisterImport.objects.filter(pk=report.pk, finished_at=None, undo_started_at=None, changes=None)
    empty.filter(created=0, updated=0, withdrawn=0).delete()
    return not RegisterImport.objects.filter(pk=report.pk).exists()


def imported(claim: Claim, file: BinaryIO, *, today: date, register_import: RegisterImport | None) -> ImportResult:
    """Import the file of an upload, or without a report rehearse it."""
    upload = claim.upload
    complete = None
    if upload.covers_first and upload.covers_last and upload.may_withdraw is not False:
        complete = (upload.covers_first, upload.covers_last)
    return run_import(
        kind=upload.kind,
        file=file,
        today=today,
        through=upload.through,
        school=upload.school,
        within=schools_within(upload),
        dry_run=register_import is None,
        by=upload.by,
        progress=claim.tell,
        mapping=mapping_for(upload),
        complete=complete,
        confirmed=upload.may_withdraw is True,
        queue_unknown=upload.kind in KINDS_FOR_SCHOOL,
        register_import=register_import,
        through_if_all_fit=not upload.may_move_through,
    )


def found(upload: FileUpload, result: ImportResult, look: Look) -> dict[str, object]:
    """What the page shows: counts, and what somebody should look at. No cell of the file."""
    return {
        "columns": upload.found.get("columns", {}),
        **{name: getattr(result, name) for name in COUNTS},
        "rows": look.rows,
        "must_ask": result.needs_confirmation,
        "nothing_withdrawn_because": result.nothing_withdrawn_because,
        "ignored": [name for name in result.ignored_columns if name != WHY],
        "remarks": list(result.remarks),
        "warnings": list(look.warnings),
    }


def refuse(claim: Claim, why: str) -> None:
    """The file as a whole makes no sense: say why, and drop it."""
    with transaction.atomic():
        without_traces(claim.upload.register_import)
        claim.leave(status=Status.REFUSED, message=why, columns=[], found={})
        drop_files([claim.upload.pk])


def close(claim: Claim, what: dict[str, object]) -> None:
    """It is in: the bytes and the sample values go; refused rows stay for some days."""
    names = [{"name": column["name"], "samples": []} for column in claim.upload.columns]
    claim.leave(status=Status.DONE, found=what, columns=names)
    drop_files([claim.upload.pk])


def send_waiting(upload: FileUpload) -> None:
    """The next file of this school can go."""
    following = FileUpload.objects.filter(status=Status.TO_IMPORT, school=upload.school_id).order_by("at", "pk").first()
    if following is not None:
        send_task(IMPORT, following.pk)


def ask_undo(*, report: RegisterImport, by: User) -> None:
    """Have an import undone. From now on it takes nothing in any more; asking twice does it once."""
    with transaction.atomic():
        start_undo(report, by)
        transaction.on_commit(lambda: send_task(UNDO, report.pk))


def undo_report(report_id: int, *, today: date) -> None:
    """Undo an import of which that was asked. One that was cut off goes on where it was."""
    report = RegisterImport.objects.filter(pk=report_id, undo_started_at__isnull=False, undone_at=None).first()
    if report is not None:
        undo_import(register_import=report, by=report.undone_by, today=today)


def sweep_uploads(*, now: datetime) -> None:
    """Send again what lies there without a job, and give up what failed too often."""
    half_undone = RegisterImport.objects.filter(undo_started_at__lt=now - SILENT, undone_at=None)
    for pk in half_undone.order_by("pk").values_list("pk", flat=True):
        send_task(UNDO, pk)
    for status, task in ((Status.TO_CHECK, CHECK), (Status.TO_IMPORT, IMPORT)):
        for pk in waiting(status, now).order_by("at", "pk").values_list("pk", flat=True):
            send_task(task, pk)
        failed = FileUpload.objects.filter(idle(now), status=status, attempts__gte=MOST_ATTEMPTS)
        for upload in failed.order_by("pk"):
            give_up(upload)


def give_up(upload: FileUpload) -> None:
    with transaction.atomic():
        message = FAILED if without_traces(upload.register_import) else FAILED_HALFWAY
        still = FileUpload.objects.filter(pk=upload.pk, status=upload.status, claim=upload.claim)
        if still.update(status=Status.REFUSED, message=message, claim=None, claimed_at=None, columns=[], found={}):
            drop_files([upload.pk])
            logger.error("upload %s failed %s times and was given up", upload.pk, upload.attempts)


def forget_uploads(*, before: datetime) -> None:
    """Drop files and refused rows that came in before this moment. The reports of what went in stay, as counts."""
    old = FileUpload.objects.filter(at__lt=before)
    forget(old.exclude(columns=[], refused_lines=None).values_list("pk", flat=True))


def forget(upload_ids: Iterable[int]) -> None:
    for pk in list(upload_ids):
        with transaction.atomic():
            rows = FileUpload.objects.filter(pk=pk, claim__isnull=True)
            rows.exclude(status__in=FINAL).update(status=Status.CANCELLED, message=TOO_LATE, found={})
            if rows.update(columns=[]):
                drop_files([pk])
                FileUpload.objects.get(pk=pk).refused_lines.all().delete()

"""What somebody does with an uploaded file: send it, say which column is which, have it imported, or stop."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import BinaryIO
from uuid import UUID

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from attendance.models import ColumnMapping, FilePart, FileUpload
from attendance.models.uploads import FINAL, KINDS_FOR_SCHOOL, Status
from attendance.services.follow_up import send_task
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.setup_site import reach_of

PART = 1 << 20
CHECK, IMPORT = "attendance.check_upload", "attendance.import_upload"
GONE = "Dit bestand is intussen al verder. Kijk hieronder hoe het ervoor staat."


class UploadError(Exception):
    """Somebody asked what can no longer be done; says so in Dutch."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """What somebody says of an absences file: up to when the data is complete, and of which period it holds all."""

    through: date | None = None
    covers_first: date | None = None
    covers_last: date | None = None


def receive_upload(
    *, file: UploadedFile[bytes], kind: str, school: School | None, meaning: Meaning, form_key: UUID, by: User
) -> FileUpload:
    """Put a file away and have it checked. The same form sent again gives the upload that it made the first time."""
    with transaction.atomic():
        upload, new = FileUpload.objects.get_or_create(
            by=by,
            form_key=form_key,
            defaults={
                "kind": kind,
                "school": school,
                "size": file.size or 0,
                "through": meaning.through,
                "covers_first": meaning.covers_first,
                "covers_last": meaning.covers_last,
            },
        )
        if new:
            for number, content in enumerate(file.chunks(PART)):
                FilePart.objects.create(upload=upload, number=number, content=content)
            transaction.on_commit(lambda: send_task(CHECK, upload.pk))
    return upload


@contextmanager
def file_of(upload: FileUpload) -> Iterator[BinaryIO]:
    """The file as it was sent, nameless on the disk of this process for as long as the block lasts."""
    with tempfile.TemporaryFile() as file:
        parts = FilePart.objects.filter(upload=upload).order_by("number")
        for content in parts.values_list("content", flat=True).iterator(chunk_size=1):
            file.write(content)
        file.seek(0)
        yield file


def schools_within(upload: FileUpload) -> frozenset[int]:
    """Ids of the schools that its rows may be about: the one that it is of; of a beheerder, what that one sets up."""
    if upload.kind in KINDS_FOR_SCHOOL:
        assert upload.school_id is not None
        return frozenset({upload.school_id})
    return frozenset(reach_of(upload.by).schools.values_list("pk", flat=True))


def mapping_for(upload: FileUpload) -> dict[str, str]:
    """Name in the file → our column: as chosen for this file, or else as remembered of an earlier one."""
    if upload.mapping is not None:
        return dict(upload.mapping)
    known = ColumnMapping.objects.filter(kind=upload.kind, school=upload.school_id).first()
    return dict(known.columns) if known else {}


def choose_columns(*, upload: FileUpload, columns: Mapping[str, str], by: User) -> None:
    """Say which column is which, remember it for next time, and have the file checked with it. May be repeated.

    Raises UploadError when the file is no longer waiting for it.
    """
    chosen = dict(columns)
    with transaction.atomic():
        waiting = FileUpload.objects.filter(pk=upload.pk, status__in=(Status.TO_MAP, Status.CHECKED))
        if not waiting.update(mapping=chosen, status=Status.TO_CHECK, attempts=0, told={}):
            raise UploadError(GONE)
        # What earlier files called their columns stays known: a school can have more than one export.
        known = ColumnMapping.objects.filter(kind=upload.kind, school=upload.school_id).first()
        ColumnMapping.objects.update_or_create(
            kind=upload.kind,
            school=upload.school,
            defaults={"columns": {**(known.columns if known else {}), **chosen}, "by": by},
        )
        transaction.on_commit(lambda: send_task(CHECK, upload.pk))


def start_import(*, upload: FileUpload, may_move_through: bool, may_withdraw: bool | None) -> None:
    """Have a checked file imported. Pressing twice does it once.

    `may_move_through`: also when rows were refused. `may_withdraw`: whether what a complete file does not name may
    disappear, when that is so much that somebody had to be asked.

    Raises UploadError when the file is not checked any more.
    """
    with transaction.atomic():
        checked = FileUpload.objects.filter(pk=upload.pk, status=Status.CHECKED)
        if not checked.update(
            status=Status.TO_IMPORT,
            may_move_through=may_move_through,
            may_withdraw=may_withdraw,
            attempts=0,
            told={},
        ):
            raise UploadError(GONE)
        transaction.on_commit(lambda: send_task(IMPORT, upload.pk))


def cancel_upload(*, upload: FileUpload) -> None:
    """Stop before anything of the file went in, and drop it.

    Raises UploadError when a job is importing it by now.
    """
    with transaction.atomic():
        idle = FileUpload.objects.filter(pk=upload.pk).exclude(status__in=FINAL)
        # A check can be stopped half-way, since it writes nothing; an import cannot.
        idle = idle.exclude(status=Status.TO_IMPORT, claim__isnull=False)
        if not idle.update(status=Status.CANCELLED, claim=None, claimed_at=None):
            raise UploadError("Het inlezen is al begonnen. Wacht tot het klaar is; daarna kun je het ongedaan maken.")
        drop_files([upload.pk])
        FileUpload.objects.filter(pk=upload.pk).update(columns=[], found={})
        upload.refused_lines.all().delete()


def drop_files(upload_ids: Iterable[int]) -> None:
    """Throw the bytes away."""
    FilePart.objects.filter(upload__in=list(upload_ids)).delete()


def largest_size() -> int:
    """Bytes that a file may have."""
    megabytes: int = settings.UPLOAD_MAX_MB
    return megabytes * 1024 * 1024

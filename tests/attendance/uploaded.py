"""Sending a file as somebody does, and what became of it."""

from __future__ import annotations

import io
from datetime import date
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import UploadedFile
from openpyxl import load_workbook

from attendance.importing.uploads import Meaning, receive_upload, start_import
from attendance.models import FileUpload
from thuiszitters.accounts.models import School, User

HEADER = "leerlingnummer;van;tot;reden\n"


def sent(
    at: School | None,
    text: str | bytes,
    by: User,
    kind: str = "absences",
    meaning: Meaning | None = None,
    **options: Any,
) -> FileUpload:
    """The upload of this text, looked through by its job already, as the tests run jobs at once."""
    content = text.encode() if isinstance(text, str) else text
    upload = receive_upload(
        file=UploadedFile(io.BytesIO(content), "Sam Berg.csv", size=len(content)),
        kind=kind,
        school=at,
        meaning=meaning or Meaning(),
        by=by,
        **{"form_key": uuid4()} | options,
    )
    return again(upload)


def started(upload: FileUpload, *, may_move_through: bool = False, may_withdraw: bool | None = None) -> FileUpload:
    """The upload after somebody said yes, imported already."""
    start_import(upload=upload, may_move_through=may_move_through, may_withdraw=may_withdraw)
    return again(upload)


def again(upload: FileUpload) -> FileUpload:
    """What stands in the database now."""
    return FileUpload.objects.select_related("register_import", "school").get(pk=upload.pk)


def through(day: date) -> Meaning:
    return Meaning(through=day)


def cells_of(workbook: bytes) -> list[list[object]]:
    """All cells of the only sheet."""
    sheet = load_workbook(io.BytesIO(workbook)).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows(values_only=True)]

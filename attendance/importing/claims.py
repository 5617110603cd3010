"""Which job has an upload in hand. One at a time, and for one school one import at a time, by conditional UPDATE."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.query import QuerySet
from django.utils import timezone

from attendance.models import FileUpload

SILENT = timedelta(minutes=5)
"""A job that says nothing for so long is dead: another one may take its work over."""
MOST_ATTEMPTS = 3
"""What fails so often needs a person."""


class LostClaimError(Exception):
    """Somebody stopped the upload, or another job took it over since this one was silent too long."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An upload in the hands of this job."""

    upload: FileUpload
    token: uuid.UUID

    def change(self, **values: Any) -> None:
        """Write fields of the upload. Raises LostClaimError when it is no longer ours."""
        if not FileUpload.objects.filter(pk=self.upload.pk, claim=self.token).update(**values):
            raise LostClaimError

    def tell(self, what: str, done: int, total: int) -> None:
        """Say how far the job is, and so that it is alive."""
        self.change(told={"what": what, "done": done, "total": total}, alive_at=timezone.now())

    def leave(self, **values: Any) -> None:
        """Write fields, and let the upload go."""
        self.change(claim=None, claimed_at=None, **values)


def idle(now: datetime) -> Q:
    """In nobody's hands, or in those of a job that died."""
    return Q(claim__isnull=True) | Q(alive_at__lt=now - SILENT)


def waiting(status: str, now: datetime) -> QuerySet[FileUpload]:
    """Uploads that a job may take."""
    return FileUpload.objects.filter(idle(now), status=status, attempts__lt=MOST_ATTEMPTS)


@contextmanager
def claimed(upload_id: int, *, status: str) -> Iterator[Claim | None]:
    """Take an upload in hand for as long as the block lasts; None when it is not to be had.

    It is not when somebody else has it, it is past this status, it failed too often, or another file of the same school
    is being imported: then the schedule sends it again later. When the block fails the upload is free again.
    """
    now, token = timezone.now(), uuid.uuid4()
    try:
        with transaction.atomic():
            mine = waiting(status, now).filter(pk=upload_id)
            hit = mine.update(claim=token, claimed_at=now, alive_at=now, attempts=F("attempts") + 1)
    except IntegrityError:
        hit = 0
    if not hit:
        yield None
        return
    claim = Claim(FileUpload.objects.select_related("school", "by", "register_import").get(pk=upload_id), token)
    try:
        yield claim
    except LostClaimError:
        return
    finally:
        # After a failure; a job that came to its end has left already.
        FileUpload.objects.filter(pk=upload_id, claim=token).update(claim=None, claimed_at=None)

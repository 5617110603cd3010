"""Stops what is too large while it comes in: nothing of it is kept, in memory or on disk."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.files.uploadhandler import FileUploadHandler, StopUpload
from django.http import HttpRequest

TOO_LARGE = "thuiszitters.upload_too_large"
"""Set in request.META when a file was cut off."""
REST_OF_THE_FORM = 1 << 16


class LimitedUploadHandler(FileUploadHandler):
    """The first of settings.FILE_UPLOAD_HANDLERS. Counts, and passes on."""

    def __init__(self, request: HttpRequest | None = None) -> None:
        super().__init__(request)
        self.received = 0
        self.most: int = settings.UPLOAD_MAX_MB * 1024 * 1024

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        # The length that was announced tells already when it cannot fit.
        announced = self.request.META.get("CONTENT_LENGTH", "") if self.request else ""
        if announced.isdecimal() and int(announced) > self.most + REST_OF_THE_FORM:
            self.stop()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:  # noqa: ARG002 - Django's form
        self.received += len(raw_data)
        if self.received > self.most:
            self.stop()
        return raw_data

    def file_complete(self, file_size: int) -> None:
        """The next handler makes the file."""

    def stop(self) -> None:
        """Read no further."""
        if self.request is not None:
            self.request.META[TOO_LARGE] = "1"
        raise StopUpload(connection_reset=True)


def is_too_large(request: HttpRequest) -> bool:
    """Whether a file in this request was cut off."""
    return TOO_LARGE in request.META

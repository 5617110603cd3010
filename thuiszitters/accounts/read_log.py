"""Who looked at which child's file: the one thing that a GET writes."""

from __future__ import annotations

from uuid import UUID

from thuiszitters.accounts.access import StaffRequest
from thuiszitters.accounts.models import ReadLog


def log_read(request: StaffRequest, page: str, subject_code: UUID, *, why: str = "") -> None:
    """Write down that the page called `page` about the pupil with this code was opened. Each opening is a row."""
    ReadLog.objects.create(user=request.user, page=page, subject=subject_code, why=why)

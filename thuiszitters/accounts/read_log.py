"""Who looked at which child's file: the one thing that a GET writes."""

from __future__ import annotations

import logging
from uuid import UUID

from thuiszitters.accounts.access import StaffRequest
from thuiszitters.accounts.authorizer import may_see
from thuiszitters.accounts.data_classes import DataClass
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record

logger = logging.getLogger(__name__)
NO_GROUND = "geen grond gevonden"


def log_read(request: StaffRequest, page: str, subject_code: UUID, *, of: DataClass = DataClass.IDENTITY) -> None:
    """Write down that the page called `page` about the pupil with this code was opened. Each opening is an entry.

    `of`: what the page is about. On what ground the reader sees that stands in the entry: no words
    of a person, so that it can go along in an inspection as it is.
    """
    answer = may_see(request.user, of, subject_code)
    if not answer:
        logger.error("A page was opened without a ground: %s", page)
    ground = answer.reason if answer else NO_GROUND
    record(Kind.READ, page, subject=subject_code, actor=request.user.code, why=ground)

"""The one way in which something gets into the log."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry
from thuiszitters.audit.origin import origin


def record(
    kind: Kind,
    what: str,
    *,
    row: object = "",
    subject: UUID | None = None,
    actor: UUID | None = None,
    why: str = "",
    detail: dict[str, Any] | None = None,
) -> Entry:
    """Add an entry to the log, in the transaction that is open.

    `actor`: the code of a user; left out, who is logged in on this request. `detail` must be fit for JSON, and holds no
    name and no text of a note.
    """
    here = origin()
    return Entry.objects.create(
        kind=kind,
        what=what,
        row=str(row),
        subject=subject,
        actor=actor if actor is not None else here.actor,
        why=why[:300],
        request_id=here.request_id,
        detail=detail or {},
    )

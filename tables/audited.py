"""Of which tables of this app changes stand in the log, and which values. Names, notes and what is encrypted do not."""

from __future__ import annotations

from tables.models import TableEntry
from thuiszitters.audit.changes import audit


def audit_changes() -> None:
    """Called when the app starts."""
    audit(
        TableEntry,
        shown=(
            "case",
            "alliance",
            "proposed_phase",
            "proposed_on",
            "informed",
            "placed_at",
            "placed_by",
            "declined_at",
            "declined_by",
            "left_at",
            "left_by",
        ),
        hidden=("declined_reason", "left_reason"),
        subject="case__pupil__code",
    )

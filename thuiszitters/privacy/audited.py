"""Of which tables of this app changes stand in the log, and which values. Names, notes and what is encrypted do not."""

from __future__ import annotations

from thuiszitters.audit.changes import audit
from thuiszitters.privacy.models import (
    AlertJudgement,
    DestructionRun,
    LegalHold,
    NumberUse,
    PersonNumber,
    PrivacyRequest,
    RetentionTerm,
)


def audit_changes() -> None:
    """Called when the app starts."""
    audit(
        AlertJudgement,
        shown=("alert", "outcome", "pupils", "by", "at"),
        hidden=("reason",),
    )
    audit(
        LegalHold,
        shown=("pupil", "school", "until", "set_by", "set_at", "lifted_by", "lifted_at"),
        hidden=("reason", "lifted_why"),
        subject="pupil__code",
    )
    audit(
        NumberUse,
        shown=("school", "turned_on_by", "turned_on_at"),
    )
    audit(
        PersonNumber,
        shown=("pupil", "school", "kind", "entered_by", "entered_at"),
        hidden=("value",),
        left=("digest",),
        subject="pupil__code",
    )
    audit(
        PrivacyRequest,
        shown=(
            "kind",
            "pupil",
            "school",
            "asked_by",
            "received_on",
            "due_on",
            "identity",
            "consent",
            "entitled_at",
            "entitled_by",
            "extended_on",
            "decision",
            "answered_at",
            "answered_by",
            "recorded_at",
            "recorded_by",
        ),
        hidden=("asker_name", "question", "weighed", "extended_reason", "decision_reason", "told", "statement"),
        subject="pupil__code",
    )
    audit(
        RetentionTerm,
        shown=("alliance", "data_class", "years", "months", "start_event", "source", "valid_from", "by", "at"),
    )
    audit(
        DestructionRun,
        shown=(
            "school",
            "alliance",
            "status",
            "terms",
            "proposed_by",
            "proposed_at",
            "approved_by",
            "approved_at",
            "withdrawn_by",
            "withdrawn_at",
            "finished_at",
        ),
        hidden=("withdrawn_why",),
    )

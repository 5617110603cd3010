"""Of which tables of this app changes stand in the log, and which values. Names, notes and what is encrypted do not."""

from __future__ import annotations

from thuiszitters.accounts.models import Alliance, LoginProvider, Membership, Municipality, School, User, YouthHealth
from thuiszitters.audit.changes import audit
from thuiszitters.audit.kinds import Kind


def audit_changes() -> None:
    """Called when the app starts."""
    audit(
        User,
        shown=("is_superuser", "reminder_mail", "is_staff", "is_active"),
        hidden=("password", "email", "name", "phone"),
        left=("last_login", "date_joined", "session_round", "invited_at"),
        kind=Kind.RIGHTS,
    )
    audit(
        Membership,
        shown=("user", "role", "school", "alliance", "municipality", "youth_health", "first", "last"),
        kind=Kind.RIGHTS,
    )
    audit(
        Alliance,
        shown=("name", "is_demo", "second_factor"),
        kind=Kind.RIGHTS,
    )
    audit(
        LoginProvider,
        shown=(
            "name",
            "kind",
            "issuer",
            "client_id",
            "alliance",
            "password_allowed",
            "second_factor_values",
            "is_active",
        ),
        hidden=("client_secret", "domains"),
        kind=Kind.RIGHTS,
    )
    audit(
        Municipality,
        shown=("name", "confirmed", "is_demo"),
    )
    audit(
        School,
        shown=(
            "brin",
            "name",
            "sector",
            "region",
            "alliance",
            "municipality",
            "lesson_minutes",
            "monday",
            "tuesday",
            "wednesday",
            "thursday",
            "friday",
            "morning_minutes",
            "complete_through",
        ),
    )
    audit(
        YouthHealth,
        shown=("name", "is_demo"),
    )

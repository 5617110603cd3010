"""Of which tables of this app changes stand in the log, and which values. Names, notes and what is encrypted do not."""

from __future__ import annotations

from attendance.models import (
    Absence,
    AbsenceBands,
    ApiToken,
    Assignment,
    CalendarException,
    Enrolment,
    Exemption,
    Group,
    GroupMentor,
    GroupTeacher,
    NormRow,
    OwnTimetable,
    Pupil,
    Reason,
    RegisterImport,
    UnknownCode,
)
from thuiszitters.audit.changes import audit
from thuiszitters.audit.kinds import Kind


def audit_changes() -> None:
    """Called when the app starts."""
    audit(
        Pupil,
        shown=("municipality", "startkwalificatie_on", "years_before", "end_education"),
        hidden=("number", "first_name", "prefix", "surname", "birth_date"),
        left=("surname_key",),
        subject="code",
    )
    audit(
        Enrolment,
        shown=("pupil", "school", "place", "group", "first", "last", "leaving_reason"),
        subject="pupil__code",
    )
    # Who gave or ended it is an entry of its own, among the rights.
    audit(
        Assignment,
        shown=("pupil", "user", "role", "by", "first", "last", "for_table", "ended_by", "ended_at"),
        hidden=("end_reason",),
        subject="pupil__code",
    )
    audit(
        Absence,
        shown=(
            "pupil",
            "first",
            "last",
            "minutes",
            "lesson",
            "entered_by",
            "source",
            "group_absence",
            "withdrawn_at",
            "withdrawn_by",
        ),
        hidden=("reason",),
        subject="pupil__code",
    )
    audit(
        OwnTimetable,
        shown=("pupil", "first", "last", "monday", "tuesday", "wednesday", "thursday", "friday", "kind", "agreed_on"),
        hidden=("agreed_by", "reason"),
        subject="pupil__code",
    )
    audit(
        Exemption,
        shown=("pupil", "first", "last", "decided_on"),
        hidden=("kind", "decided_by"),
        subject="pupil__code",
    )
    audit(
        Group,
        shown=("school", "name"),
    )
    audit(
        GroupMentor,
        shown=("group", "user", "first", "last"),
        kind=Kind.RIGHTS,
    )
    audit(
        GroupTeacher,
        shown=("group", "user", "first", "last"),
        kind=Kind.RIGHTS,
    )
    audit(
        CalendarException,
        shown=("school", "first", "last", "kind", "description"),
    )
    audit(
        NormRow,
        shown=(
            "alliance",
            "rule",
            "amount",
            "reading",
            "calendar_days",
            "weeks",
            "gap_days",
            "min_weeks",
            "valid_from",
            "valid_until",
            "source",
        ),
    )
    audit(
        Reason,
        shown=(
            "school",
            "code",
            "label",
            "counts",
            "authorised",
            "sick",
            "luxury",
            "minutes_required",
            "maps_to",
            "retired_on",
        ),
    )
    audit(
        AbsenceBands,
        shown=("alliance", "school", "low", "middle", "high"),
    )
    audit(
        ApiToken,
        shown=("school", "name", "scopes", "first", "last", "made_by", "made_at", "revoked_by", "revoked_at"),
        left=("digest", "last_used_on"),
        kind=Kind.RIGHTS,
    )
    audit(
        UnknownCode,
        shown=("school", "solution", "reason", "solved_at", "solved_by"),
        left=("key", "first_seen_at"),
    )
    # A file is one entry with its counts when it is done; what it did to each row stands in ImportChange.
    audit(
        RegisterImport,
        shown=(
            "kind",
            "school",
            "through",
            "complete_from",
            "complete_until",
            "by",
            "finished_at",
            "created",
            "updated",
            "unchanged",
            "refused",
            "waiting",
            "skipped",
            "withdrawn",
            "undo_started_at",
            "undone_at",
            "undone_by",
        ),
        left=("started_at", "undone", "kept"),
    )

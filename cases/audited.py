"""Of which tables of this app changes stand in the log, and which values. Names, notes and what is encrypted do not."""

from __future__ import annotations

from cases.models import Case, CaseHandOver, Meeting, ParentsInformed, Report, Signal, Step
from thuiszitters.audit.changes import audit


def audit_changes() -> None:
    """Called when the app starts."""
    audit(
        Case,
        shown=(
            "pupil",
            "school",
            "school_of_enrolment",
            "owner",
            "owner_role",
            "phase",
            "opened_on",
            "opened_by",
            "closed_at",
            "closed_by",
            "emptied_at",
        ),
        hidden=("closed_reason",),
        left=("first_day_home", "next_step", "next_step_due", "last_contact_on", "next_meeting_at"),
        subject="pupil__code",
    )
    audit(
        Step,
        shown=("case", "role", "owner", "due_on", "created_by", "done_at", "done_by", "dropped"),
        hidden=("kind", "title", "outcome"),
        left=("reminded_on",),
        subject="case__pupil__code",
    )
    audit(
        CaseHandOver,
        shown=("case", "from_school", "to_school", "offered_at", "accepted_at", "accepted_by"),
        subject="case__pupil__code",
    )
    audit(
        ParentsInformed,
        shown=("pupil", "about", "informed_on", "pupil_informed_on", "recorded_by", "recorded_at"),
        hidden=("informed_by", "how", "why_not", "pupil_why_not"),
        subject="pupil__code",
    )
    audit(
        Meeting,
        shown=("kind", "status", "school", "starts_at", "minutes", "sequence", "decided_by", "decided_at"),
        hidden=("place", "parents_invited"),
        left=("key", "mailed_sequence"),
    )
    audit(
        Report,
        shown=(
            "pupil",
            "case",
            "crossing",
            "school",
            "place",
            "municipality",
            "kind",
            "status",
            "due_on",
            "first_day",
            "last_day",
            "all_lessons_missed",
            "action_wanted",
            "informed",
            "waiting_for_school",
            "prepared_at",
            "prepared_by",
            "sent_at",
            "sent_by",
            "answered_at",
            "answered_by",
            "closed_reason",
        ),
        hidden=(
            "supposed_reason",
            "school_actions",
            "no_action_reason",
            "reporter_name",
            "reporter_role",
            "reporter_phone",
            "reporter_email",
            "contact_phone",
            "other_address",
            "specification",
            "question",
            "duo_number",
            "sent_facts",
            "answer",
            "contact_name",
        ),
        left=("no_longer_matches", "mailed_at"),
        subject="pupil__code",
    )
    audit(
        Signal,
        shown=("case", "answer", "answered_at", "answered_by"),
        hidden=("answer_text",),
        left=("crossing", "pupil", "school", "audience", "urgency", "revision", "withdrawn"),
        subject="pupil__code",
    )

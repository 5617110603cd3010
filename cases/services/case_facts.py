"""The facts that a case keeps for lists: next step, last contact, next meeting."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Max
from django.utils import timezone

from cases.models import Case, LogEntry, Meeting, Step

FIELDS = ("next_step", "next_step_due", "last_contact_on", "next_meeting_at")


def refresh_facts(*, case: Case, now: datetime | None = None) -> bool:
    """Recount what the case keeps for lists; whether anything was other than it should be. May be repeated.

    The next step is the open one that is due first. The next meeting is the first that is not over and not cancelled.
    Whoever changes a step or a meeting calls this in the same transaction.
    """
    step = Step.objects.filter(case=case, done_at__isnull=True).order_by("due_on", "pk").first()
    contact = LogEntry.objects.filter(case=case, kind=LogEntry.Kind.CONTACT).aggregate(last=Max("day"))["last"]
    meeting = (
        Meeting.objects.filter(agenda__case=case, starts_at__gte=now or timezone.now())
        .exclude(status=Meeting.Status.CANCELLED)
        .order_by("starts_at")
        .first()
    )
    facts = {
        "next_step": step.title if step else "",
        "next_step_due": step.due_on if step else None,
        "last_contact_on": contact,
        "next_meeting_at": meeting.starts_at if meeting else None,
    }
    stored = Case.objects.filter(pk=case.pk).values(*FIELDS).get()
    changed: bool = stored != facts
    if changed:
        Case.objects.filter(pk=case.pk).update(**facts)
    for name, value in facts.items():
        setattr(case, name, value)
    return changed

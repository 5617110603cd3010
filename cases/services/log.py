"""Lines in the log of a case, and talks with parents and pupil."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce, Greatest

from cases.models import Case, LogEntry
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.models import User


def write_log(*, case: Case, kind: str, text: str, by: User | None, day: date | None = None) -> LogEntry:
    """Add a line; `day` is the date it is about (default: today), `by` None the application itself.

    Call it in the transaction of the change that it tells of.
    """
    return LogEntry.objects.create(case=case, kind=kind, text=text, day=day or clock_today(), by=by)


@transaction.atomic
def write_note(*, case: Case, text: str, by: User, day: date | None = None) -> LogEntry:
    """Somebody's own note, about `day` (default: today)."""
    return write_log(case=case, kind=LogEntry.Kind.NOTE, text=text, by=by, day=day)


@transaction.atomic
def record_contact(*, case: Case, text: str, day: date, by: User) -> LogEntry:
    """There was contact with the parents or the pupil on `day`. Moves the last contact of the case on, never back."""
    entry = write_log(case=case, kind=LogEntry.Kind.CONTACT, text=text, by=by, day=day)
    Case.objects.filter(pk=case.pk).update(last_contact_on=Greatest(Coalesce(F("last_contact_on"), day), day))
    case.refresh_from_db(fields=["last_contact_on"])
    return entry

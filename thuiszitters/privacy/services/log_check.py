"""The weekly look whether the log is still what was sealed."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry
from thuiszitters.audit.services.recording import record
from thuiszitters.audit.services.sealing import verify, waiting_too_long
from thuiszitters.privacy.services.alert_mail import mail_that_it_does_not_fit, privacy_officers

WHAT = "controle van het logboek klopt niet"


def check_log(*, now: datetime) -> str:
    """Verify the log. What does not fit, in Dutch, is written in the log once a day and mailed to every FG; empty when
    all fits. Never inside a transaction."""
    fault = verify().fault
    if not fault and (late := waiting_too_long(now)):
        fault = f"Er wacht iets langer dan een dag op een zegel; aantal regels: {late}."
    if fault:
        today = timezone.localdate(now)
        with transaction.atomic():
            # Of two runs at once the second waits here. Without an FG there is nobody to be told twice.
            list(privacy_officers(today).select_for_update(of=("self",), no_key=True))
            if not Entry.objects.filter(kind=Kind.ALERT, what=WHAT, row=today.isoformat()).exists():
                record(Kind.ALERT, WHAT, row=today.isoformat(), why=fault)
        mail_that_it_does_not_fit(today=today)
    return fault

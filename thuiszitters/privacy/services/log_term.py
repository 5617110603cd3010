"""The log has a term of its own: longer than the pupil it is about, and not for ever."""

from __future__ import annotations

from datetime import date, datetime, time

from django.utils import timezone

from thuiszitters.audit.services.expiry import expire
from thuiszitters.privacy.data_classes import DataClass
from thuiszitters.privacy.models import Alert, RetentionTerm
from thuiszitters.privacy.terms import term_on


def expire_log(*, today: date) -> int:
    """Remove what is older than the general term, with the alerts of then; how many entries.

    The log is one for all schools, so a term of one alliance does not count here. No term: everything stays.
    """
    term = term_on(DataClass.LOG, RetentionTerm.objects.all().as_terms(), today)
    if term is None:
        return 0
    first_kept = today - term.length
    Alert.objects.filter(day__lt=first_kept).delete()
    return expire(before=timezone.make_aware(datetime.combine(first_kept, time.min)))

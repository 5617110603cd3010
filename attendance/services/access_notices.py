"""Mail about access: to whom, and sending what waits. No name, number or class of a pupil: that somebody has to look.

A mail about an emergency must arrive. So a notice is a row of its own, claimed before it is sent; when sending failed,
or whoever claimed it died, another run takes it up again.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from attendance.models import AccessNotice
from attendance.services.follow_up import send_task
from thuiszitters.accounts.mail import send_staff_mail
from thuiszitters.accounts.models import User

CLAIM_LASTS = timedelta(minutes=10)
"""After this a claim that was not followed by a mail is free again."""
GIVEN_UP_AFTER = timedelta(days=7)
MAIL = "attendance.mail_about_access"

SUBJECTS = {
    AccessNotice.Kind.EMERGENCY: "Noodtoegang tot een dossier",
    AccessNotice.Kind.ASKED: "Iemand vraagt toegang tot een leerling",
    AccessNotice.Kind.ANSWERED: "Je vraag om toegang is beantwoord",
    AccessNotice.Kind.ENDING: "Toegang van iemand loopt binnenkort af",
}
PAGES = {
    AccessNotice.Kind.EMERGENCY: "attendance:emergency_list",
    AccessNotice.Kind.ASKED: "attendance:access_overview",
    AccessNotice.Kind.ANSWERED: "attendance:my_access",
    AccessNotice.Kind.ENDING: "attendance:access_overview",
}


def tell(kind: AccessNotice.Kind, *, about: UUID, people: Iterable[User]) -> None:
    """Have these people mailed about the row with this code, once each, as soon as this transaction is there for good;
    the schedule does so too."""
    for person in people:
        AccessNotice.objects.get_or_create(kind=kind, about=about, user=person)
    transaction.on_commit(lambda: send_task(MAIL))


def send_notices(now: datetime) -> int:
    """Send what waits; how many mails went out. Never inside a transaction."""
    free = Q(claimed_at__isnull=True) | Q(claimed_at__lte=now - CLAIM_LASTS)
    waiting = AccessNotice.objects.filter(free, sent_at__isnull=True, made_at__gt=now - GIVEN_UP_AFTER)
    sent = 0
    for notice in waiting.select_related("user").order_by("pk"):
        claim = AccessNotice.objects.filter(free, pk=notice.pk, sent_at__isnull=True)
        if claim.update(claimed_at=now) == 1:
            sent += _send(notice)
    return sent


def _send(notice: AccessNotice) -> bool:
    kind = AccessNotice.Kind(notice.kind)
    mine = AccessNotice.objects.filter(pk=notice.pk)
    if notice.user.is_active:
        context = {"name": notice.user.name, "path": reverse(PAGES[kind])}
        if not send_staff_mail(notice.user.email, SUBJECTS[kind], f"mail/access_{kind.value}.txt", context):
            mine.update(claimed_at=None)
            return False
    mine.update(sent_at=timezone.now())
    return notice.user.is_active

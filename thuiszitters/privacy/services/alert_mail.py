"""Telling privacy officers (FG) that something in the log asks for their attention: how much, and where; no names."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from thuiszitters.accounts.listings.reads import midnight
from thuiszitters.accounts.mail import send_staff_mail
from thuiszitters.accounts.models import Membership, User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry
from thuiszitters.audit.services.recording import record
from thuiszitters.privacy.models.alerts import AlertQuerySet

PATTERNS = "odd_patterns"
BROKEN = "log_does_not_fit"
SUBJECTS = {PATTERNS: "Opvallende patronen in het logboek", BROKEN: "De controle van het logboek klopt niet"}
MARKS = {name: f"begonnen aan mail: {name}" for name in SUBJECTS}
"""What the log says when somebody is about to be mailed: who dies in between has mailed too little, not twice."""
GIVEN_UP_AFTER = timedelta(days=7)


def privacy_officers(today: date) -> QuerySet[User]:
    """Everybody who is FG of some organisation today."""
    held = Membership.objects.current(today).filter(role=Role.FG)
    return User.objects.filter(pk__in=held.values("user"), is_active=True).order_by("pk")


def mail_about_patterns(*, now: datetime, shown_to: Callable[[User], AlertQuerySet]) -> int:
    """Mail each FG, once a day, how many patterns of those that are `shown_to` them were found since the last mail that
    went out to them; how many mails went out. Never inside a transaction."""
    today, sent = timezone.localdate(now), 0
    for person in privacy_officers(today):
        number = waiting_for(person, shown_to(person), now)
        if number and _claim(person, PATTERNS, today):
            sent += _send(person, PATTERNS, {"number": number})
    return sent


def waiting_for(person: User, alerts: AlertQuerySet, now: datetime) -> int:
    """About how many of these patterns this FG had no mail yet, of the last week."""
    mails = Entry.objects.filter(kind=Kind.MAIL, what=PATTERNS, row=str(person.code), detail__verstuurd=True)
    last = mails.order_by("-at").values_list("at", flat=True).first()
    since = max(last, now - GIVEN_UP_AFTER) if last else now - GIVEN_UP_AFTER
    return alerts.filter(found_at__gt=since).count()


def mail_that_it_does_not_fit(*, today: date) -> int:
    """Mail every FG, once a day, that the log is not what was sealed; how many mails went out. Never inside a
    transaction."""
    return sum(_send(person, BROKEN, {}) for person in privacy_officers(today) if _claim(person, BROKEN, today))


def _claim(person: User, name: str, today: date) -> bool:
    with transaction.atomic():
        User.objects.select_for_update(of=("self",), no_key=True).filter(pk=person.pk).first()
        row = str(person.code)
        if Entry.objects.filter(kind=Kind.MAIL, what=MARKS[name], row=row, at__gte=midnight(today)).exists():
            return False
        record(Kind.MAIL, MARKS[name], row=row)
        return True


def _send(person: User, name: str, context: dict[str, object]) -> bool:
    return send_staff_mail(person.email, SUBJECTS[name], f"mail/{name}.txt", {"name": person.name, **context})

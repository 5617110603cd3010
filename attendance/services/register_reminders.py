"""One mail a person in the morning about classes that were not filled in: how many days, and where. No names."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from django.utils import timezone

from attendance.models import RegisterReminder
from thuiszitters.accounts.mail import send_staff_mail
from thuiszitters.accounts.models import User

SUBJECT = "Thuiszitters: klassen die nog niet zijn ingevuld"
KEPT = timedelta(days=30)


def remind_of_registers(due: Mapping[int, int], *, today: date) -> int:
    """Mail these people (user id, and how many days of a class they have open); how many mails went out.

    Not to who switched it off. A person is claimed by a row of their own before the mail, so that it is one a day
    whoever runs this and how often: who dies in between has mailed too little rather than twice. Never inside a
    transaction.
    """
    RegisterReminder.objects.filter(day__lt=today - KEPT).delete()
    people = User.objects.filter(pk__in=due, is_active=True, reminder_mail=True).order_by("pk")
    return sum(remind(person, due[person.pk], today) for person in people)


def remind(person: User, days: int, today: date) -> bool:
    """Mail this person, unless that was done today; whether a mail went out."""
    row, is_mine = RegisterReminder.objects.get_or_create(user=person, day=today)
    if not is_mine:
        return False
    if not send_staff_mail(person.email, SUBJECT, "mail/registers_due.txt", {"name": person.name, "days": days}):
        return False
    RegisterReminder.objects.filter(pk=row.pk).update(sent_at=timezone.now())
    return True

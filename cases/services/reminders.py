"""Telling people of steps that are due."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.db.models import Q

from attendance.engine.working_days import is_working_day
from cases.models import Step
from cases.services.takers import takers_of
from thuiszitters.accounts.mail import send_staff_mail
from thuiszitters.accounts.models import User


def remind_of_steps(*, today: date) -> int:
    """Send everybody with steps that are due one mail with their number; how many mails went out.

    A step is claimed by a conditional UPDATE before its mail, so that it is in one mail a day whoever runs this and how
    often. A step that is still open tomorrow comes again. Nothing on days that are no working days.
    """
    if not is_working_day(today):
        return 0
    due = Step.objects.filter(done_at__isnull=True, due_on__lte=today, case__closed_at__isnull=True)
    unclaimed = Q(reminded_on__isnull=True) | Q(reminded_on__lt=today)
    counts: Counter[User] = Counter()
    for step in due.filter(unclaimed).select_related(
        "case__pupil", "case__school", "case__school_of_enrolment", "case__owner", "owner"
    ):
        if Step.objects.filter(unclaimed, pk=step.pk, done_at__isnull=True).update(reminded_on=today) == 1:
            counts.update(takers_of(step, today))
    return sum(
        send_staff_mail(
            person.email,
            "Thuiszitters: stappen die vandaag aan de beurt zijn",
            "mail/steps_due.txt",
            {"name": person.name, "count": count},
        )
        for person, count in counts.items()
    )

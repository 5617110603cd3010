"""Telling leerplicht that there is a report. The row is the queue: claimed by a conditional UPDATE, then mailed."""

from __future__ import annotations

from datetime import date

from django.urls import reverse
from django.utils import timezone

from cases.models import Report
from thuiszitters.accounts.mail import send_staff_mail
from thuiszitters.accounts.models import Membership, User
from thuiszitters.accounts.roles import Role


def mail_new_reports(today: date) -> int:
    """Mail the leerplichtambtenaren of the municipality about each report that was sent; how many reports.

    The mail says that there is one, and where: no name, school or kind. A report is claimed before anything is sent, so
    that two processes never mail twice; the inbox shows it whether the mail arrived or not.
    """
    done = 0
    rows = Report.objects.filter(sent_at__isnull=False, mailed_at__isnull=True, status=Report.Status.SENT)
    for report in rows.order_by("pk"):
        if Report.objects.filter(pk=report.pk, mailed_at__isnull=True).update(mailed_at=timezone.now()) != 1:
            continue
        receiving = Membership.objects.current(today).filter(municipality=report.municipality, role=Role.LEERPLICHT)
        for user in User.objects.filter(pk__in=receiving.values("user"), is_active=True).order_by("pk"):
            send_staff_mail(
                user.email,
                "Er is een nieuwe melding van een school",
                "cases/mail/report.txt",
                {"path": reverse("cases:inbox")},
            )
        done += 1
    return done

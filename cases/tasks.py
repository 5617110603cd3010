"""What runs by itself: a call of a service each. Which when stands in the settings."""

from __future__ import annotations

from celery import shared_task

from cases.invitations import mail_invitations
from cases.models import Case
from cases.services.case_facts import refresh_facts
from cases.services.hand_overs import offer_hand_overs
from cases.services.meeting_proposals import propose_meetings
from cases.services.reminders import remind_of_steps
from cases.services.report_mail import mail_new_reports
from cases.services.signals import follow_up
from thuiszitters.accounts.clock import today


@shared_task(name="cases.follow_up")
def follow_up_crossings() -> None:
    """Bring new crossings to somebody, square the changed ones, offer cases to the school where a pupil went."""
    follow_up(today=today())
    offer_hand_overs(today=today())


@shared_task(name="cases.recount")
def recount() -> None:
    """Recount what open cases keep for lists: a safety net, and meetings that are over by now."""
    for case in Case.objects.open().order_by("pk").iterator(chunk_size=500):
        refresh_facts(case=case)


@shared_task(name="cases.remind_of_steps")
def remind() -> None:
    """Mail everybody who has steps that are due."""
    remind_of_steps(today=today())


@shared_task(name="cases.propose_meetings")
def propose() -> None:
    """Propose the talks that pupils on the table need."""
    propose_meetings(today())


@shared_task(name="cases.mail")
def mail() -> None:
    """Send what waits to be mailed: new reports, and invitations that changed."""
    mail_new_reports(today())
    mail_invitations()

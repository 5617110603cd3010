"""What happens about accounts outside a request. Arguments are codes: no name or address waits in a queue."""

from __future__ import annotations

from datetime import datetime

from celery import shared_task
from django.utils import timezone

from thuiszitters.accounts.clock import today
from thuiszitters.accounts.models import User
from thuiszitters.accounts.services import login_mail
from thuiszitters.accounts.services.leaving import carry_out_due
from thuiszitters.accounts.services.sessions import forget_ended_sessions

# A code that belongs to nobody is no mistake: a request does the same work for an address that is not known here, so
# that its answer does not tell.


@shared_task(name="accounts.send_password_link")
def send_password_link(code: str) -> None:
    for user in User.objects.filter(code=code, is_active=True):
        login_mail.mail_password_link(user=user)


@shared_task(name="accounts.tell_of_lock_out")
def tell_of_lock_out(code: str) -> None:
    for user in User.objects.filter(code=code, is_active=True):
        login_mail.mail_lock_out(user=user)


@shared_task(name="accounts.tell_of_new_browser")
def tell_of_new_browser(code: str, browser: str, at: str) -> None:
    for user in User.objects.filter(code=code, is_active=True):
        login_mail.mail_new_browser(user=user, browser=browser, at=datetime.fromisoformat(at))


@shared_task(name="accounts.forget_sessions")
def forget_sessions() -> None:
    """Sessions that are over leave nothing behind, not even from which browser they were."""
    forget_ended_sessions()


@shared_task(name="accounts.carry_out_departures")
def carry_out_departures() -> None:
    """End the access of who leaves today."""
    carry_out_due(today=today(), now=timezone.now())

"""What runs by itself. Each task can run twice, late, or beside itself; arguments are ids of runs, never of pupils."""

from __future__ import annotations

from importlib import import_module

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from attendance.services.access_requests import forget_misses
from thuiszitters.accounts.clock import today
from thuiszitters.privacy.listings.alerts import alerts_visible_to
from thuiszitters.privacy.services.alert_mail import mail_about_patterns
from thuiszitters.privacy.services.alerts import find_alerts as look_for_alerts
from thuiszitters.privacy.services.destroying import destroy_run
from thuiszitters.privacy.services.ledger import write_ledger
from thuiszitters.privacy.services.log_check import check_log
from thuiszitters.privacy.services.log_term import expire_log
from thuiszitters.privacy.services.runs import open_runs


@shared_task(name="privacy.destroy")
def destroy(run_id: int) -> None:
    """Carry out an approved run, and write down outside the database what it did."""
    try:
        destroy_run(run_id, today=today())
    finally:
        write_ledger()


@shared_task(name="privacy.sweep")
def sweep() -> None:
    """Go on with runs whose job was lost or died, and write what a job that died did not."""
    try:
        for run_id in open_runs():
            destroy_run(run_id, today=today())
    finally:
        write_ledger()


@shared_task(name="privacy.forget")
def forget() -> None:
    """Delete sessions that are over (a message that waits in one can name a child), questions about a pupil that
    nobody knows, and the log past its term."""
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()
    forget_misses(timezone.now())
    expire_log(today=today())


@shared_task(name="privacy.find_alerts")
def find_alerts() -> None:
    """Write down what is out of the ordinary in who opened what, and tell the FG."""
    now = timezone.now()
    look_for_alerts(now=now)
    # After what was just written, so that this run tells of it.
    mail_about_patterns(now=now, shown_to=alerts_visible_to)


@shared_task(name="privacy.verify_log")
def verify_log() -> None:
    """Look whether the log is still what was sealed."""
    check_log(now=timezone.now())

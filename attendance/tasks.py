"""What runs by itself. Each task can run twice, late, or beside itself."""

from __future__ import annotations

import logging
from datetime import date, timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from attendance.importing import jobs
from attendance.listings.registers_due import registers_due
from attendance.services import access_requests, due, register_reminders
from attendance.services.access_notices import send_notices
from attendance.services.access_warnings import warn_of_ending
from attendance.services.rebuild import rebuild
from thuiszitters.accounts.clock import today

logger = logging.getLogger(__name__)

ONE_DAY = timedelta(days=1)


def last_finished_day() -> date:
    """The last day that is over.

    A day is over at settings.NIGHTLY_HOUR of the next morning by the clock on the wall, so that the nights on which the
    clock is changed are like any other.
    """
    now = timezone.localtime()
    return now.date() - ONE_DAY if now.hour >= settings.NIGHTLY_HOUR else now.date() - 2 * ONE_DAY


@shared_task(name="attendance.evaluate_due")
def evaluate_due() -> None:
    """Evaluate pupils that were marked, or for whom a finished day changes something."""
    totals = due.evaluate_due(today=today(), finished=last_finished_day())
    if totals.evaluated or totals.failed:
        logger.info(
            "evaluated %s pupils: %s crossings changed, %s pupils failed",
            totals.evaluated,
            totals.changed,
            len(totals.failed),
        )


@shared_task(name="attendance.remind_of_registers")
def remind_of_registers() -> None:
    """Mail everybody with classes of earlier days to fill in."""
    now = today()
    register_reminders.remind_of_registers(registers_due(now), today=now)


@shared_task(name="attendance.check_clocks")
def check_clocks() -> None:
    """Evaluate everybody from nothing, after the due ones: nothing should change. What does is repaired and logged."""
    now, finished = today(), last_finished_day()
    due.evaluate_due(today=now, finished=finished)
    totals = rebuild(today=now, finished=finished, cause="wekelijkse controle")
    if totals.changed or totals.failed:
        logger.error(
            "the clocks did not agree with the rules: %s crossings were new, %s moved, %s restored, %s withdrawn; "
            "%s pupils failed",
            totals.created,
            totals.moved,
            totals.restored,
            totals.withdrawn,
            len(totals.failed),
        )
    else:
        logger.info("the clocks of %s pupils agree with the rules", totals.evaluated)


@shared_task(name="attendance.check_upload")
def check_upload(upload_id: int) -> None:
    """Find out what an uploaded file would do."""
    jobs.check_upload(upload_id, today=today())


@shared_task(name="attendance.import_upload")
def import_upload(upload_id: int) -> None:
    """Import an uploaded file that somebody has looked at."""
    jobs.import_upload(upload_id, today=today())


@shared_task(name="attendance.undo_import")
def undo_import(register_import_id: int) -> None:
    """Undo an import of which somebody asked that."""
    jobs.undo_report(register_import_id, today=today())


@shared_task(name="attendance.sweep_uploads")
def sweep_uploads() -> None:
    """Send files again whose job was lost or died."""
    jobs.sweep_uploads(now=timezone.now())


@shared_task(name="attendance.forget_uploads")
def forget_uploads() -> None:
    """Drop uploaded files and refused rows of some days ago."""
    jobs.forget_uploads(before=timezone.now() - timedelta(days=settings.UPLOAD_KEEP_DAYS))


@shared_task(name="attendance.tend_access")
def tend_access() -> None:
    """What time alone does to access: questions lapse, and the COO hears what ends soon."""
    access_requests.lapse_requests(timezone.now())
    warn_of_ending(today(), timezone.now())


@shared_task(name="attendance.mail_about_access")
def mail_about_access() -> None:
    """Send the mails about access that wait, also those that could not be sent before."""
    send_notices(timezone.now())

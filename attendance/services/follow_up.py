"""Telling the apps above that there is something new, without knowing them."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)

EVALUATE_DUE = "attendance.evaluate_due"


def announce() -> None:
    """Send the tasks of settings.FOLLOW_UP_TASKS once this transaction is there for good. May be repeated.

    They read what they need from the database and come by on a schedule as well: one that cannot be sent is logged, and
    never stands in the way of what was saved.
    """
    transaction.on_commit(send_follow_ups)


def ask_evaluation() -> None:
    """Have the pupils that this transaction marked evaluated soon after it; the schedule does so too."""
    transaction.on_commit(lambda: send_tasks([EVALUATE_DUE]))


def send_follow_ups() -> None:
    """Send the tasks of settings.FOLLOW_UP_TASKS now."""
    send_tasks(settings.FOLLOW_UP_TASKS)


def send_tasks(names: Iterable[str]) -> None:
    """Send these tasks to the queue; what cannot be sent is logged."""
    for name in names:
        send_task(name)


def send_task(name: str, *row_ids: int) -> None:
    """Send one task to the queue, about these rows; when that cannot be done it is logged."""
    if name not in current_app.tasks:
        # A web process has not read the tasks of the apps by itself.
        current_app.autodiscover_tasks(force=True)
    try:
        current_app.tasks[name].apply_async(args=row_ids, retry=False)
    except (OperationalError, OSError):
        logger.warning("could not send %s: the queue does not answer", name)
    except KeyError:
        logger.warning("could not send %s: there is no such task", name)

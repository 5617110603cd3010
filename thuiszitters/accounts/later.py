"""Work that a request leaves to the queue, so that its answer does not tell by its pace what there was to do."""

from __future__ import annotations

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

logger = logging.getLogger(__name__)


def do_later(name: str, *args: str) -> None:
    """Have the task `name` run once what is being saved is there for good. No personal data in `args`."""
    transaction.on_commit(lambda: _send(name, args))


def _send(name: str, args: tuple[str, ...]) -> None:
    if name not in current_app.tasks:
        # A web process has not read the tasks of the apps by itself.
        current_app.autodiscover_tasks(force=True)
    try:
        current_app.tasks[name].apply_async(args=args, retry=False)
    except (OperationalError, OSError):
        logger.warning("could not send %s: the queue does not answer", name)

"""Playing the past: while a moment is set, the application takes it for now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta
from itertools import count

from django.conf import settings
from django.utils import timezone

TICK = timedelta(milliseconds=50)


@contextmanager
def played_on(day: date, hour: int = 9) -> Iterator[None]:
    """Everything in this block happens on `day`, from `hour` on, each thing a little later than the one before.

    The demo has a history: cases opened weeks ago, reports sent and answered. It is made by the application itself,
    whose rows carry the time at which they were made; so the clock is set, in this one process and only while the demo
    is made. Nothing is handed to the queue meanwhile and no mail goes out: what follows is called by who plays.
    """
    start = datetime.combine(day, time(hour), tzinfo=timezone.get_current_timezone())
    ticks = count()
    before = (timezone.now, settings.FOLLOW_UP_TASKS, settings.EMAIL_BACKEND)
    timezone.now = lambda: start + next(ticks) * TICK
    settings.FOLLOW_UP_TASKS = ()
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    try:
        yield
    finally:
        timezone.now, settings.FOLLOW_UP_TASKS, settings.EMAIL_BACKEND = before

"""Playing the past: while a moment is set, the application takes it for now."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import count
from typing import Any, cast

from celery import Task
from django.conf import settings
from django.utils import timezone

TICK = timedelta(milliseconds=50)
LAST_HOUR = 19
"""By this hour of a day everything that is played on it has happened."""
APART = timedelta(minutes=5)
"""Between two played hours of a day that is not over yet: room for what happens in one."""


class AsPlain(type):
    """Any date and time is one of these: Django asks so before it converts one."""

    def __instancecheck__(cls, found: object) -> bool:
        return isinstance(found, datetime)


@contextmanager
def played_on(day: date, hour: int = 9, minute: int = 0) -> Iterator[None]:
    """Everything in this block happens on `day`, from this time on, each thing a little later than the one before.

    The demo has a history: cases opened weeks ago, reports sent and answered. It is made by the application itself,
    whose rows carry the time at which they were made; so the clock is set, in this one process and only while the demo
    is made: where timezone.now itself reads it, since columns hold on to that function. Nothing is handed to the queue
    meanwhile and no mail goes out: what follows is called by who plays.
    """
    start = _not_ahead(datetime.combine(day, time(hour, minute), tzinfo=timezone.get_current_timezone()))
    ticks = count()

    class Played(datetime, metaclass=AsPlain):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override]
            return (start + next(ticks) * TICK).astimezone(tz)

    clock, queue = cast("Any", timezone), cast("Any", Task)
    before = (clock.datetime, queue.apply_async, settings.EMAIL_BACKEND)
    clock.datetime = Played
    queue.apply_async = lambda *_args, **_options: None
    settings.EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
    try:
        yield
    finally:
        clock.datetime, queue.apply_async, settings.EMAIL_BACKEND = before


def _not_ahead(start: datetime) -> datetime:
    """The same moment, or on the day of today one before now: a demo of the morning holds nothing of the afternoon.

    What is played stays in its order and on its day.
    """
    now = timezone.localtime()
    if start.date() != now.date():
        return start
    midnight = start.replace(hour=0, minute=0)
    hours = (start - midnight) / timedelta(hours=1)
    soonest = midnight + hours * timedelta(minutes=1)
    return min(start, max(soonest, now - (LAST_HOUR - hours) * APART))

"""Bringing the clocks up to date of whom an import touched, or undoing it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from django.db import transaction

from attendance.models import PupilClock
from attendance.services.clocks import evaluate_pupils
from attendance.services.lesson_catch_up import catch_up_lessons

EVALUATED_AT_ONCE = 500
"""Pupils a transaction: on SQLite nobody else writes meanwhile, so it has to take a second at most."""

Progress = Callable[[str, int, int], None]
"""Told what was done (rows read, pupils evaluated), with how many, of how many."""


def evaluate_marked(*, cause: str, today: date, progress: Progress | None = None) -> None:
    """Evaluate who is marked with this cause; the schedule does whom this does not reach."""
    marked = PupilClock.objects.filter(dirty=True, dirty_cause=cause).order_by("pk")
    total, done, last = marked.count(), 0, 0
    while ids := list(marked.filter(pk__gt=last).values_list("pk", flat=True)[:EVALUATED_AT_ONCE]):
        with transaction.atomic():
            catch_up_lessons(ids, by=None, today=today)
            evaluate_pupils(ids, today=today, cause=cause)
        last = ids[-1]
        done += len(ids)
        if progress:
            progress("leerlingen doorgerekend", done, total)

"""Evaluating everybody from nothing: for a new installation, after a change of the rules, and to check the clocks."""

from __future__ import annotations

import gc
import multiprocessing
import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from itertools import pairwise

from django.db import connection, connections
from django.db.models import Exists, Max, Min, OuterRef
from django.db.models.query import QuerySet

from attendance.engine.calendar import REGIONS, holidays_known_until
from attendance.models import Absence, Crossing, OwnTimetable, Pupil, PupilClock
from attendance.services.due import Totals, evaluate_each

BATCH = 1000
PAYS_FROM = 5000
"""Pupils for which it pays to start more processes."""
RANGES_PER_PROCESS = 8
"""Ids are not spread evenly: who is ready early takes another range."""
MOST_PROCESSES = 8


def rebuild(*, today: date, finished: date, cause: str, processes: int | None = None) -> Totals:
    """Evaluate every pupil with anything to count, a range of ids at a time. May be repeated: what is stored and still
    holds stays as it is. Memory does not follow the number of pupils.

    With PostgreSQL `processes` (default: one for each processor) share the ranges; SQLite has one writer.
    """
    ends = Pupil.objects.aggregate(first=Min("pk"), last=Max("pk"))
    if ends["first"] is None:
        return Totals()
    count = processes if processes is not None else useful_processes()
    ranges = list(id_ranges(ends["first"], ends["last"], count * RANGES_PER_PROCESS if count > 1 else 1))
    if count == 1:
        return rebuild_range(ranges[0], today, finished, cause)
    totals = Totals()
    for region in REGIONS:
        # Made here, the days of the regions are there for every child.
        holidays_known_until(region)
    # A connection cannot be shared with a child.
    connections.close_all()
    with ProcessPoolExecutor(count, mp_context=multiprocessing.get_context("fork")) as pool:
        jobs = [pool.submit(rebuild_range, ids, today, finished, cause) for ids in ranges]
        for job in jobs:
            totals.add(job.result())
    return totals


def useful_processes() -> int:
    """How many processes to use: one, unless there are many pupils and a database that lets several write."""
    if connection.vendor != "postgresql" or "fork" not in multiprocessing.get_all_start_methods():
        return 1
    if connection.in_atomic_block or not Pupil.objects.order_by("pk")[PAYS_FROM : PAYS_FROM + 1]:
        return 1
    return min(os.cpu_count() or 1, MOST_PROCESSES)


def id_ranges(first: int, last: int, pieces: int) -> Iterator[tuple[int, int]]:
    """Ranges of ids, first included and last not, that together hold `first` to `last`."""
    size = last - first + 1
    cuts = sorted({first + size * n // pieces for n in range(pieces + 1)})
    yield from pairwise(cuts)


def rebuild_range(ids: tuple[int, int], today: date, finished: date, cause: str) -> Totals:
    """Evaluate the pupils of one range."""
    totals = Totals()
    start, stop = ids
    with no_search_for_garbage():
        while page := list(to_evaluate().filter(pk__gte=start, pk__lt=stop)[:BATCH]):
            totals.add(evaluate_each(page, today=today, finished=finished, cause=cause, size=BATCH))
            start = page[-1] + 1
    return totals


@contextmanager
def no_search_for_garbage() -> Iterator[None]:
    """The values of a page are freed as soon as nothing holds them: looking for rings among them takes a tenth of the
    time and finds none."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def to_evaluate() -> QuerySet[Pupil, int]:
    """Ids of pupils who have, or had, anything to count. Without an absence and without an own timetable no date is
    missed, and no rule can be crossed."""
    absent = Absence.objects.filter(pupil=OuterRef("pk"))
    own = OwnTimetable.objects.filter(pupil=OuterRef("pk"))
    clock = PupilClock.objects.filter(pupil=OuterRef("pk"))
    crossing = Crossing.objects.filter(pupil=OuterRef("pk"))
    pupils = Pupil.objects.filter(Exists(absent) | Exists(own) | Exists(clock) | Exists(crossing))
    return pupils.order_by("pk").values_list("pk", flat=True)

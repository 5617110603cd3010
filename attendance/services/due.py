"""Finding whom to evaluate: marked pupils, pupils for whom a date has come, and pupils nobody has looked at yet."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Exists, OuterRef, Q
from django.db.models.query import QuerySet

from attendance.batches import in_batches
from attendance.models import Absence, OwnTimetable, Pupil, PupilClock
from attendance.services.clocks import TIME, evaluate_pupil, evaluate_pupils
from attendance.services.crossings import Outcome

logger = logging.getLogger(__name__)

BATCH = 200
"""Pupils in a transaction: SQLite has one writer at a time, and somebody may be saving a register."""


def due_pupils(finished: date) -> QuerySet[PupilClock, int]:
    """Ids of pupils that are marked, or for whom time changes something on or before `finished`."""
    due = PupilClock.objects.filter(Q(dirty=True) | Q(next_on__lte=finished))
    return due.order_by("pupil_id").values_list("pupil_id", flat=True)


def unseen_pupils() -> QuerySet[Pupil, int]:
    """Ids of pupils with something to count whose clock never ran: rows that came in past the services."""
    absent = Absence.objects.standing().filter(pupil=OuterRef("pk"))
    own = OwnTimetable.objects.filter(pupil=OuterRef("pk"))
    unseen = Pupil.objects.filter(Exists(absent) | Exists(own), clock=None)
    return unseen.order_by("pk").values_list("pk", flat=True)


@dataclass
class Totals:
    """How much a run over many pupils evaluated and changed. `failed` are ids of pupils."""

    evaluated: int = 0
    created: int = 0
    moved: int = 0
    restored: int = 0
    withdrawn: int = 0
    failed: list[int] = field(default_factory=list)

    def count(self, outcome: Outcome) -> None:
        """Add the numbers of one evaluation; its rows are let go, so that memory does not follow their number."""
        self.evaluated += outcome.evaluated
        self.created += len(outcome.created)
        self.moved += len(outcome.moved)
        self.restored += len(outcome.restored)
        self.withdrawn += len(outcome.withdrawn)
        self.failed += outcome.failed

    def add(self, other: Totals) -> None:
        """Add the numbers of another run."""
        self.evaluated += other.evaluated
        self.created += other.created
        self.moved += other.moved
        self.restored += other.restored
        self.withdrawn += other.withdrawn
        self.failed += other.failed

    @property
    def changed(self) -> int:
        """How many crossings are other than they were."""
        return self.created + self.moved + self.restored + self.withdrawn


def evaluate_due(*, today: date, finished: date) -> Totals:
    """Evaluate every pupil that is due, some at a time. May be repeated and run beside itself; a missed night is made
    good by the next run, since pupils are found by date."""
    return evaluate_each(due_pupils(finished), today=today, finished=finished)


def evaluate_unseen(*, today: date, finished: date) -> Totals:
    """Evaluate every pupil nobody has looked at yet."""
    return evaluate_each(unseen_pupils(), today=today, finished=finished)


def evaluate_each(
    pupil_ids: Iterable[int], *, today: date, finished: date, cause: str = TIME, size: int = BATCH
) -> Totals:
    """Evaluate these pupils in small transactions. A batch that fails is taken again one by one; who fails alone is
    logged, and stays due."""
    totals = Totals()
    for batch in in_batches(pupil_ids, size):
        for outcome in _evaluate_batch(batch, today=today, finished=finished, cause=cause):
            totals.count(outcome)
    return totals


def _evaluate_batch(batch: list[int], *, today: date, finished: date, cause: str) -> Iterator[Outcome]:
    try:
        yield evaluate_pupils(batch, today=today, finished=finished, cause=cause)
    except Exception:
        logger.exception("a batch of %s pupils cannot be evaluated together", len(batch))
        for pk in batch:
            try:
                yield evaluate_pupil(pk, today=today, finished=finished, cause=cause)
            except Exception:
                logger.exception("pupil %s cannot be evaluated", pk)
                yield Outcome(failed=[pk])

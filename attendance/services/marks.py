"""Asking for an evaluation that comes later (attendance.evaluate_due)."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import transaction

from attendance.batches import in_batches
from attendance.models import PupilClock
from attendance.services.locks import lock_pupils

BATCH = 2000


def mark_dirty(pupil_ids: Iterable[int], *, cause: str) -> int:
    """Have these pupils evaluated at the next run; how many there are. May be repeated.

    `cause` is the change in a few Dutch words without personal data ("rooster van de school gewijzigd"); it is kept
    with the crossings that it turns out to cause. Call it in the transaction of the change itself, after the change.
    """
    marked = 0
    with transaction.atomic():
        for batch in in_batches(sorted(set(pupil_ids)), BATCH):
            found = lock_pupils(batch)
            PupilClock.objects.bulk_create(
                [PupilClock(pupil_id=pk, dirty=True, dirty_cause=cause) for pk in found],
                update_conflicts=True,
                unique_fields=["pupil"],
                update_fields=["dirty", "dirty_cause"],
            )
            marked += len(found)
    return marked

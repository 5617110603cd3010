"""When somebody last spoke with a pupil or the parents (settings.LAST_CONTACTS)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Max

from attendance.batches import rows_of
from cases.models import LogEntry


def last_contacts(pupil_ids: Collection[int]) -> dict[int, date]:
    """The newest contact in the log of the open case of each pupil, by pupil; who was not spoken with is left out. What
    a closed case says is of another time, and can be of another school."""
    rows = (
        LogEntry.objects.filter(rows_of("case__pupil", pupil_ids), case__closed_at=None, kind=LogEntry.Kind.CONTACT)
        .order_by()
        .values_list("case__pupil")
        .annotate(newest=Max("day"))
    )
    return dict(rows)

"""One lock for everything that is written about a pupil."""

from __future__ import annotations

from collections.abc import Iterable

from attendance.models import Pupil


def lock_pupils(pupil_ids: Iterable[int]) -> list[int]:
    """Lock these pupils until the transaction ends; the ids that exist, in order (so that two callers cannot deadlock).

    Rows that point at the pupil can still be added by others: only who locks too has to wait.
    """
    rows = Pupil.objects.filter(pk__in=pupil_ids).order_by("pk")
    return list(rows.select_for_update(of=("self",), no_key=True).values_list("pk", flat=True))

"""Whether somebody known by a code was a pupil of some schools on a day; for the log, which knows only codes."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from attendance.models import Enrolment


def enrolled_then(schools: Collection[int]) -> Exists:
    """For rows with a `subject`, the code of a pupil, and a time `at`: whether the pupil was enrolled or taught at one
    of these schools on that day."""
    day = OuterRef("at__date")
    rows = Enrolment.objects.filter(
        Q(school__in=schools) | Q(place__in=schools),
        Q(last__isnull=True) | Q(last__gte=day),
        pupil__code=OuterRef("subject"),
        first__lte=day,
    )
    return Exists(rows)

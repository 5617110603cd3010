"""Whether somebody known by a code was a pupil of some schools on a day; for the log, which knows only codes."""

from __future__ import annotations

from collections.abc import Collection

from django.db.models import Exists, OuterRef, Q

from attendance.models import Enrolment


def enrolled_then(schools: Collection[int]) -> Q:
    """For rows with a `subject`, the code of a pupil, and a time `at`: whether the pupil was enrolled or taught at one
    of these schools on that day."""
    here = Enrolment.objects.filter(Q(school__in=schools) | Q(place__in=schools)).order_by()
    day = OuterRef("at__date")
    rows = here.filter(
        Q(last__isnull=True) | Q(last__gte=day),
        pupil__code=OuterRef("subject"),
        first__lte=day,
    )
    # The first says nothing more than the second: it is a list that the database makes once, and so it looks up the
    # day of few rows and not of each row of the log.
    return Q(subject__in=here.values("pupil__code")) & Q(Exists(rows))

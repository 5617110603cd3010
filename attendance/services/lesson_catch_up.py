"""What teachers saw counts again where a record that stood over it has gone, whoever or whatever took it away."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from attendance.engine.lesson_day import Seen
from attendance.models import Absence, LessonMark
from attendance.services.absences import write_lessons
from attendance.services.lesson_settling import states_with_marks
from attendance.services.locks import lock_pupils
from thuiszitters.accounts.models import User


def catch_up_lessons(pupil_ids: Collection[int], *, by: User | None, today: date) -> None:
    """Write the missed lessons of these pupils on dates without any record of absence. May be repeated.

    Without this, silence would say that a pupil was there whom every teacher missed. One query when there is nothing.
    """
    records = Absence.objects.standing().filter(
        Q(last=None) | Q(last__gte=OuterRef("day")), pupil=OuterRef("pupil"), first__lte=OuterRef("day")
    )
    bare = LessonMark.objects.standing().filter(~Exists(records), pupil__in=pupil_ids, seen=Seen.ABSENT)
    found = list(bare.order_by("pupil", "day").values_list("pupil", "day").distinct())
    if not found:
        return
    with transaction.atomic():
        lock_pupils({pupil_id for pupil_id, _day in found})
        for pupil_id, day in found:
            for state in states_with_marks(pupil_id, day, day):
                write_lessons(state, pupil_id, by=by, today=today)

"""The pupils that somebody was assigned or invited to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch
from django.db.models.query import QuerySet

from attendance.listings.clock import Clock
from attendance.listings.pupil_clock import small_clock
from attendance.models import Assignment, Enrolment, Pupil
from attendance.models.pupils import holds_on
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import ASSIGNED


@dataclass(frozen=True)
class AssignedPupil:
    """A pupil with where they are now, and the clock when one runs. Both names empty for who left."""

    pupil: Pupil
    group_name: str
    school_name: str
    clock: Clock | None


def assigned_pupils(pupils: QuerySet[Pupil], user: User, today: date) -> list[AssignedPupil]:
    """Those of `pupils` that `user` is assigned or invited to today; longest at home first, then by name."""
    mine = Assignment.objects.filter(holds_on(today), pupil=OuterRef("pk"), user=user, role__in=ASSIGNED)
    now = Enrolment.objects.on(today).select_related("group", "place").order_by("first")
    rows = (
        pupils.filter(Exists(mine))
        .select_related("clock")
        .prefetch_related(Prefetch("enrolments", now, to_attr="now_at"))
        .order_by("surname_key", "first_name", "pk")
    )
    return sorted((_assigned(pupil) for pupil in rows), key=lambda row: -(row.clock.amount if row.clock else 0))


def _assigned(pupil: Pupil) -> AssignedPupil:
    clock = getattr(pupil, "clock", None)
    shown = small_clock(clock) if clock is not None else None
    current: list[Enrolment] = getattr(pupil, "now_at", [])
    if not current:
        return AssignedPupil(pupil, "", "", shown)
    last = current[-1]
    return AssignedPupil(pupil, last.group.name if last.group else "", last.place.name, shown)

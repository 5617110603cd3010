"""Pupils who need attention, for whoever sees them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.query import QuerySet

from attendance.listings.clock import Clock
from attendance.listings.pupil_clock import small_clock
from attendance.models import Absence, Crossing, Enrolment, Pupil, PupilClock

RECENT = timedelta(days=28)
NEAR = 5
"""A run of this many school days is worth a look, before any norm is passed."""


@dataclass(frozen=True)
class PupilSignal:
    """A pupil with the clock that runs, the signals of the last four weeks, and the absence until further notice."""

    pupil: Pupil
    group_name: str
    clock: Clock | None
    crossings: list[Crossing]
    open_absence: Absence | None


def pupils_with_a_signal(pupils: QuerySet[Pupil], today: date) -> list[PupilSignal]:
    """Who is at home for five school days or more, or passed a norm in the last four weeks; longest at home first."""
    since = today - RECENT
    recent = Crossing.objects.standing().filter(pupil=OuterRef("pk"), crossed_on__gt=since, crossed_on__lte=today)
    at_home = PupilClock.objects.filter(pupil=OuterRef("pk"), run_since__isnull=False, run_school_days__gte=NEAR)
    rows = (
        pupils.filter(Q(Exists(recent)) | Q(Exists(at_home)))
        .select_related("clock")
        .prefetch_related(
            Prefetch(
                "crossings",
                Crossing.objects.standing()
                .filter(crossed_on__gt=since, crossed_on__lte=today)
                .defer("evidence")
                .order_by("-crossed_on"),
                to_attr="recent_crossings",
            ),
            Prefetch(
                "absences",
                Absence.objects.standing().filter(last=None, first__lte=today).order_by("first"),
                to_attr="open_absences",
            ),
            Prefetch(
                "enrolments", Enrolment.objects.on(today).select_related("group").order_by("first"), to_attr="now_at"
            ),
        )
    )
    found = []
    for pupil in rows.order_by("surname_key", "first_name", "pk"):
        clock = getattr(pupil, "clock", None)
        groups = [row.group.name for row in getattr(pupil, "now_at", ()) if row.group]
        found.append(
            PupilSignal(
                pupil,
                groups[-1] if groups else "",
                small_clock(clock) if clock is not None else None,
                list(getattr(pupil, "recent_crossings", ())),
                next(iter(getattr(pupil, "open_absences", ())), None),
            )
        )
    return sorted(found, key=lambda row: -(row.clock.amount if row.clock else 0))

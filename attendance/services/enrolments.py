"""Enrolling a pupil, ending an enrolment, and moving to another class."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from attendance.models import Enrolment, Group, PastGroup, Pupil
from attendance.services.clocks import evaluate_pupil
from attendance.services.locks import lock_pupils
from attendance.services.periods import PeriodError, check_period
from thuiszitters.accounts.models import School


def enrol_pupil(
    *, pupil: Pupil, school: School, first: date, today: date, place: School | None = None, group: Group | None = None
) -> Enrolment:
    """Enrol `pupil` at `school` from `first`, taught at `place` (the same school unless given). Raises PeriodError."""
    with transaction.atomic():
        lock_pupils([pupil.pk])
        check_period(pupil.enrolments.all(), first, None, "een inschrijving")
        row = Enrolment.objects.create(pupil=pupil, school=school, place=place or school, group=group, first=first)
        evaluate_pupil(pupil.pk, today=today, cause="ingeschreven")
    return row


def end_enrolment(*, enrolment: Enrolment, last: date, leaving_reason: str, today: date) -> Enrolment:
    """`last` is the last date at this school. May be repeated, also to correct it. Raises PeriodError."""
    with transaction.atomic():
        lock_pupils([enrolment.pupil_id])
        row = Enrolment.objects.get(pk=enrolment.pk)
        check_period(row.pupil.enrolments.exclude(pk=row.pk), row.first, last, "een andere inschrijving")
        row.last = last
        row.leaving_reason = leaving_reason
        row.save(update_fields=["last", "leaving_reason"])
        evaluate_pupil(row.pupil_id, today=today, cause="uitgeschreven")
    return row


def move_to_group(*, enrolment: Enrolment, group: Group, since: date, today: date) -> Enrolment:
    """The pupil is in `group` from `since` on; which class it was before stays known. May be repeated."""
    with transaction.atomic():
        lock_pupils([enrolment.pupil_id])
        row = Enrolment.objects.get(pk=enrolment.pk)
        if group.school_id != row.place_id:
            raise PeriodError(f"{group} is geen klas van {row.place}.")
        if row.group_id == group.pk:
            return row
        if since > row.first:
            PastGroup.objects.update_or_create(
                enrolment=row, last=since - timedelta(days=1), defaults={"group_id": row.group_id}
            )
        row.group = group
        row.save(update_fields=["group"])
        evaluate_pupil(row.pupil_id, today=today, cause="andere klas")
    return row

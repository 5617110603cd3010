"""Changes of a whole school, or of what everybody is counted by. Whom they touch is marked and evaluated soon after."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from attendance.engine.facts import Week
from attendance.models import CalendarException, NormRow, Reason
from attendance.models.calendar import ExceptionKind
from attendance.services.follow_up import ask_evaluation
from attendance.services.marks import mark_dirty
from attendance.services.periods import check_period
from attendance.services.touched import (
    touched_by_calendar,
    touched_by_complete_through,
    touched_by_norms,
    touched_by_reason,
    touched_by_school,
)
from thuiszitters.accounts.models import School


def add_own_days(
    *, school: School, first: date, last: date, kind: ExceptionKind, description: str = ""
) -> CalendarException:
    """The school is free, or open, from `first` to `last`. Raises PeriodError."""
    with transaction.atomic():
        lock_school(school)
        check_period(CalendarException.objects.filter(school=school), first, last, "een eigen dag van de school")
        row = CalendarException.objects.create(
            school=school, first=first, last=last, kind=kind, description=description
        )
        mark_dirty(touched_by_calendar(school, first, last), cause="kalender van de school gewijzigd")
        ask_evaluation()
    return row


def remove_own_days(*, own_days: CalendarException) -> None:
    """Region and country decide again. May be repeated."""
    with transaction.atomic():
        lock_school(own_days.school)
        removed, _ = CalendarException.objects.filter(pk=own_days.pk).delete()
        if removed:
            touched = touched_by_calendar(own_days.school, own_days.first, own_days.last)
            mark_dirty(touched, cause="kalender van de school gewijzigd")
            ask_evaluation()


def set_standard_timetable(*, school: School, week: Week) -> None:
    """The minutes of the standard timetable, for every date. May be repeated."""
    with transaction.atomic():
        row = lock_school(school)
        if row.week == week:
            return
        row.monday, row.tuesday, row.wednesday, row.thursday, row.friday = week
        row.save(update_fields=["monday", "tuesday", "wednesday", "thursday", "friday"])
        mark_dirty(touched_by_school(school), cause="rooster van de school gewijzigd")
        ask_evaluation()


def declare_complete(*, school: School, through: date) -> bool:
    """The data of this place of teaching is complete up to and including `through`: silence now means "was there".

    Never moves back; says whether it moved. May be repeated.
    """
    with transaction.atomic():
        row = lock_school(school)
        old = row.complete_through
        if old is not None and old >= through:
            return False
        row.complete_through = through
        row.save(update_fields=["complete_through"])
        mark_dirty(touched_by_complete_through(school, old, through), cause="gegevens van de school compleet")
        ask_evaluation()
    return True


def recount_school(*, school: School) -> int:
    """The standard timetable, sector, region, lesson length or alliance of a school changed: have its pupils evaluated;
    how many they are."""
    with transaction.atomic():
        touched = mark_dirty(touched_by_school(school), cause="gegevens van de school gewijzigd")
        ask_evaluation()
    return touched


def recount_reason(*, reason: Reason) -> int:
    """A reason counts differently from now on: have whoever has a record with it evaluated; how many they are."""
    with transaction.atomic():
        touched = mark_dirty(touched_by_reason(reason), cause="reden gewijzigd")
        ask_evaluation()
    return touched


def recount_norm(*, norm: NormRow) -> int:
    """A norm changed, came or went: have its pupils evaluated; how many they are."""
    with transaction.atomic():
        touched = mark_dirty(touched_by_norms(norm.alliance), cause="norm gewijzigd")
        ask_evaluation()
    return touched


def lock_school(school: School) -> School:
    """The school as it is now, locked until the transaction ends."""
    return School.objects.select_for_update(of=("self",)).get(pk=school.pk)

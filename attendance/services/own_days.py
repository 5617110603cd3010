"""Days on which a school is free or open by its own choice. Whom a change touches is evaluated soon after."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models.query import QuerySet

from attendance.engine.calendar import HOLIDAYS_FROM, LAST_SCHOOL_YEAR_ENDS
from attendance.models import CalendarException
from attendance.models.calendar import ExceptionKind
from attendance.services.follow_up import ask_evaluation
from attendance.services.marks import mark_dirty
from attendance.services.periods import PeriodError
from attendance.services.schools import lock_school
from attendance.services.seen import check_seen, mark_of_school
from attendance.services.touched import touched_by_calendar
from thuiszitters.accounts.dutch_dates import full_date
from thuiszitters.accounts.models import School

KNOWN = (HOLIDAYS_FROM, date(LAST_SCHOOL_YEAR_ENDS, 7, 31))
"""The school years of which the holidays are known."""
SATURDAY = 5
CAUSE = "kalender van de school gewijzigd"


def add_own_days(
    *,
    school: School,
    first: date,
    last: date,
    kind: ExceptionKind,
    description: str = "",
    seen: str | None = None,
) -> CalendarException:
    """The school is free, or open, from `first` to `last`.

    Raises PeriodError, and ChangedMeanwhileError when the calendar is no longer the one that was `seen`.
    """
    with transaction.atomic():
        check_seen(seen, mark_of_school(lock_school(school)))
        check_own_days(own_days_at(school), first, last, kind)
        row = CalendarException.objects.create(
            school=school, first=first, last=last, kind=kind, description=description
        )
        _count_again(school, first, last)
    return row


def change_own_days(
    *,
    own_days: CalendarException,
    first: date,
    last: date,
    kind: ExceptionKind,
    description: str = "",
    seen: str | None = None,
) -> CalendarException:
    """These days become other ones. May be repeated. Raises as add_own_days does; one that was removed meanwhile is a
    change too."""
    with transaction.atomic():
        school = lock_school(own_days.school)
        check_seen(seen, mark_of_school(school))
        row = CalendarException.objects.get(pk=own_days.pk)
        check_own_days(own_days_at(school, but=row), first, last, kind)
        span = min(row.first, first), max(row.last, last)
        row.first, row.last, row.kind, row.description = first, last, kind, description
        row.save(update_fields=["first", "last", "kind", "description"])
        _count_again(school, *span)
    return row


def remove_own_days(*, own_days: CalendarException, seen: str | None = None) -> None:
    """Region and country decide again. May be repeated. Raises ChangedMeanwhileError."""
    with transaction.atomic():
        check_seen(seen, mark_of_school(lock_school(own_days.school)))
        removed, _ = CalendarException.objects.filter(pk=own_days.pk).delete()
        if removed:
            _count_again(own_days.school, own_days.first, own_days.last)


def own_days_at(school: School, *, but: CalendarException | None = None) -> QuerySet[CalendarException]:
    """The own days of this school in order of date, all years, without one row."""
    rows = CalendarException.objects.filter(school=school).order_by("first")
    return rows if but is None else rows.exclude(pk=but.pk)


def check_own_days(others: QuerySet[CalendarException], first: date, last: date, kind: str) -> None:
    """Raise PeriodError, in words for who enters them, when these days cannot stand beside `others` of the school."""
    if last < first:
        raise PeriodError("De laatste dag ligt vóór de eerste.")
    earliest, latest = KNOWN
    if first < earliest or last > latest:
        raise PeriodError(f"Kies dagen van {full_date(earliest)} tot en met {full_date(latest)}.")
    weekends = [day for day in (first, last) if day.weekday() >= SATURDAY]
    if kind == ExceptionKind.OPEN and weekends:
        raise PeriodError(f"Op {full_date(weekends[0])} is het weekend. Een school is dan nooit open.")
    if len(weekends) == 2 and last - first <= timedelta(days=1):
        raise PeriodError("Deze dagen vallen in het weekend, en dat is al vrij.")
    other = others.filter(first__lte=last, last__gte=first).order_by("first").first()
    if other is not None:
        raise PeriodError(f"Dit overlapt met {named(other)}. Wijzig die, of kies andere dagen.")


def named(row: CalendarException) -> str:
    """“studiedag” (vr 6 nov 2026)."""
    days = full_date(row.first) if row.first == row.last else f"{full_date(row.first)} t/m {full_date(row.last)}"
    return f"“{row.description or row.get_kind_display()}” ({days})"


def _count_again(school: School, first: date, last: date) -> None:
    mark_dirty(touched_by_calendar(school, first, last), cause=CAUSE)
    ask_evaluation()

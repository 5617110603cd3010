"""Involving somebody with one pupil for a time: a gedragsdeskundige, a jeugdarts, or who may look in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from attendance.access_rules import extended_last, is_within_term
from attendance.models import Assignment, Pupil
from attendance.models.pupils import holds_on
from attendance.services.access_warnings import forget_warnings
from attendance.services.locks import lock_pupils
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record

OFF_THE_TABLE = "de leerling is van de Thuiszitterstafel"


class TermError(Exception):
    """The last day lies in the past, or further ahead than this installation allows. The text is Dutch."""


def check_term(last: date, today: date) -> None:
    """Raise TermError for a last day that cannot be given today."""
    if not is_within_term(last, today, most_weeks=settings.OUTSIDER_MOST_WEEKS):
        raise TermError(f"Kies een dag tussen vandaag en {settings.OUTSIDER_MOST_WEEKS} weken verder.")


def assign_pupil(
    *, pupil: Pupil, user: User, role: Role, last: date, by: User, today: date, for_table: bool = False
) -> Assignment:
    """Let `user` see the pupil from today up to and including `last`, or until the pupil leaves the table when it is
    `for_table`. May be repeated, also to change either. TermError for a day too far away."""
    check_term(last, today)
    with transaction.atomic():
        lock_pupils([pupil.pk])
        row = Assignment.objects.filter(holds_on(today), pupil=pupil, user=user, role=role).first()
        if row is None:
            row = Assignment.objects.create(
                pupil=pupil, user=user, role=role, by=by, first=today, last=last, for_table=for_table
            )
            _record(row, "toegang gegeven")
        elif (row.last, row.for_table) != (last, for_table):
            row.last, row.for_table = last, for_table
            row.save(update_fields=["last", "for_table"])
            forget_warnings(row)
            _record(row, "toegang gewijzigd")
        return row


def extend_assignment(*, assignment: Assignment, today: date) -> Assignment:
    """Once longer by the usual number of weeks, never further ahead than allowed. Nothing for what ended already."""
    with transaction.atomic():
        lock_pupils([assignment.pupil_id])
        row = Assignment.objects.get(pk=assignment.pk)
        if row.last < today:
            return row
        last = extended_last(row.last, today, weeks=settings.OUTSIDER_WEEKS, most_weeks=settings.OUTSIDER_MOST_WEEKS)
        if last != row.last:
            row.last = last
            row.save(update_fields=["last"])
            forget_warnings(row)
            _record(row, "toegang verlengd")
        return row


def end_assignment(*, assignment: Assignment, today: date, by: User | None, reason: str = "") -> Assignment:
    """From now on the pupil is not shown, also when it began today. `by` None: the application. May be repeated."""
    with transaction.atomic():
        lock_pupils([assignment.pupil_id])
        row = Assignment.objects.get(pk=assignment.pk)
        yesterday = today - timedelta(days=1)
        if row.last > yesterday:
            row.last, row.ended_at, row.ended_by, row.end_reason = yesterday, timezone.now(), by, reason[:200]
            row.save(update_fields=["last", "ended_at", "ended_by", "end_reason"])
            _record(row, "toegang beëindigd")
        return row


def end_those_for_table(*, pupil_ids: Iterable[int], today: date) -> int:
    """These pupils left the Thuiszitterstafel: who was involved for that is so no longer; how many. May be repeated."""
    rows = Assignment.objects.filter(for_table=True, last__gte=today, pupil__in=pupil_ids).order_by("pk")
    ended = [end_assignment(assignment=row, today=today, by=None, reason=OFF_THE_TABLE) for row in rows]
    return len(ended)


def _record(row: Assignment, what: str) -> None:
    record(
        Kind.RIGHTS,
        what,
        row=row.code,
        subject=row.pupil.code,
        why=row.end_reason if row.end_reason == OFF_THE_TABLE else "",
        detail={
            "wie": str(row.user.code),
            "rol": row.role,
            "van": row.first.isoformat(),
            "tot en met": row.last.isoformat(),
            "met de tafel": row.for_table,
        },
    )

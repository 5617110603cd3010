"""Involving a gedragsdeskundige or jeugdarts with one pupil, and ending that."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction

from attendance.models import Assignment, Pupil
from attendance.models.pupils import holds_on
from attendance.services.locks import lock_pupils
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role


def assign_pupil(*, pupil: Pupil, user: User, role: Role, last: date | None, by: User, today: date) -> Assignment:
    """Let `user` see the pupil from today up to and including `last`. May be repeated, also to change `last`."""
    with transaction.atomic():
        lock_pupils([pupil.pk])
        row = Assignment.objects.filter(holds_on(today), pupil=pupil, user=user, role=role).first()
        if row is None:
            return Assignment.objects.create(pupil=pupil, user=user, role=role, by=by, first=today, last=last)
        if row.last != last:
            row.last = last
            row.save(update_fields=["last"])
        return row


def end_assignment(*, assignment: Assignment, today: date) -> Assignment:
    """From now on the pupil is not shown; when it began today, from tomorrow on. May be repeated."""
    with transaction.atomic():
        lock_pupils([assignment.pupil_id])
        row = Assignment.objects.get(pk=assignment.pk)
        last = max(row.first, today - timedelta(days=1))
        if row.last is None or row.last > last:
            row.last = last
            row.save(update_fields=["last"])
        return row

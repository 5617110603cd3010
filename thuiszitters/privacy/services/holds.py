"""Blocking the destruction of a pupil's data, and lifting that."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from attendance.models import Pupil
from attendance.services.locks import lock_pupils
from thuiszitters.accounts.models import School, User
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record
from thuiszitters.privacy.models import LegalHold


class PupilGoneError(Exception):
    """There is nothing left of this pupil to hold on to."""


def set_hold(*, pupil: Pupil, school: School, reason: str, until: date | None, by: User, today: date) -> LegalHold:
    """From now on nothing of this pupil is destroyed. The same hold twice is one.

    Raises PupilGoneError when a destruction was quicker.
    """
    with transaction.atomic():
        if not lock_pupils([pupil.pk]):
            raise PupilGoneError
        standing = LegalHold.objects.standing(today).filter(pupil=pupil, school=school, reason=reason, until=until)
        if found := standing.first():
            return found
        hold = LegalHold.objects.create(pupil=pupil, school=school, reason=reason, until=until, set_by=by)
        record(
            Kind.DESTRUCTION,
            "blokkade gezet",
            row=hold.code,
            subject=pupil.code,
            actor=by.code,
            detail={"tot": until.isoformat() if until else ""},
        )
        return hold


def lift_hold(*, hold: LegalHold, why: str, by: User) -> bool:
    """The clocks count again; whether it was still standing."""
    with transaction.atomic():
        standing = LegalHold.objects.filter(pk=hold.pk, lifted_at__isnull=True)
        if not standing.update(lifted_by=by, lifted_at=timezone.now(), lifted_why=why):
            return False
        record(Kind.DESTRUCTION, "blokkade opgeheven", row=hold.code, subject=hold.pupil.code, actor=by.code)
        return True

"""Absence of which nobody knew the reason yet, and filling that in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from django.db import transaction
from django.db.models import Q

from attendance.models import Absence, Reason
from attendance.models.absences import AbsenceQuerySet
from attendance.services.absences import AbsenceError, Recorded, content_of, locked, rewrite
from attendance.services.clocks import evaluate_pupil
from thuiszitters.accounts.models import User

UNKNOWN = "onbekend"


def with_unknown_reason(rows: AbsenceQuerySet) -> AbsenceQuerySet:
    """Standing records with the reason "not known yet", or with a school's own code for it."""
    common = Q(reason__school=None, reason__code=UNKNOWN)
    return rows.standing().filter(common | Q(reason__maps_to__school=None, reason__maps_to__code=UNKNOWN))


def is_unknown(reason: Reason) -> bool:
    """Whether this is the reason "not known yet"."""
    meant = reason.maps_to or reason
    return meant.school_id is None and meant.code == UNKNOWN


def fill_in_reason(*, absence: Absence, reason: Reason, by: User, today: date) -> Recorded:
    """The reason of this record became known. The same again changes nothing; what it said is kept.

    Raises AbsenceError when it was taken back or got another reason meanwhile: that is no filling in but a change.
    """
    with transaction.atomic():
        row = locked(absence)
        if row.reason_id != reason.pk:
            if not is_unknown(row.reason):
                raise AbsenceError(f"Hier staat intussen al een reden: {row.reason}. Er is niets gewijzigd.")
            rewrite(row, replace(content_of(row), reason=reason), by=by, today=today)
        return Recorded(row, evaluate_pupil(row.pupil_id, today=today, cause="reden ingevuld"))

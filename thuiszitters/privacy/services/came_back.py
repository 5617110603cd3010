"""Recognising a child whose data was destroyed (settings.DESTROYED_BEFORE): by the mark on the tombstone alone."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.utils import timezone

from thuiszitters.privacy.data_classes import DataClass
from thuiszitters.privacy.models import Tombstone
from thuiszitters.privacy.services.marks import identity_mark


def destroyed_before(children: Collection[tuple[str, date, str]]) -> dict[tuple[tuple[str, date, str], int], date]:
    """Of children (number, birth date, surname key) the day on which their enrolments at a school (id) were destroyed,
    the last one. Whoever is written otherwise now is not recognised: nothing else is left of them."""
    marks = {identity_mark(*child): child for child in children}
    rows = Tombstone.objects.filter(identity_key__in=marks, data_class=DataClass.ENROLMENT, school__isnull=False)
    return {
        (marks[row.identity_key], row.school_id): timezone.localtime(row.at).date()
        for row in rows.order_by("at", "pk")
        if row.school_id is not None
    }

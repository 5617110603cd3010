"""Who changed the records of a day last, and when: for who was about to write over them."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Prefetch, Q

from attendance.models import Absence, AbsenceVersion
from thuiszitters.accounts.models import User


@dataclass(frozen=True)
class LastChange:
    """`who` is a name, or says that it was another system."""

    at: datetime
    who: str


def last_changes(pupil_ids: Collection[int], day: date) -> dict[int, LastChange]:
    """The last change, by pupil, of any record that covers `day` now or did before."""
    now = Q(first__lte=day) & (Q(last=None) | Q(last__gte=day))
    before = Q(versions__first__lte=day) & (Q(versions__last=None) | Q(versions__last__gte=day))
    versions = Prefetch("versions", AbsenceVersion.objects.select_related("changed_by"))
    rows = Absence.objects.filter(now | before, pupil__in=pupil_ids).distinct().order_by("pk")
    found: dict[int, LastChange] = {}
    for row in rows.select_related("entered_by", "withdrawn_by").prefetch_related(versions):
        for change in changes_of(row):
            if row.pupil_id not in found or found[row.pupil_id].at < change.at:
                found[row.pupil_id] = change
    return found


def changes_of(row: Absence) -> Iterator[LastChange]:
    """Everything that happened to one record."""
    yield LastChange(row.created_at, name_of(row.entered_by))
    for version in row.versions.all():
        yield LastChange(version.changed_at, name_of(version.changed_by))
    if row.withdrawn_at is not None:
        yield LastChange(row.withdrawn_at, name_of(row.withdrawn_by))


def name_of(person: User | None) -> str:
    """Their name; nobody stands for another system."""
    return "een import of koppeling" if person is None else str(person)

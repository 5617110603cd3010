"""Records that came from files, for a file that is stated to be complete."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q

from attendance.importing.complete import Period
from attendance.models import Absence, AbsenceVersion, Enrolment, WaitingRow
from thuiszitters.accounts.models import School


def imported_at(school: School | None, absence_ids: Iterable[int]) -> set[int]:
    """Which of these records came from a file of this school (or of no school in particular) and were not touched by
    anybody since. What a person entered or changed is theirs: no file takes it away.
    """
    by_hand = AbsenceVersion.objects.filter(absence=OuterRef("pk"), changed_by__isnull=False)
    rows = Absence.objects.filter(
        ~Exists(by_hand),
        Q(source__school=None) | Q(source__school=school),
        pk__in=set(absence_ids),
        source__isnull=False,
    )
    return set(rows.order_by().values_list("pk", flat=True))


def pupils_with_records(school: School, period: Period) -> list[int]:
    """Pupils taught at this school on some date of the period, with a record or a waiting row that begins in it."""
    in_period = Q(first__gte=period.first, first__lte=period.last)
    taught = Enrolment.objects.filter(Q(last=None) | Q(last__gte=period.first), place=school, first__lte=period.last)
    pupils = taught.order_by().values("pupil")
    found = set(Absence.objects.standing().filter(in_period, pupil__in=pupils).values_list("pupil_id", flat=True))
    found |= set(WaitingRow.objects.filter(in_period, pupil__in=pupils).values_list("pupil_id", flat=True))
    return sorted(found)

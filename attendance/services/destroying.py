"""Destroying a pupil's absence, enrolments and in the end the pupil, when the term is over. Whoever calls has decided
that it may go, and holds the lock on the pupil. Each in the transaction of who calls."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef, ProtectedError

from attendance.engine.compulsory_age import school_year_end
from attendance.facts import schools_of
from attendance.models import Absence, Enrolment, GroupAbsence, Pupil, PupilClock

AUGUST = 8


def destroy_absences(absence_ids: Collection[int]) -> None:
    """Records with what they were before. One recorded for several pupils at once stays theirs, until the last."""
    absences = Absence.objects.filter(pk__in=absence_ids)
    groups = set(absences.filter(group_absence__isnull=False).values_list("group_absence", flat=True))
    absences.delete()
    GroupAbsence.objects.filter(~Exists(Absence.objects.filter(group_absence=OuterRef("pk"))), pk__in=groups).delete()


def destroy_enrolments(enrolment_ids: Collection[int]) -> None:
    """Enrolments of one pupil with the classes they were in. How many school years went before the first one that is
    left is kept: the end of the leerplicht follows from it."""
    going = list(Enrolment.objects.filter(pk__in=enrolment_ids).select_related("pupil", "school").order_by("first"))
    if not going:
        return
    pupil = going[0].pupil
    left = pupil.enrolments.exclude(pk__in=enrolment_ids).order_by("first").first()
    if left is not None and pupil.years_before is not None and going[0].first < left.first:
        pupil.years_before += full_years(going[0], left.first, pupil.years_before)
        pupil.save(update_fields=("years_before",))
    Enrolment.objects.filter(pk__in=enrolment_ids).delete()


def full_years(earlier: Enrolment, later: date, years_before: int) -> int:
    """Full school years from the beginning of `earlier`, the first enrolment, to that of the next on `later`."""
    end = school_year_end(earlier.first)
    first_school_day = schools_of([earlier.school_id])[earlier.school_id].calendar.school_day_on_or_after(
        date(end.year - 1, AUGUST, 1)
    )
    is_full = years_before > 0 or earlier.first <= first_school_day
    return max(0, school_year_end(later).year - end.year - (not is_full))


def look_again(pupil_id: int) -> None:
    """Have the pupil's clock follow what is left."""
    PupilClock.objects.filter(pupil=pupil_id).update(dirty=True, dirty_cause="de bewaartermijn is voorbij")


def destroy_pupil(pupil_id: int) -> bool:
    """The child's own row; whether it is gone. It stays while anything rests on it."""
    if Enrolment.objects.filter(pupil=pupil_id).exists():
        return False
    try:
        Pupil.objects.filter(pk=pupil_id).delete()
    except ProtectedError:
        return False
    return True

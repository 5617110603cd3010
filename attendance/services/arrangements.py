"""What makes a pupil's days differ from the school's: own timetables and exemptions."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from attendance.engine.facts import Week
from attendance.models import Exemption, OwnTimetable, Pupil
from attendance.models.pupils import TimetableKind
from attendance.services.clocks import evaluate_pupil
from attendance.services.locks import lock_pupils
from attendance.services.periods import check_period


def agree_timetable(
    *,
    pupil: Pupil,
    first: date,
    last: date | None,
    week: Week,
    today: date,
    kind: TimetableKind = TimetableKind.ADAPTED,
) -> OwnTimetable:
    """The pupil follows its own timetable from `first`. Only zeros: at home by agreement. Raises PeriodError."""
    monday, tuesday, wednesday, thursday, friday = week
    with transaction.atomic():
        lock_pupils([pupil.pk])
        check_period(pupil.timetables.all(), first, last, "een eigen rooster")
        row = OwnTimetable.objects.create(
            pupil=pupil,
            first=first,
            last=last,
            monday=monday,
            tuesday=tuesday,
            wednesday=wednesday,
            thursday=thursday,
            friday=friday,
            kind=kind,
        )
        evaluate_pupil(pupil.pk, today=today, cause="eigen rooster")
    return row


def end_timetable(*, timetable: OwnTimetable, last: date, today: date) -> OwnTimetable:
    """The own timetable is valid up to and including `last`. May be repeated. Raises PeriodError."""
    with transaction.atomic():
        lock_pupils([timetable.pupil_id])
        row = OwnTimetable.objects.get(pk=timetable.pk)
        check_period(row.pupil.timetables.exclude(pk=row.pk), row.first, last, "een ander eigen rooster")
        row.last = last
        row.save(update_fields=["last"])
        evaluate_pupil(row.pupil_id, today=today, cause="einde eigen rooster")
    return row


def note_exemption(*, pupil: Pupil, first: date, last: date | None, kind: str, today: date) -> Exemption:
    """The pupil is exempt by law from `first`. Raises PeriodError."""
    with transaction.atomic():
        lock_pupils([pupil.pk])
        check_period(pupil.exemptions.all(), first, last, "een vrijstelling")
        row = Exemption.objects.create(pupil=pupil, first=first, last=last, kind=kind)
        evaluate_pupil(pupil.pk, today=today, cause="vrijstelling")
    return row


def end_exemption(*, exemption: Exemption, last: date, today: date) -> Exemption:
    """The exemption holds up to and including `last`. May be repeated. Raises PeriodError."""
    with transaction.atomic():
        lock_pupils([exemption.pupil_id])
        row = Exemption.objects.get(pk=exemption.pk)
        check_period(row.pupil.exemptions.exclude(pk=row.pk), row.first, last, "een andere vrijstelling")
        row.last = last
        row.save(update_fields=["last"])
        evaluate_pupil(row.pupil_id, today=today, cause="einde vrijstelling")
    return row

"""Own timetables: agreeing, changing, ending and taking back. Each change is evaluated in its own transaction."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from django.db import transaction

from attendance.engine.compulsory_age import school_year_end
from attendance.engine.facts import Week
from attendance.models import OwnTimetable, Pupil
from attendance.models.arrangements import TimetableKind
from attendance.services.arrangement_history import Author, Saved, What, note_change
from attendance.services.clocks import evaluate_pupil
from attendance.services.locks import lock_pupils
from attendance.services.periods import PeriodError, check_free, check_order
from thuiszitters.accounts.dutch_dates import full_date, period

FIELDS = ("monday", "tuesday", "wednesday", "thursday", "friday")


@dataclass(frozen=True)
class Agreement:
    """What an own timetable says. `last` None: for as long as the approval can hold, which is what is then stored."""

    first: date
    last: date | None
    week: Week
    kind: str = field(default=TimetableKind.ADAPTED.value)
    agreed_by: str = ""
    agreed_on: date | None = None
    reason: str = ""

    @property
    def until(self) -> date:
        return self.last or lapses_on(self.first)


def lapses_on(first: date) -> date:
    """The last date on which the approval of a timetable that begins on `first` can hold: 31 July of its school year.

    Deviating from the hours of teaching is agreed for one school year (Afwijking onderwijstijd, since 1-8-2018); what
    goes on after the summer is agreed again.
    """
    return school_year_end(first)


def agreement_of(row: OwnTimetable) -> Agreement:
    """What a stored own timetable says."""
    return Agreement(row.first, row.last, row.week, row.kind, row.agreed_by, row.agreed_on, row.reason)


def agree_timetable(*, pupil: Pupil, agreement: Agreement, author: Author, today: date) -> Saved[OwnTimetable]:
    """The pupil follows its own timetable. Only zeros: at home by agreement. The same again changes nothing.

    Raises PeriodError.
    """
    with transaction.atomic():
        lock_pupils([pupil.pk])
        row = pupil.timetables.filter(first=agreement.first).first()
        if row is None or agreement_of(row) != stored(agreement):
            check_timetable(pupil.pk, agreement, today)
            row = OwnTimetable(pupil=pupil)
            write(row, agreement)
            row.save(force_insert=True)
            note_change(row, What.MADE, author)
        return Saved(row, evaluate_pupil(pupil.pk, today=today, cause="eigen rooster"))


def change_timetable(
    *, timetable: OwnTimetable, agreement: Agreement, author: Author, today: date
) -> Saved[OwnTimetable]:
    """Have an own timetable say something else from now on; what it said is kept. May be repeated.

    Raises PeriodError.
    """
    with transaction.atomic():
        row = locked(timetable)
        if agreement_of(row) != stored(agreement):
            check_timetable(row.pupil_id, agreement, today, other_than=row)
            note_change(row, What.CHANGED, author)
            write(row, agreement)
            row.save()
        return Saved(row, evaluate_pupil(row.pupil_id, today=today, cause="eigen rooster gewijzigd"))


def end_timetable(*, timetable: OwnTimetable, last: date, author: Author, today: date) -> Saved[OwnTimetable]:
    """The own timetable is valid up to and including `last`, earlier than was agreed. May be repeated.

    Raises PeriodError.
    """
    with transaction.atomic():
        row = locked(timetable)
        check_order(row.first, last)
        if row.last is not None and last > row.last:
            raise PeriodError(f"Het rooster loopt al af op {full_date(row.last)}. Verlengen doe je met “Wijzig”.")
        if row.last != last:
            note_change(row, What.ENDED, author)
            row.last = last
            row.save(update_fields=["last"])
        return Saved(row, evaluate_pupil(row.pupil_id, today=today, cause="einde eigen rooster"))


def remove_timetable(*, timetable: OwnTimetable, author: Author, today: date) -> Saved[OwnTimetable]:
    """The own timetable was entered by mistake: it never held. What it said is kept. May be repeated."""
    with transaction.atomic():
        lock_pupils([timetable.pupil_id])
        row = OwnTimetable.objects.filter(pk=timetable.pk).first()
        if row is not None:
            note_change(row, What.REMOVED, author)
            OwnTimetable.objects.filter(pk=row.pk).delete()
        cause = "eigen rooster weggehaald"
        return Saved(row or timetable, evaluate_pupil(timetable.pupil_id, today=today, cause=cause))


def locked(timetable: OwnTimetable) -> OwnTimetable:
    """The row as it is now, its pupil locked."""
    lock_pupils([timetable.pupil_id])
    row = OwnTimetable.objects.filter(pk=timetable.pk).first()
    if row is None:
        raise PeriodError("Dit rooster is intussen weggehaald.")
    return row


def stored(agreement: Agreement) -> Agreement:
    """As it will stand: with its last date."""
    return Agreement(
        agreement.first,
        agreement.until,
        agreement.week,
        str(agreement.kind),
        agreement.agreed_by,
        agreement.agreed_on,
        agreement.reason,
    )


def write(row: OwnTimetable, agreement: Agreement) -> None:
    row.first, row.last = agreement.first, agreement.until
    row.monday, row.tuesday, row.wednesday, row.thursday, row.friday = agreement.week
    row.kind = str(agreement.kind)
    row.agreed_by, row.agreed_on, row.reason = agreement.agreed_by, agreement.agreed_on, agreement.reason


def check_timetable(pupil_id: int, agreement: Agreement, today: date, other_than: OwnTimetable | None = None) -> None:
    """Raise PeriodError when an own timetable cannot be, by itself or beside the other ones of the pupil."""
    check_order(agreement.first, agreement.last)
    lapse = lapses_on(agreement.first)
    if agreement.until > lapse:
        raise PeriodError(
            f"Een eigen rooster geldt hoogstens tot en met {full_date(lapse)}, het einde van het schooljaar: daarna "
            "vervalt de afspraak. Kies die dag of een eerdere, en maak voor het nieuwe schooljaar een nieuwe afspraak."
        )
    others = OwnTimetable.objects.filter(pupil=pupil_id)
    if other_than is not None:
        others = others.exclude(pk=other_than.pk)
    check_free(
        others,
        agreement.first,
        agreement.until,
        what=f"Een eigen rooster {period(agreement.first, agreement.until, today)}",
        describe=lambda row: f"eigen rooster {period(row.first, row.last, today)}",
    )

"""Exemptions: noting, changing, ending and taking back. Each change is evaluated in its own transaction."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from attendance.models import Exemption, Pupil
from attendance.services.arrangement_history import Author, Saved, What, note_change
from attendance.services.clocks import evaluate_pupil
from attendance.services.locks import lock_pupils
from attendance.services.periods import PeriodError, PeriodOverlap, check_free, check_order
from thuiszitters.accounts.dutch_dates import full_date, period


@dataclass(frozen=True)
class Ground:
    """What an exemption says: by which article, over which dates, and whose notice or decision it rests on."""

    first: date
    last: date | None
    kind: str
    decided_by: str = ""
    decided_on: date | None = None


def ground_of(row: Exemption) -> Ground:
    """What a stored exemption says."""
    return Ground(row.first, row.last, row.kind, row.decided_by, row.decided_on)


def note_exemption(*, pupil: Pupil, ground: Ground, author: Author, today: date) -> Saved[Exemption]:
    """The pupil is exempt by law. The same again changes nothing. Raises PeriodError."""
    with transaction.atomic():
        lock_pupils([pupil.pk])
        row = pupil.exemptions.filter(first=ground.first).first()
        if row is None or ground_of(row) != ground:
            check_exemption(pupil.pk, ground, today)
            row = Exemption(pupil=pupil)
            write(row, ground)
            row.save(force_insert=True)
            note_change(row, What.MADE, author)
        return Saved(row, evaluate_pupil(pupil.pk, today=today, cause="vrijstelling"))


def change_exemption(*, exemption: Exemption, ground: Ground, author: Author, today: date) -> Saved[Exemption]:
    """Have an exemption say something else; what it said is kept. May be repeated. Raises PeriodError."""
    with transaction.atomic():
        row = locked(exemption)
        if ground_of(row) != ground:
            check_exemption(row.pupil_id, ground, today, other_than=row)
            note_change(row, What.CHANGED, author)
            write(row, ground)
            row.save()
        return Saved(row, evaluate_pupil(row.pupil_id, today=today, cause="vrijstelling gewijzigd"))


def end_exemption(*, exemption: Exemption, last: date, author: Author, today: date) -> Saved[Exemption]:
    """The exemption holds up to and including `last`, earlier than was noted. May be repeated. Raises PeriodError."""
    with transaction.atomic():
        row = locked(exemption)
        check_order(row.first, last)
        if row.last is not None and last > row.last:
            raise PeriodError(f"De vrijstelling eindigt al op {full_date(row.last)}. Verlengen doe je met “Wijzig”.")
        if row.last != last:
            note_change(row, What.ENDED, author)
            row.last = last
            row.save(update_fields=["last"])
        return Saved(row, evaluate_pupil(row.pupil_id, today=today, cause="einde vrijstelling"))


def remove_exemption(*, exemption: Exemption, author: Author, today: date) -> Saved[Exemption]:
    """The exemption was entered by mistake: it never held. What it said is kept. May be repeated."""
    with transaction.atomic():
        lock_pupils([exemption.pupil_id])
        row = Exemption.objects.filter(pk=exemption.pk).first()
        if row is not None:
            note_change(row, What.REMOVED, author)
            Exemption.objects.filter(pk=row.pk).delete()
        cause = "vrijstelling weggehaald"
        return Saved(row or exemption, evaluate_pupil(exemption.pupil_id, today=today, cause=cause))


def locked(exemption: Exemption) -> Exemption:
    """The row as it is now, its pupil locked."""
    lock_pupils([exemption.pupil_id])
    row = Exemption.objects.filter(pk=exemption.pk).first()
    if row is None:
        raise PeriodError("Deze vrijstelling is intussen weggehaald.")
    return row


def write(row: Exemption, ground: Ground) -> None:
    row.first, row.last, row.kind = ground.first, ground.last, ground.kind
    row.decided_by, row.decided_on = ground.decided_by, ground.decided_on


def check_exemption(pupil_id: int, ground: Ground, today: date, other_than: Exemption | None = None) -> None:
    """Raise PeriodError when an exemption cannot be. Exemptions on different grounds can hold at once; of one kind they
    do not overlap, and two cannot begin on one day."""
    check_order(ground.first, ground.last)
    others = Exemption.objects.filter(pupil=pupil_id)
    if other_than is not None:
        others = others.exclude(pk=other_than.pk)

    def describe(row: Exemption) -> str:
        return f"vrijstelling {row.kind}, {period(row.first, row.last, today)}"

    what = f"Vrijstelling {ground.kind}, {period(ground.first, ground.last, today)},"
    check_free(others.filter(kind=ground.kind), ground.first, ground.last, what=what, describe=describe)
    same_day = others.filter(first=ground.first).first()
    if same_day is not None:
        raise PeriodOverlap(
            f"{what} begint op dezelfde dag als {describe(same_day)}. Wijzig die, of kies een andere eerste dag.",
            same_day,
        )

"""Recording, changing, closing and withdrawing absence. Each change is evaluated in its own transaction."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import cast

from django.db import transaction
from django.utils import timezone

from attendance.engine.lesson_day import settle
from attendance.models import Absence, AbsenceVersion, Pupil, Reason, SettledAbsence
from attendance.models.absences import AbsenceQuerySet
from attendance.services.clocks import evaluate_pupil
from attendance.services.crossings import Outcome
from attendance.services.lesson_settling import DayState, states_with_marks
from attendance.services.locks import lock_pupils
from thuiszitters.accounts.dutch_dates import period
from thuiszitters.accounts.models import User

ONE_DAY = timedelta(days=1)


class AbsenceError(ValueError):
    """A record that cannot be; the message is Dutch and meant for who entered it."""


class AbsenceOverlap(AbsenceError):  # noqa: N818 - it says what is wrong, and reads so where it is caught
    """A record that claims minutes which another one has already. `standing` is that other one."""

    def __init__(self, content: Content, standing: Absence, today: date) -> None:
        self.standing = standing
        super().__init__(
            f"{content.described(today)} overlapt met wat er al staat: {content_of(standing).described(today)}. "
            "Wijzig of trek dat eerst in."
        )


@dataclass(frozen=True)
class Content:
    """What a record says."""

    first: date
    last: date | None
    reason: Reason
    minutes: int | None = None
    lesson: int = 0

    def described(self, today: date) -> str:
        """ "Ziek" ma 2 t/m vr 6 nov; with the minutes of a part of a day."""
        part = "" if self.minutes is None else f", {self.minutes} minuten"
        lesson = f", lesuur {self.lesson}" if self.lesson else ""
        return f"“{self.reason}” {period(self.first, self.last, today)}{part}{lesson}"


@dataclass
class Recorded:
    """A record as it is now, and what its evaluation changed."""

    absence: Absence
    outcome: Outcome


def content_of(absence: Absence) -> Content:
    """What a stored record says."""
    return Content(absence.first, absence.last, absence.reason, absence.minutes, absence.lesson)


def without_days_from(content: Content, back_on: date) -> Content | None:
    """What is left of a record of somebody who is back on that date; None: nothing, it had not begun by then."""
    return None if back_on <= content.first else replace(content, last=back_on - ONE_DAY)


def record_absence(
    *,
    pupil: Pupil,
    first: date,
    last: date | None,
    reason: Reason,
    by: User,
    today: date,
    minutes: int | None = None,
    lesson: int = 0,
) -> Recorded:
    """Record that `pupil` is absent. `last` None: until further notice; `minutes`: that much of the one date.

    The same record again changes nothing. Raises AbsenceError with a sentence for the user.
    """
    content = Content(first, last, reason, minutes, lesson)
    with transaction.atomic():
        lock_pupils([pupil.pk])
        same = pupil.absences.standing().filter(first=first, lesson=lesson, last=last, minutes=minutes, reason=reason)
        absence = same.first() or add_record(pupil, content, by=by, today=today)
        return Recorded(absence, evaluate_pupil(pupil.pk, today=today, cause="verzuim ingevoerd"))


def change_absence(*, absence: Absence, content: Content, by: User, today: date, why: str = "") -> Recorded:
    """Have a record say `content` from now on; what it said is kept, with why it changed. May be repeated.

    Raises AbsenceError.
    """
    with transaction.atomic():
        row = locked(absence)
        old = content_of(row)
        rewrite(row, content, by=by, today=today, why=why)
        settle_lessons(row.pupil_id, old, by=by, today=today)
        return Recorded(row, evaluate_pupil(row.pupil_id, today=today, cause="verzuim gewijzigd"))


def close_absence(*, absence: Absence, back_on: date, by: User, today: date, why: str = "") -> Recorded:
    """The pupil is back on `back_on`: the record ends the day before, or is withdrawn when it had not begun by then.

    May be repeated. Raises AbsenceError when the record ended earlier: that is no return but another correction.
    """
    with transaction.atomic():
        row = locked(absence)
        if row.last is not None and row.last < back_on - ONE_DAY:
            raise AbsenceError(f"Dit verzuim is al afgesloten: {content_of(row).described(today)}.")
        old = content_of(row)
        rest = without_days_from(old, back_on)
        if rest is None:
            take_back(row, by=by, why=why)
        else:
            rewrite(row, rest, by=by, today=today, why=why)
        settle_lessons(row.pupil_id, old, by=by, today=today)
        return Recorded(row, evaluate_pupil(row.pupil_id, today=today, cause="beter gemeld"))


def withdraw_absence(*, absence: Absence, by: User, today: date, why: str = "") -> Recorded:
    """The record was wrong: it stays, but nothing counts it any more. May be repeated."""
    with transaction.atomic():
        lock_pupils([absence.pupil_id])
        row = Absence.objects.select_related("reason", "pupil").get(pk=absence.pk)
        if row.withdrawn_at is None:
            take_back(row, by=by, why=why)
        settle_lessons(row.pupil_id, content_of(row), by=by, today=today)
        return Recorded(row, evaluate_pupil(row.pupil_id, today=today, cause="verzuim ingetrokken"))


# Parts of the above for who has locked the pupil and evaluates it afterwards (the register)


def locked(absence: Absence) -> Absence:
    """The standing record as it is now, its pupil locked."""
    lock_pupils([absence.pupil_id])
    row = Absence.objects.standing().select_related("reason", "pupil").filter(pk=absence.pk).first()
    if row is None:
        raise AbsenceError("Dit verzuim is intussen ingetrokken.")
    return row


def add_record(pupil: Pupil, content: Content, *, by: User | None, today: date) -> Absence:
    """Store a new record."""
    check(pupil.pk, content, today)
    return Absence.objects.create(
        pupil=pupil,
        first=content.first,
        last=content.last,
        minutes=content.minutes,
        lesson=content.lesson,
        reason=content.reason,
        entered_by=by,
    )


def rewrite(absence: Absence, content: Content, *, by: User | None, today: date, why: str = "") -> None:
    """Have a standing record say something else, and keep what it said."""
    if content_of(absence) == content:
        return
    check(absence.pupil_id, content, today, other_than=absence)
    keep_version(absence, by=by, why=why)
    absence.first = content.first
    absence.last = content.last
    absence.minutes = content.minutes
    absence.lesson = content.lesson
    absence.reason = content.reason
    absence.save(update_fields=["first", "last", "minutes", "lesson", "reason", "changed_at"])


def take_back(absence: Absence, *, by: User | None, why: str = "") -> None:
    """Withdraw a standing record."""
    keep_version(absence, by=by, why=why)
    absence.withdrawn_at = timezone.now()
    absence.withdrawn_by = by
    absence.save(update_fields=["withdrawn_at", "withdrawn_by", "changed_at"])


def keep_version(absence: Absence, *, by: User | None, why: str = "") -> None:
    """Keep what the record says, before it changes."""
    version_of(absence, by=by, why=why).save()


def version_of(absence: Absence, *, by: User | None, why: str = "") -> AbsenceVersion:
    """What the record says now, to be kept (not saved)."""
    return AbsenceVersion(
        absence=absence,
        first=absence.first,
        last=absence.last,
        minutes=absence.minutes,
        lesson=absence.lesson,
        reason=absence.reason,
        why=why,
        changed_by=by,
    )


def check(pupil_id: int, content: Content, today: date, other_than: Absence | None = None) -> None:
    """Raise AbsenceError when a record cannot be, by itself or beside the standing ones of the pupil."""
    check_content(content)
    standing = claims_same_minutes(pupil_id, content, other_than)
    if standing is not None:
        raise AbsenceOverlap(content, standing, today)


def check_content(content: Content) -> None:
    """Raise AbsenceError when a record cannot be by itself."""
    if content.last is not None and content.last < content.first:
        raise AbsenceError("De laatste dag ligt vóór de eerste.")
    if content.minutes is not None and content.minutes <= 0:
        raise AbsenceError("Een deel van een dag is minstens 1 minuut.")
    if content.minutes is not None and content.last != content.first:
        raise AbsenceError("Een aantal minuten hoort bij één dag: vul twee keer dezelfde datum in.")
    if content.minutes is None and content.reason.minutes_required:
        raise AbsenceError(f"Vul bij “{content.reason}” in hoeveel minuten het was.")


def claims_same_minutes(pupil_id: int, content: Content, other_than: Absence | None = None) -> Absence | None:
    """The first standing record beside which `content` cannot stand."""
    rows = covering(pupil_id, content.first, content.last)
    if other_than is not None:
        rows = rows.exclude(pk=other_than.pk)
    for row in rows.select_related("reason").order_by("first", "lesson"):
        if stands_in_the_way(row, content):
            return row
    return None


def stands_in_the_way(row: Absence, content: Content) -> bool:
    """Whether `content` cannot stand beside this record, with which it shares a date.

    Two parts of one day go together unless they are the same lesson; a whole day goes with nothing on it.
    """
    return row.minutes is None or content.minutes is None or row.lesson == content.lesson


def covering(pupil_id: int, first: date, last: date | None) -> AbsenceQuerySet:
    """The standing records of a pupil with a date from `first` to `last`."""
    rows = Absence.objects.standing().filter(pupil=pupil_id).exclude(last__lt=first)
    return rows if last is None else rows.filter(first__lte=last)


# Records that lessons amount to


def settle_lessons(pupil_id: int, gone: Content, *, by: User, today: date) -> None:
    """A record does not say `gone` any more: what teachers saw on its dates counts where nothing else stands.

    Without this, silence would say that a pupil was there whom every teacher missed.
    """
    for state in states_with_marks(pupil_id, gone.first, gone.last):
        write_lessons(state, pupil_id, by=by, today=today)


def write_lessons(state: DayState, pupil_id: int, *, by: User | None, today: date) -> bool:
    """Have the records of a pupil say what the lessons of a day amount to; whether anything changed.

    The pupil must be locked since before `state` was read.
    """
    row = state.pupils[pupil_id]
    wanted = [record for record in settle(state.lessons, row.seen) if record not in row.taken_back]
    numbers = {record.lesson for record in wanted}
    gone = [absence for lesson, absence in row.ours.items() if lesson not in numbers]
    for absence in gone:
        take_back(absence, by=by)
    if gone:
        SettledAbsence.objects.filter(absence__in=gone).delete()
    changed = bool(gone)
    for record in wanted:
        content = Content(state.day, state.day, cast("Reason", record.reason), record.minutes, record.lesson)
        known = row.ours.get(record.lesson)
        if known is not None and content_of(known) == content:
            continue
        if known is None:
            known = add_record(Pupil.objects.get(pk=pupil_id), content, by=by, today=today)
        else:
            rewrite(known, content, by=by, today=today)
        SettledAbsence.objects.update_or_create(
            absence=known, defaults={"lesson": record.lesson, "minutes": record.minutes, "reason": content.reason}
        )
        changed = True
    return changed

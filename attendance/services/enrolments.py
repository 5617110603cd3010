"""Enrolling a pupil, leaving, moving to another school, place or class, and correcting dates. Each change is evaluated
in its own transaction. A change of school or place is announced also when no signal changes: an open case
goes along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction

from attendance.models import Enrolment, Group, PastGroup, Pupil
from attendance.models.pupils import FINAL_REASONS
from attendance.services.arrangement_history import Author, Saved, What, note_change
from attendance.services.clocks import evaluate_pupil
from attendance.services.destroyed_before import destroyed_at
from attendance.services.follow_up import announce
from attendance.services.locks import lock_pupils
from attendance.services.periods import PeriodError, check_free, check_order
from thuiszitters.accounts.dutch_dates import period, short_date
from thuiszitters.accounts.models import School

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class NextSchool:
    """Where a pupil goes, and the first date there."""

    school: School
    first: date


def enrol_pupil(
    *,
    pupil: Pupil,
    school: School,
    first: date,
    author: Author,
    today: date,
    place: School | None = None,
    group: Group | None = None,
) -> Saved[Enrolment]:
    """Enrol `pupil` at `school` from `first`, taught at `place` (the same school unless given). The same again changes
    nothing. Raises PeriodError."""
    with transaction.atomic():
        lock_pupils([pupil.pk])
        row = add_enrolment(
            Enrolment(pupil=pupil, school=school, place=place or school, group=group, first=first), today, author
        )
        announce()
        return Saved(row, evaluate_pupil(pupil.pk, today=today, cause="ingeschreven"))


def leave_school(
    *,
    enrolment: Enrolment,
    last: date,
    leaving_reason: str,
    author: Author,
    today: date,
    to: NextSchool | None = None,
) -> Saved[Enrolment]:
    """`last` is the last date at this school; with `to` the pupil is enrolled there as well. May be repeated, also to
    correct it. Raises PeriodError."""
    with transaction.atomic():
        row = locked(enrolment)
        if to is not None:
            if leaving_reason in FINAL_REASONS:
                raise PeriodError("Na deze uitstroomreden gaat een leerling niet naar een andere school.")
            if to.first <= last:
                raise PeriodError("De eerste dag op de nieuwe school ligt niet na de laatste dag hier.")
            if to.school.pk == row.school_id:
                raise PeriodError("Dit is dezelfde school. Kies een andere school.")
        rewrite(row, today, author, What.ENDED, last=last, leaving_reason=leaving_reason)
        if to is not None:
            new = Enrolment(pupil=row.pupil, school=to.school, place=to.school, first=to.first)
            add_enrolment(new, today, author)
        announce()
        return Saved(row, evaluate_pupil(row.pupil_id, today=today, cause="uitgeschreven"))


def correct_enrolment(
    *, enrolment: Enrolment, first: date, last: date | None, leaving_reason: str, author: Author, today: date
) -> Saved[Enrolment]:
    """The dates were wrong. May be repeated. Raises PeriodError."""
    with transaction.atomic():
        row = locked(enrolment)
        reason = leaving_reason if last is not None else ""
        rewrite(row, today, author, What.CHANGED, first=first, last=last, leaving_reason=reason)
        row.past_groups.filter(last__lt=first).delete()
        announce()
        return Saved(row, evaluate_pupil(row.pupil_id, today=today, cause="inschrijving verbeterd"))


def move_to_place(
    *, enrolment: Enrolment, place: School, group: Group | None, since: date, author: Author, today: date
) -> Saved[Enrolment]:
    """The pupil stays enrolled at the same school and is taught at `place` from `since` on.

    The days before keep the calendar and registers of the place before: the enrolment goes on as another row. May be
    repeated. Raises PeriodError.
    """
    with transaction.atomic():
        row = locked(enrolment)
        check_group(group, place)
        after = Enrolment.objects.filter(pupil=row.pupil_id, school=row.school_id, first=since, place=place).first()
        if after is None and row.place_id != place.pk:
            check_within(row, since, today)
            if since == row.first:
                rewrite(row, today, author, What.CHANGED, place=place, group=group)
                row.past_groups.all().delete()
            else:
                last, reason = row.last, row.leaving_reason
                note_change(row, What.ENDED, author)
                row.last, row.leaving_reason = since - ONE_DAY, ""
                row.save(update_fields=["last", "leaving_reason"])
                row.past_groups.filter(last__gte=since).delete()
                new = Enrolment(pupil=row.pupil, school=row.school, place=place, group=group, first=since, last=last)
                new.leaving_reason = reason
                row = add_enrolment(new, today, author)
        announce()
        return Saved(after or row, evaluate_pupil(row.pupil_id, today=today, cause="andere plaats van onderwijs"))


def move_to_group(*, enrolment: Enrolment, group: Group, since: date, author: Author, today: date) -> Saved[Enrolment]:
    """The pupil is in `group` from `since` on; which class it was before stays known. May be repeated.

    Raises PeriodError; also for a date to come: the class of today would be unknown until then.
    """
    with transaction.atomic():
        row = locked(enrolment)
        check_group(group, row.place)
        check_within(row, since, today)
        if since > today:
            raise PeriodError("Deze dag moet nog komen. Zet de leerling op die dag in de nieuwe klas.")
        past = row.past_groups.order_by("last")
        before = past.filter(last__gte=since - ONE_DAY).first()
        group_before = before.group_id if before else row.group_id
        if group_before == group.pk and row.group_id == group.pk and not past.filter(last__gte=since).exists():
            return Saved(row, evaluate_pupil(row.pupil_id, today=today, cause="andere klas"))
        if row.group_id != group.pk or past.filter(last__gte=since).exists():
            note_change(row, What.CHANGED, author)
        past.filter(last__gte=since).delete()
        if since > row.first and group_before != group.pk:
            PastGroup.objects.update_or_create(enrolment=row, last=since - ONE_DAY, defaults={"group_id": group_before})
        row.group = group
        row.save(update_fields=["group"])
        return Saved(row, evaluate_pupil(row.pupil_id, today=today, cause="andere klas"))


# Parts of the above, for who has locked the pupil and evaluates it afterwards


def locked(enrolment: Enrolment) -> Enrolment:
    """The row as it is now, its pupil locked."""
    lock_pupils([enrolment.pupil_id])
    return Enrolment.objects.select_related("pupil", "school", "place", "group").get(pk=enrolment.pk)


def add_enrolment(new: Enrolment, today: date, author: Author) -> Enrolment:
    """Store a new enrolment, or give back the one that says the same already."""
    check_group(new.group, new.place)
    standing = Enrolment.objects.filter(pupil=new.pupil_id, school=new.school_id, first=new.first).first()
    if standing is not None and (standing.place_id, standing.last) == (new.place_id, new.last):
        return standing
    check_dates(new, today)
    if (day := destroyed_at(new.pupil.identity, new.school)) and new.first <= day:
        raise PeriodError(
            f"De gegevens van deze leerling op {new.school} zijn op {short_date(day, today)} vernietigd. Wat weg is, "
            "komt niet terug: kies een eerste dag van daarna."
        )
    new.save(force_insert=True)
    note_change(new, What.MADE, author)
    return new


def rewrite(row: Enrolment, today: date, author: Author, what: What, **fields: object) -> None:
    """Have an enrolment say something else, and keep what it said."""
    if all(getattr(row, name) == value for name, value in fields.items()):
        return
    before = Enrolment.objects.select_related("school", "place", "group").get(pk=row.pk)
    for name, value in fields.items():
        setattr(row, name, value)
    check_dates(row, today)
    note_change(before, what, author)
    row.save(update_fields=list(fields))


def check_dates(row: Enrolment, today: date) -> None:
    """Raise PeriodError when the enrolment cannot be, by itself or beside the others of the pupil."""
    check_order(row.first, row.last)
    if row.first <= row.pupil.birth_date:
        raise PeriodError("De eerste dag ligt niet na de geboortedatum.")
    others = Enrolment.objects.filter(pupil=row.pupil_id).exclude(pk=row.pk).select_related("school")
    check_free(others, row.first, row.last, what=words_of(row, today), describe=lambda other: words_of(other, today))


def words_of(row: Enrolment, today: date) -> str:
    """Inschrijving op De Linde, ma 1 sep t/m vr 3 okt."""
    until = f"vanaf {short_date(row.first, today)}" if row.last is None else period(row.first, row.last, today)
    return f"inschrijving op {row.school}, {until}"


def check_group(group: Group | None, place: School) -> None:
    if group is not None and group.school_id != place.pk:
        raise PeriodError(f"{group} is geen klas van {place}.")


def check_within(row: Enrolment, day: date, today: date) -> None:
    """Raise PeriodError when `day` lies outside the enrolment."""
    if day < row.first or (row.last is not None and day > row.last):
        raise PeriodError(f"{short_date(day, today).capitalize()} ligt buiten de {words_of(row, today)}.")

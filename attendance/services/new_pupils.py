"""A child that comes to a school and is entered by hand: never twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import transaction

from attendance.models import Enrolment, Group, Pupil
from attendance.models.pupils import PupilQuerySet
from attendance.services.arrangement_history import Author, Saved
from attendance.services.destroyed_before import CameBackError, Identity, destroyed_at
from attendance.services.enrolments import enrol_pupil
from attendance.services.surnames import surname_key
from thuiszitters.accounts.models import Municipality, School
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services import bulk_changes
from thuiszitters.audit.services.recording import record


@dataclass(frozen=True)
class Child:
    """Who a child is. Number, date of birth and surname (case and accents apart) together are one child."""

    number: str
    first_name: str
    prefix: str
    surname: str
    birth_date: date
    municipality: Municipality | None = None

    @property
    def identity(self) -> dict[str, object]:
        return dict(zip(("number", "birth_date", "surname_key"), self.key, strict=True))

    @property
    def key(self) -> Identity:
        return self.number, self.birth_date, surname_key(self.surname)


def known_pupil(child: Child) -> Pupil | None:
    """This very child, when it is known already, at whatever school."""
    return Pupil.objects.filter(**child.identity).first()


def look_alikes(child: Child, pupils: PupilQuerySet) -> list[Pupil]:
    """Of `pupils` those that this child can be by a slip of the pen: the same number, or the same birth date with the
    same surname or first name."""
    key = surname_key(child.surname)
    rows = pupils.filter(number=child.number) | pupils.filter(birth_date=child.birth_date)
    return [
        row
        for row in rows.distinct().in_name_order()[:50]
        if (row.number == child.number or row.surname_key == key or row.first_name.lower() == child.first_name.lower())
        and not (row.number == child.number and row.birth_date == child.birth_date and row.surname_key == key)
    ]


def enrol_child(
    *,
    child: Child,
    school: School,
    place: School,
    group: Group | None,
    first: date,
    author: Author,
    today: date,
    came_back: bool = False,
) -> Saved[Enrolment]:
    """Enrol a child, made when it is not known yet. Known facts of the child stay as they are, but a municipality that
    was not known is filled in. May be repeated, also at the same time. Raises PeriodError.

    `came_back`: somebody knows that a child whose data here was destroyed is here again (else CameBackError)."""
    with transaction.atomic():
        facts: dict[str, Any] = {"first_name": child.first_name, "prefix": child.prefix, "surname": child.surname}
        facts |= {"municipality": child.municipality}
        pupil, made = Pupil.objects.get_or_create(**child.identity, defaults=facts)
        if made and (day := destroyed_at(child.key, school)):
            if not came_back:
                raise CameBackError(day)
            detail = {"school": school.brin, "vernietigd op": day.isoformat()}
            record(Kind.CHANGE, "weer ingeschreven na vernietiging", subject=pupil.code, detail=detail)
        if pupil.municipality_id is None and child.municipality is not None:
            bulk_changes.update(Pupil.objects.filter(pk=pupil.pk, municipality=None), municipality=child.municipality)
        return enrol_pupil(
            pupil=pupil, school=school, place=place, group=group, first=first, author=author, today=today
        )

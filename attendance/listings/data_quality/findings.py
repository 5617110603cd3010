"""What the page about the quality of data is made of, and for whom."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import reverse

from attendance.engine.calendar import SchoolCalendar
from attendance.models import Absence, Enrolment, Pupil
from attendance.models.pupils import EnrolmentQuerySet
from attendance.models.uploads import IMPORTS_FOR_SCHOOL
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import SCHOOL_WIDE, Role

FIRST_SHOWN = 10
MOST_SHOWN = 100
"""Of one kind no more are told by name; what is solved makes room for the next."""


@dataclass(frozen=True)
class Link:
    """Words, and the page that they lead to."""

    text: str
    page: str
    args: tuple[Any, ...] = ()

    @property
    def url(self) -> str:
        return reverse(self.page, args=self.args)


@dataclass(frozen=True)
class Solved:
    """How: by following `action`, or, when the reader cannot, by whom `note` says."""

    action: Link | None = None
    note: str = ""


@dataclass(frozen=True)
class Finding:
    """One thing that is not right, and what solves it. `days`: where that has to be done for more days."""

    subject: str
    text: str
    solved: Solved
    about: Link | None = None
    days: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Kind:
    """Findings of one kind. `number` counts all of them, also those that are not told; `good` is said when there are
    none."""

    key: str
    title: str
    why: str
    good: str
    findings: tuple[Finding, ...] = ()
    number: int = 0

    @property
    def shown(self) -> tuple[Finding, ...]:
        return self.findings[:FIRST_SHOWN]

    @property
    def folded(self) -> tuple[Finding, ...]:
        return self.findings[FIRST_SHOWN:]

    @property
    def untold(self) -> int:
        """How many are not in the list."""
        return self.number - len(self.findings)


@dataclass(frozen=True)
class Reader:
    """Somebody who looks at the data of one school, with the roles that they have there."""

    user: User
    school: School
    today: date
    calendar: SchoolCalendar
    roles: frozenset[Role] = field(init=False)

    def __post_init__(self) -> None:
        grants = grants_of(self.user)
        roles = frozenset(role for role, schools in grants.schools.items() if self.school.pk in schools)
        object.__setattr__(self, "roles", roles)

    @property
    def sees_school(self) -> bool:
        """All of it, and not one class."""
        return bool(self.roles & SCHOOL_WIDE)

    @property
    def enters(self) -> bool:
        """May enter and change absence of everybody on this page."""
        return bool(self.roles & {Role.COO, Role.ADMINISTRATIE}) or self.roles == {Role.MENTOR}

    @property
    def imports(self) -> bool:
        return bool(self.roles & IMPORTS_FOR_SCHOOL)

    @property
    def arranges(self) -> bool:
        """Keeps enrolments, timetables and exemptions."""
        return bool(self.roles & {Role.COO, Role.ADMINISTRATIE})

    @property
    def enrolments(self) -> EnrolmentQuerySet:
        """What the reader may see of who is or was taught here."""
        return Enrolment.objects.visible_to(self.user).filter(place=self.school)

    @property
    def enrolled_today(self) -> EnrolmentQuerySet:
        """Of today, also of who is enrolled here and taught elsewhere."""
        here = Q(place=self.school) | Q(school=self.school)
        return Enrolment.objects.visible_to(self.user).filter(here).on(self.today)


def of_pupil(pupil: Pupil, text: str, solved: Solved) -> Finding:
    """A finding about one pupil, with the way to their page."""
    return Finding(pupil.full_name, text, solved, about=Link(pupil.full_name, "attendance:pupil_detail", (pupil.code,)))


def by_import(reader: Reader) -> Solved:
    """With a new file of pupils."""
    if reader.imports:
        return Solved(Link("Lees het leerlingbestand in", "attendance:import_upload"))
    return Solved(note="De administratie vult dit aan in het leerlingbestand.")


def by_change(reader: Reader, row: Absence) -> Solved:
    """By changing this record."""
    return by_entering(reader, Link("Wijzig de melding", "attendance:absence_change", (row.code,)))


def by_withdrawing(reader: Reader, row: Absence) -> Solved:
    """By taking this record back."""
    return by_entering(reader, Link("Trek de melding in", "attendance:absence_withdraw", (row.code,)))


def by_entering(reader: Reader, action: Link) -> Solved:
    """By who may enter absence."""
    return Solved(action) if reader.enters else Solved(note="De mentor of de administratie verbetert de melding.")

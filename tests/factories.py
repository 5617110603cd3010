"""The smallest valid row of each kind. What a test is about it names; everything else is as dull as can be."""

from __future__ import annotations

from datetime import date
from importlib import import_module
from itertools import count
from typing import Any
from uuid import uuid4

from django.apps import apps
from django.utils import timezone

from attendance.models import (
    Absence,
    Assignment,
    CalendarException,
    Enrolment,
    Exemption,
    FileUpload,
    Group,
    GroupMentor,
    GroupTeacher,
    NormRow,
    OwnTimetable,
    Pupil,
    Reason,
    RefusedLine,
    RegisterImport,
)
from attendance.models.uploads import FileKind, Status
from thuiszitters.accounts.models import Alliance, Membership, Municipality, School, SecondFactor, User, YouthHealth
from thuiszitters.accounts.roles import AT_ALLIANCE, AT_MUNICIPALITY, AT_YOUTH_HEALTH, Role

SCHOOL_YEAR = date(2025, 8, 1)
"""Enrolments and memberships begin here, unless a test says otherwise."""
SCHOOL_YEAR_ENDS = date(2026, 7, 31)
"""Assignments end here, unless a test says otherwise."""
FULL_WEEK = (300, 300, 300, 300, 300)
numbers = count(1)


def add_defaults() -> None:
    """The reasons and norms of a new installation: a test with real transactions empties the database after it."""
    import_module("attendance.migrations.0002_default_reasons_and_norms").add_defaults(apps)


# Accounts


def alliance(name: str = "") -> Alliance:
    return Alliance.objects.create(name=name or f"Samenwerkingsverband {next(numbers)}")


def free_alliance(name: str = "") -> Alliance:
    """An alliance that leaves the second step to its people: for tests that log in by the form, with a password alone.

    `client.force_login` stands for a log-in with a second step (tests/second_steps.py) and needs no such thing.
    """
    return Alliance.objects.create(
        name=name or f"Samenwerkingsverband {next(numbers)}", second_factor=SecondFactor.OPTIONAL
    )


def municipality(name: str = "", **fields: Any) -> Municipality:
    return Municipality.objects.create(name=name or f"Gemeente {next(numbers)}", **fields)


def youth_health(name: str = "") -> YouthHealth:
    return YouthHealth.objects.create(name=name or f"JGZ {next(numbers)}")


def school(week: tuple[int, int, int, int, int] = FULL_WEEK, **fields: Any) -> School:
    """A primary school in zuid, without an alliance, whose data is not complete for any date."""
    number = next(numbers)
    monday, tuesday, wednesday, thursday, friday = week
    values = {
        "brin": f"{number % 100:02}ZZ{number // 100 % 100:02}",
        "name": f"School {number}",
        "sector": "po",
        "region": "zuid",
        "monday": monday,
        "tuesday": tuesday,
        "wednesday": wednesday,
        "thursday": thursday,
        "friday": friday,
    }
    return School.objects.create(**values | fields)


def user(email: str = "", name: str = "") -> User:
    number = next(numbers)
    return User.objects.create_user(email or f"mens{number}@school.example", name=name or f"Mens {number}")


def member(
    role: Role, at: School | Alliance | Municipality | YouthHealth, who: User | None = None, **fields: Any
) -> User:
    """Somebody (`who`, or somebody new) with a role at an organisation."""
    kind = {School: "school", Alliance: "alliance", Municipality: "municipality", YouthHealth: "youth_health"}[type(at)]
    person = who or user()
    Membership.objects.create(user=person, role=role, **{kind: at}, **{"first": SCHOOL_YEAR} | fields)
    return person


def organisation_for(role: Role) -> School | Alliance | Municipality | YouthHealth:
    """A new organisation at which `role` can be held."""
    if role in AT_MUNICIPALITY:
        return municipality()
    if role in AT_YOUTH_HEALTH:
        return youth_health()
    return alliance() if role in AT_ALLIANCE else school()


# Pupils


def group(at: School, name: str = "") -> Group:
    return Group.objects.create(school=at, name=name or f"klas {next(numbers)}")


def mentor(of: Group, who: User | None = None, **fields: Any) -> User:
    """The mentor of a class, with the role at its school."""
    person = member(Role.MENTOR, of.school, who)
    GroupMentor.objects.create(group=of, user=person, **{"first": SCHOOL_YEAR} | fields)
    return person


def teacher(of: Group, who: User | None = None, **fields: Any) -> User:
    """Somebody who teaches a class, with the role at its school."""
    person = member(Role.DOCENT, of.school, who)
    GroupTeacher.objects.create(group=of, user=person, **{"first": SCHOOL_YEAR} | fields)
    return person


def pupil(at: School | None = None, in_group: Group | None = None, **fields: Any) -> Pupil:
    """A pupil of twelve; enrolled from the beginning of the school year at `at`, or in a class."""
    number = next(numbers)
    values: dict[str, Any] = {
        "number": f"L{number}",
        "first_name": "Sam",
        "prefix": "",
        "surname": f"Jansen{number}",
        "birth_date": date(2013, 5, 14),
    }
    values |= fields
    child = Pupil.objects.create(surname_key=values["surname"].lower(), **values)
    place = at or (in_group.school if in_group else None)
    if place is not None:
        enrolment(child, place, group=in_group)
    return child


def enrolment(of: Pupil, at: School, **fields: Any) -> Enrolment:
    values = {"first": SCHOOL_YEAR, "place": at} | fields
    return Enrolment.objects.create(pupil=of, school=at, **values)


def assignment(of: Pupil, to: User, role: Role = Role.GEDRAGSDESKUNDIGE, **fields: Any) -> Assignment:
    return Assignment.objects.create(
        pupil=of, user=to, role=role, **{"first": SCHOOL_YEAR, "last": SCHOOL_YEAR_ENDS} | fields
    )


def own_timetable(
    of: Pupil, week: tuple[int, int, int, int, int], first: date, last: date | None = None
) -> OwnTimetable:
    monday, tuesday, wednesday, thursday, friday = week
    return OwnTimetable.objects.create(
        pupil=of,
        first=first,
        last=last,
        monday=monday,
        tuesday=tuesday,
        wednesday=wednesday,
        thursday=thursday,
        friday=friday,
    )


def exemption(of: Pupil, first: date, last: date | None = None) -> Exemption:
    return Exemption.objects.create(pupil=of, first=first, last=last, kind="5 onder a")


# Absence


def reason(code: str = "ziek") -> Reason:
    """One of the reasons of a new installation."""
    return Reason.objects.get(school=None, code=code)


def absence(of: Pupil, first: date, last: date | None = None, code: str = "ziek", **fields: Any) -> Absence:
    """A stored record, not evaluated. Without `last`: until further notice."""
    return Absence.objects.create(pupil=of, first=first, last=last, reason=reason(code), **fields)


def part_of_day(of: Pupil, day: date, minutes: int, code: str = "ongeoorloofd", lesson: int = 0) -> Absence:
    return absence(of, day, day, code, minutes=minutes, lesson=lesson)


def closed(at: School, first: date, last: date | None = None, kind: str = "vrij") -> CalendarException:
    """A school's own free day (or open one)."""
    return CalendarException.objects.create(school=at, first=first, last=last or first, kind=kind)


def norm(rule: str, amount: int, of: Alliance | None = None, **fields: Any) -> NormRow:
    return NormRow.objects.create(alliance=of, rule=rule, amount=amount, source="test", **fields)


# Files


def file_upload(at: School, by: User | None = None, refused: int = 0, **fields: Any) -> FileUpload:
    """A file of absences without its bytes, in the hands of the administratie; with so many refused rows."""
    values: dict[str, Any] = {
        "form_key": uuid4(),
        "kind": FileKind.ABSENCES,
        "school": at,
        "by": by or member(Role.ADMINISTRATIE, at),
        "status": Status.CHECKED,
        "columns": [{"name": name, "samples": []} for name in ("leerlingnummer", "van", "reden")],
    }
    counts = dict.fromkeys(("created", "updated", "unchanged", "waiting", "skipped", "would_withdraw"), 0)
    of_columns = {
        "recognised": {name: name for name in ("leerlingnummer", "van", "reden")},
        "missing": [],
        "unclear": [],
        "choices": ["leerlingnummer", "van", "reden", "tot"],
        "required": ["leerlingnummer", "van", "reden"],
        "fixed": False,
    }
    values["found"] = {**counts, "refused": refused, "rows": refused, "columns": of_columns}
    made = FileUpload.objects.create(**values | fields)
    for line in range(2, 2 + refused):
        cells = [f"N{line}", "31-02-2026", "ziek"]
        RefusedLine.objects.create(
            upload=made, line=line, column="van", reason="is geen datum", remedy="schrijf dd-mm-jjjj", cells=cells
        )
    return made


def register_import(at: School | None, **fields: Any) -> RegisterImport:
    """The report of a finished import of absences."""
    return RegisterImport.objects.create(**{"kind": "absences", "school": at, "finished_at": timezone.now()} | fields)

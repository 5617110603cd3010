"""Generated pupils with a school year of absence: 5 to 6 per cent absent a day, some five spells a pupil, a long tail.

Rows are written in bulk (COPY on PostgreSQL): for measuring, not for showing.
"""

from __future__ import annotations

import csv
import random
import uuid
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, timedelta
from io import StringIO
from typing import Any

from django.db import connection, transaction

from attendance.facts import calendar_with
from attendance.models import Absence, Enrolment, Group, Pupil, Reason, RegisterTaken
from tests import factories
from thuiszitters.accounts.models import School

PUPILS_A_SCHOOL = 1000
GROUP_SIZE = 25
FIRST_DAY = date(2025, 8, 25)
REGIONS = ("noord", "midden", "zuid")

# Length in calendar days, and how often. The last one is a tail of weeks to months.
LENGTHS = (((1, 1), 44), ((2, 3), 31), ((4, 7), 19), ((8, 14), 5), ((15, 40), 0.7), ((41, 150), 0.25))
REASONS = (("ziek", 60), ("geoorloofd", 16), ("ongeoorloofd", 8), ("onbekend", 4), ("telaat", 10), ("luxe", 2))


def generate(pupils: int, today: date, seed: int = 1, *, by_register: float = 0.0) -> dict[str, int]:
    """Fill an empty database as of `today`; how many rows there are of each kind.

    `by_register`: the share of schools that take registers; the data of the others is complete through yesterday.
    """
    chance = random.Random(seed)
    factories.add_defaults()
    reasons = dict(Reason.objects.filter(school=None).values_list("code", "pk"))
    alliance = factories.alliance()
    schools = [
        factories.school(
            brin=f"{number:06}",
            region=REGIONS[number % 3],
            alliance=alliance,
            complete_through=None if number < by_register * pupils / PUPILS_A_SCHOOL else today - timedelta(days=1),
        )
        for number in range(-(-pupils // PUPILS_A_SCHOOL))
    ]
    groups = Group.objects.bulk_create(
        Group(school=school, name=f"klas {n}") for school in schools for n in range(PUPILS_A_SCHOOL // GROUP_SIZE)
    )
    children = range(1, pupils + 1)
    with transaction.atomic():
        write(Pupil, PUPIL, (pupil_row(pk) for pk in children))
        write(Enrolment, ENROLMENT, (enrolment_row(pk, schools, groups) for pk in children))
        write(RegisterTaken, REGISTER, register_rows(schools, groups, today))
        spells = (row for pk in children for row in spells_of(pk, today, chance, reasons))
        write(Absence, ABSENCE, spells)
    set_sequences()
    return {model.__name__: model.objects.count() for model in (Pupil, Enrolment, Absence, RegisterTaken)}


# The rows

PUPIL = ("id", "code", "number", "first_name", "prefix", "surname", "surname_key", "birth_date", "end_education")
ENROLMENT = ("code", "pupil_id", "school_id", "place_id", "group_id", "first", "leaving_reason")
REGISTER = ("group_id", "day", "taken_by_id", "taken_at")
ABSENCE = ("code", "pupil_id", "first", "last", "minutes", "lesson", "reason_id", "created_at", "changed_at")


def pupil_row(pk: int) -> tuple[Any, ...]:
    return pk, uuid.uuid4(), f"{pk:07}", "Sam", "", f"Jansen{pk}", f"jansen{pk}", date(2013, 5, 14), ""


def enrolment_row(pk: int, schools: Sequence[School], groups: Sequence[Group]) -> tuple[Any, ...]:
    group = groups[(pk - 1) // GROUP_SIZE % len(groups)]
    return uuid.uuid4(), pk, group.school_id, group.school_id, group.pk, date(2025, 8, 1), ""


def register_rows(schools: Iterable[School], groups: Iterable[Group], today: date) -> Iterator[tuple[Any, ...]]:
    """Every school day of schools without a date of completeness."""
    taker = factories.user().pk
    days = {
        school.pk: [
            day
            for day in (FIRST_DAY + timedelta(days=n) for n in range((today - FIRST_DAY).days))
            if calendar_with(school.region, ()).is_school_day(day)
        ]
        for school in schools
        if school.complete_through is None
    }
    for group in groups:
        for day in days.get(group.school_id, ()):
            yield group.pk, day, taker, f"{day}T09:00Z"


def spells_of(pk: int, today: date, chance: random.Random, reasons: dict[str, int]) -> Iterator[tuple[Any, ...]]:
    """The spells of one pupil, in order, none over another. Who is often absent is so more often."""
    often = chance.choice((2, 4, 5, 5, 6, 8))
    days = (today - FIRST_DAY).days
    day = FIRST_DAY + timedelta(days=int(chance.expovariate(often / days)))
    while day <= today:
        code = chance.choices([code for code, _ in REASONS], [weight for _, weight in REASONS])[0]
        low, high = chance.choices([span for span, _ in LENGTHS], [weight for _, weight in LENGTHS])[0]
        last: date | None = day + timedelta(days=chance.randint(low, high) - 1)
        minutes = None
        if code == "telaat" or (code == "ongeoorloofd" and chance.random() < 0.5):
            last, minutes = day, chance.choice((15, 50, 100, 150))
        stamp = f"{day}T08:00Z"
        open_ended = last is not None and last >= today and minutes is None
        yield uuid.uuid4(), pk, day, None if open_ended else last, minutes, 0, reasons[code], stamp, stamp
        if last is None or open_ended:
            return
        day = last + timedelta(days=1 + int(chance.expovariate(often / days)))


# Writing


def write(model: Any, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
    table = model._meta.db_table
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            for chunk in chunks(rows, 50_000):
                text = StringIO()
                csv.writer(text).writerows(["" if value is None else value for value in row] for row in chunk)
                # An empty name is no missing value: only what may be missing is.
                missing = [column for column in columns if model._meta.get_field(column.removesuffix("_id")).null]
                keep = [column for column in columns if column not in missing]
                text.seek(0)
                cursor.copy_expert(
                    f"COPY {table} ({names}) FROM STDIN WITH (FORMAT csv, FORCE_NOT_NULL ({quoted(keep)}))", text
                )
            return
        marks = ", ".join(["%s"] * len(columns))
        statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - our own names
        for chunk in chunks(rows, 5000):
            cursor.executemany(statement, [[plain(value) for value in row] for row in chunk])


def plain(value: Any) -> Any:
    """A value as SQLite keeps it."""
    if isinstance(value, uuid.UUID):
        return value.hex
    return str(value) if isinstance(value, date) else value


def quoted(columns: Iterable[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def chunks(rows: Iterable[tuple[Any, ...]], size: int) -> Iterator[list[tuple[Any, ...]]]:
    part: list[tuple[Any, ...]] = []
    for row in rows:
        part.append(row)
        if len(part) == size:
            yield part
            part = []
    if part:
        yield part


def set_sequences() -> None:
    """COPY of given ids does not move the counter that gives out the next one."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            counter, last = "pg_get_serial_sequence('attendance_pupil', 'id')", "(SELECT max(id) FROM attendance_pupil)"
            cursor.execute(f"SELECT setval({counter}, {last})")
            cursor.execute("ANALYZE")

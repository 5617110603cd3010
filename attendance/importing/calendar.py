"""Schools' own free and open days from a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from attendance.importing import cells
from attendance.importing.cells import Row
from attendance.importing.changes import keep_changes, made, rewritten
from attendance.importing.context import Context
from attendance.importing.known_schools import KnownSchools
from attendance.importing.placing import ChunkResult, Placed, place
from attendance.importing.spans import Entry
from attendance.importing.writing import overwrite
from attendance.models import CalendarException
from attendance.models.calendar import ExceptionKind
from attendance.models.imports import ChangeKind
from attendance.services.touched import touched_by_calendar
from thuiszitters.accounts.models import School


@dataclass(frozen=True, slots=True)
class Days:
    """What a row says of days of a school."""

    first: date
    last: date
    kind: str
    description: str

    @property
    def partial(self) -> bool:
        return False


class Calendar:
    required: ClassVar[tuple[str, ...]] = ("brin", "van", "tot", "soort")
    optional: ClassVar[tuple[str, ...]] = ("omschrijving",)
    owner: ClassVar[str] = "brin"

    def __init__(self, context: Context) -> None:
        self.context = context
        self.schools = KnownSchools.read()

    def import_chunk(self, rows: Sequence[Row]) -> ChunkResult:
        named = {cells.normal_brin(cells.trimmed(row.cells["brin"])) for row in rows}
        ids = [school.pk for brin in named if brin and (school := self.schools.by_brin.get(brin))]
        if not self.context.rehearsal:
            lock_schools(ids)
        standing: dict[int, dict[date, Days]] = defaultdict(dict)
        keys = {}
        for row in CalendarException.objects.filter(school__in=ids).order_by("school", "first"):
            standing[row.school_id][row.first] = Days(row.first, row.last, row.kind, row.description)
            keys[row.school_id, row.first] = row.pk

        placed = place(rows, read=self.read, standing=standing, describe=described)
        if not self.context.rehearsal:
            write(placed, keys, standing, self.context)
            placed.result.touched = touched(placed, standing, self.schools.by_id)
        placed.result.owners = set()
        return placed.result

    def read(self, row: Row) -> tuple[int, Entry[date, Days]]:
        school = self.schools.required(row, "brin")
        self.schools.check(school.pk, self.context, "brin")
        first, last = cells.period(row)
        days = Days(
            first,
            last or cells.required_day(row, "tot"),
            cells.required_choice(row, "soort", ExceptionKind.values),
            cells.text(row, "omschrijving", longest=80),
        )
        return school.pk, Entry(first, days, row.line)


def lock_schools(ids: Sequence[int]) -> None:
    """So that two imports do not both find room for the same days."""
    schools = School.objects.filter(pk__in=ids).order_by("pk")
    list(schools.select_for_update(of=("self",), no_key=True).values_list("pk"))


def write(
    placed: Placed[date, Days],
    keys: Mapping[tuple[int, date], int],
    standing: Mapping[int, Mapping[date, Days]],
    context: Context,
) -> None:
    created = CalendarException.objects.bulk_create(
        CalendarException(
            school_id=school_id,
            first=entry.key,
            last=entry.period.last,
            kind=entry.period.kind,
            description=entry.period.description,
        )
        for school_id, entry in placed.created
    )
    overwrite(
        CalendarException,
        (
            CalendarException(
                pk=keys[school_id, entry.key],
                school_id=school_id,
                first=entry.key,
                last=entry.period.last,
                kind=entry.period.kind,
                description=entry.period.description,
            )
            for school_id, entry in placed.updated
        ),
        ["last", "kind", "description"],
    )
    new = [made(ChangeKind.CALENDAR, row, school_id=row.school_id) for row in created]
    changed = [
        rewritten(
            ChangeKind.CALENDAR,
            keys[school_id, entry.key],
            said(standing[school_id][entry.key]),
            said(entry.period),
            school_id=school_id,
        )
        for school_id, entry in placed.updated
    ]
    keep_changes(context.register_import, [*new, *changed])


def said(days: Days) -> dict[str, object]:
    return {"last": days.last, "kind": days.kind, "description": days.description}


def touched(
    placed: Placed[date, Days], standing: Mapping[int, Mapping[date, Days]], schools: Mapping[int, School]
) -> set[int]:
    """The pupils whose clocks the changed days can move: per school in one go, from the first date to the last."""
    changed: dict[int, list[Days]] = defaultdict(list)
    for school_id, entry in (*placed.created, *placed.updated):
        changed[school_id].append(entry.period)
        if stood := standing.get(school_id, {}).get(entry.key):
            changed[school_id].append(stood)
    found: set[int] = set()
    for school_id, periods in changed.items():
        first, last = min(days.first for days in periods), max(days.last for days in periods)
        found.update(touched_by_calendar(schools[school_id], first, last))
    return found


def described(days: Days) -> str:
    return f"“{days.kind}” {cells.span(days.first, days.last)}"

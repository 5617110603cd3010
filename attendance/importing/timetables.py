"""Pupils' own timetables from a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from attendance.importing import cells
from attendance.importing.cells import WEEKDAYS, Row
from attendance.importing.changes import keep_changes, made, rewritten, values_of
from attendance.importing.children import Children
from attendance.importing.context import Context
from attendance.importing.known_schools import KnownSchools
from attendance.importing.placing import ChunkResult, Placed, place
from attendance.importing.spans import Entry
from attendance.importing.writing import keep_versions, overwrite
from attendance.models import OwnTimetable
from attendance.models.arrangements import TimetableKind
from attendance.models.imports import ChangeKind

FIELDS = (*WEEKDAYS.values(),)
WRITTEN = ("last", "kind", *FIELDS)


@dataclass(frozen=True, slots=True)
class Timetable:
    """What a row says of an own timetable."""

    first: date
    last: date | None
    week: tuple[int, ...]
    kind: str

    @property
    def partial(self) -> bool:
        return False

    @property
    def values(self) -> dict[str, object]:
        return {"last": self.last, "kind": self.kind, **dict(zip(FIELDS, self.week, strict=True))}


class Timetables:
    required: ClassVar[tuple[str, ...]] = ("leerlingnummer", "van", *WEEKDAYS)
    optional: ClassVar[tuple[str, ...]] = ("tot", "soort", "brin")
    owner: ClassVar[str] = "leerlingnummer"

    def __init__(self, context: Context) -> None:
        self.context = context
        self.schools = KnownSchools.read()

    def import_chunk(self, rows: Sequence[Row]) -> ChunkResult:
        children = Children.of(rows, self.context, self.schools)
        standing: dict[int, dict[date, Timetable]] = defaultdict(dict)
        rows_before = {}
        for row in OwnTimetable.objects.filter(pupil__in=children.ids).order_by("pupil", "first"):
            standing[row.pupil_id][row.first] = Timetable(row.first, row.last, row.week, row.kind)
            rows_before[row.pupil_id, row.first] = row

        def read(row: Row) -> tuple[int, Entry[date, Timetable]]:
            timetable = self.timetable(row)
            child = children.of_row(row)
            children.check_day(child, timetable.first)
            return child.pk, Entry(timetable.first, timetable, row.line)

        placed = place(rows, read=read, standing=standing, describe=described)
        if not self.context.rehearsal:
            created = OwnTimetable.objects.bulk_create(
                OwnTimetable(pupil_id=pupil_id, first=entry.key, **entry.period.values)
                for pupil_id, entry in placed.created
            )
            before = [rows_before[pupil_id, entry.key] for pupil_id, entry in placed.updated]
            keep_versions(before, self.context)
            overwrite(
                OwnTimetable,
                (
                    OwnTimetable(
                        pk=rows_before[pupil_id, entry.key].pk,
                        code=rows_before[pupil_id, entry.key].code,
                        pupil_id=pupil_id,
                        first=entry.key,
                        **entry.period.values,
                    )
                    for pupil_id, entry in placed.updated
                ),
                WRITTEN,
            )
            self.keep(created, before, placed)
        placed.result.touched = {pupil for pupil, _entry in (*placed.created, *placed.updated)}
        return placed.result

    def keep(
        self, created: Iterable[OwnTimetable], before: Iterable[OwnTimetable], placed: Placed[date, Timetable]
    ) -> None:
        """So that it can be undone."""
        new = [made(ChangeKind.TIMETABLE, row, pupil_id=row.pupil_id) for row in created]
        changed = [
            rewritten(ChangeKind.TIMETABLE, row.pk, values_of(row, WRITTEN), entry.period.values, pupil_id=row.pupil_id)
            for row, (_pupil, entry) in zip(before, placed.updated, strict=True)
        ]
        keep_changes(self.context.register_import, [*new, *changed])

    def timetable(self, row: Row) -> Timetable:
        first, last = cells.period(row)
        minutes = cells.week(row)
        kind = cells.choice(row, "soort", TimetableKind.values) or TimetableKind.ADAPTED.value
        return Timetable(first, last, tuple(minutes[field] for field in FIELDS), kind)


def described(timetable: Timetable) -> str:
    return f"eigen rooster {cells.span(timetable.first, timetable.last)}"

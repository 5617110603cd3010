"""Absence records from a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from django.utils import timezone

from attendance.importing import cells
from attendance.importing.cells import Row
from attendance.importing.children import Child, Children, Stay
from attendance.importing.context import Context
from attendance.importing.known_schools import KnownSchools
from attendance.importing.placing import ChunkResult, Placed, place
from attendance.importing.reasons import KnownReasons
from attendance.importing.refusals import RefusedRow
from attendance.importing.spans import Entry
from attendance.importing.writing import overwrite
from attendance.models import Absence, AbsenceVersion

LAST_LESSON = 24
ONE_DATE = "zet in tot dezelfde datum als in van"

Key = tuple[date, int]
"""First date and lesson (0: none)."""


@dataclass(frozen=True, slots=True)
class Record:
    """What a row says of an absence; compared with what stands."""

    first: date
    last: date | None
    minutes: int | None
    reason_id: int

    @property
    def partial(self) -> bool:
        return self.minutes is not None


class Absences:
    required: ClassVar[tuple[str, ...]] = ("leerlingnummer", "van", "reden")
    optional: ClassVar[tuple[str, ...]] = ("brin", "tot", "minuten", "lesuur")
    owner: ClassVar[str] = "leerlingnummer"

    def __init__(self, context: Context) -> None:
        self.context = context
        self.schools = KnownSchools.read()
        self.reasons = KnownReasons.read()

    def import_chunk(self, rows: Sequence[Row]) -> ChunkResult:
        children = Children.of(rows, self.context, self.schools)
        standing, ids = self.standing(children.ids)

        def read(row: Row) -> tuple[int, Entry[Key, Record]]:
            child = children.of_row(row)
            key, record = self.record(row, child)
            children.check_day(child, record.first)
            return child.pk, Entry(key, record, row.line)

        placed = place(rows, read=read, standing=standing, describe=self.described)
        if not self.context.rehearsal:
            self.write(placed, standing, ids)
        placed.result.touched = {pupil for pupil, _entry in (*placed.created, *placed.updated)}
        return placed.result

    def standing(self, pupil_ids: set[int]) -> tuple[Mapping[int, Mapping[Key, Record]], dict[tuple[int, Key], int]]:
        """The records that stand of each pupil, and their primary keys."""
        found: dict[int, dict[Key, Record]] = defaultdict(dict)
        ids = {}
        rows = Absence.objects.standing().filter(pupil__in=pupil_ids).order_by()
        for pk, pupil_id, first, last, minutes, lesson, reason_id in rows.values_list(
            "pk", "pupil_id", "first", "last", "minutes", "lesson", "reason_id"
        ):
            found[pupil_id][first, lesson] = Record(first, last, minutes, reason_id)
            ids[pupil_id, (first, lesson)] = pk
        return found, ids

    def record(self, row: Row, child: Child) -> tuple[Key, Record]:
        """What the row says. An empty `tot` is an open end, also for a record that had one."""
        first, last = cells.period(row)
        minutes = cells.whole_number(row, "minuten", least=1, most=cells.MINUTES_OF_A_DAY)
        lesson = cells.whole_number(row, "lesuur", least=1, most=LAST_LESSON)
        stay = child.on(first)
        reason = self.reasons.of_row(row, self.schools_of(row, stay))
        if minutes is None and reason.minutes_required:
            raise RefusedRow("minuten", f"is leeg, en {reason.code} is altijd een deel van een dag", "vul minuten in")
        if (minutes is not None or lesson is not None) and last != first:
            column = "minuten" if minutes is not None else "lesuur"
            raise RefusedRow(column, "kan alleen bij één datum", ONE_DATE)
        if minutes is None and lesson is not None:
            minutes = self.lesson_minutes(stay)
        return (first, lesson or 0), Record(first, last, minutes, reason.pk)

    def schools_of(self, row: Row, stay: Stay | None) -> tuple[int, ...]:
        """Schools whose own codes the row can use: place of teaching, school of enrolment, the one named."""
        named = self.schools.by_brin.get(cells.brin(row, "brin")) or self.context.school
        of_stay = (stay.place_id, stay.school_id) if stay else ()
        return (*of_stay, *([named.pk] if named else []))

    def lesson_minutes(self, stay: Stay | None) -> int:
        """The length of a lesson where the pupil is taught that day."""
        if stay is None:
            raise RefusedRow("lesuur", "de leerling is die dag niet ingeschreven", "vul minuten in")
        school = self.schools.by_id[stay.place_id]
        if not school.lesson_minutes:
            raise RefusedRow(
                "lesuur", f"van school {school.brin} is de lengte van een les niet bekend", "vul minuten in"
            )
        return school.lesson_minutes

    def described(self, record: Record) -> str:
        part = f", {record.minutes} minuten" if record.minutes is not None else ""
        return f"verzuim ({self.reasons.codes[record.reason_id]}{part}) {cells.span(record.first, record.last)}"

    def write(
        self,
        placed: Placed[Key, Record],
        standing: Mapping[int, Mapping[Key, Record]],
        ids: Mapping[tuple[int, Key], int],
    ) -> None:
        """Add the new records; change the others, keeping what each was."""
        source = self.context.register_import
        Absence.objects.bulk_create(
            Absence(
                pupil_id=pupil_id,
                first=entry.period.first,
                last=entry.period.last,
                minutes=entry.period.minutes,
                lesson=entry.key[1],
                reason_id=entry.period.reason_id,
                entered_by=self.context.by,
                source=source,
            )
            for pupil_id, entry in placed.created
        )
        if not placed.updated:
            return
        now = timezone.now()
        before = [
            (ids[pupil_id, entry.key], entry.key[1], standing[pupil_id][entry.key])
            for pupil_id, entry in placed.updated
        ]
        AbsenceVersion.objects.bulk_create(
            AbsenceVersion(
                absence_id=pk,
                first=was.first,
                last=was.last,
                minutes=was.minutes,
                lesson=lesson,
                reason_id=was.reason_id,
                source=source,
            )
            for pk, lesson, was in before
        )
        overwrite(
            Absence,
            (
                Absence(
                    pk=ids[pupil_id, entry.key],
                    pupil_id=pupil_id,
                    first=entry.period.first,
                    lesson=entry.key[1],
                    last=entry.period.last,
                    minutes=entry.period.minutes,
                    reason_id=entry.period.reason_id,
                    changed_at=now,
                )
                for pupil_id, entry in placed.updated
            ),
            ["last", "minutes", "reason", "changed_at"],
        )

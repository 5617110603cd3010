"""Exemptions (vrijstellingen) from a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from attendance.importing import cells
from attendance.importing.cells import Row
from attendance.importing.changes import keep_changes, made, rewritten, values_of
from attendance.importing.children import Children
from attendance.importing.context import Context
from attendance.importing.known_schools import KnownSchools
from attendance.importing.placing import ChunkResult, place
from attendance.importing.spans import Entry
from attendance.importing.writing import keep_versions, overwrite
from attendance.models import Exemption
from attendance.models.imports import ChangeKind

WRITTEN = ("last", "kind")


@dataclass(frozen=True, slots=True)
class Exempt:
    """What a row says of an exemption."""

    first: date
    last: date | None
    kind: str

    @property
    def partial(self) -> bool:
        # Exemptions on different grounds can hold at once: one never stands in the way of another.
        return True


class Exemptions:
    required: ClassVar[tuple[str, ...]] = ("leerlingnummer", "van", "soort")
    optional: ClassVar[tuple[str, ...]] = ("tot", "brin")
    owner: ClassVar[str] = "leerlingnummer"

    def __init__(self, context: Context) -> None:
        self.context = context
        self.schools = KnownSchools.read()

    def import_chunk(self, rows: Sequence[Row]) -> ChunkResult:
        children = Children.of(rows, self.context, self.schools)
        standing: dict[int, dict[date, Exempt]] = defaultdict(dict)
        rows_before = {}
        for row in Exemption.objects.filter(pupil__in=children.ids).order_by("pupil", "first"):
            standing[row.pupil_id][row.first] = Exempt(row.first, row.last, row.kind)
            rows_before[row.pupil_id, row.first] = row

        def read(row: Row) -> tuple[int, Entry[date, Exempt]]:
            first, last = cells.period(row)
            exempt = Exempt(first, last, cells.required_text(row, "soort", longest=40))
            child = children.of_row(row)
            children.check_day(child, first)
            return child.pk, Entry(first, exempt, row.line)

        # No refusal has to describe one, since none overlaps.
        placed = place(rows, read=read, standing=standing, describe=str)
        if not self.context.rehearsal:
            created = Exemption.objects.bulk_create(
                Exemption(pupil_id=pupil_id, first=entry.key, last=entry.period.last, kind=entry.period.kind)
                for pupil_id, entry in placed.created
            )
            before = [rows_before[pupil_id, entry.key] for pupil_id, entry in placed.updated]
            keep_versions(before, self.context)
            overwrite(
                Exemption,
                (
                    Exemption(
                        pk=rows_before[pupil_id, entry.key].pk,
                        code=rows_before[pupil_id, entry.key].code,
                        pupil_id=pupil_id,
                        first=entry.key,
                        last=entry.period.last,
                        kind=entry.period.kind,
                    )
                    for pupil_id, entry in placed.updated
                ),
                WRITTEN,
            )
            changed = [
                rewritten(
                    ChangeKind.EXEMPTION,
                    row.pk,
                    values_of(row, WRITTEN),
                    {"last": entry.period.last, "kind": entry.period.kind},
                    pupil_id=row.pupil_id,
                )
                for row, (_pupil, entry) in zip(before, placed.updated, strict=True)
            ]
            new = [made(ChangeKind.EXEMPTION, row, pupil_id=row.pupil_id) for row in created]
            keep_changes(self.context.register_import, [*new, *changed])
        placed.result.touched = {pupil for pupil, _entry in (*placed.created, *placed.updated)}
        return placed.result

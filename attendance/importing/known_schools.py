"""The schools that a file can name."""

from __future__ import annotations

from dataclasses import dataclass, field

from attendance.importing import cells
from attendance.importing.cells import Row
from attendance.importing.context import Context
from attendance.importing.refusals import RefusedRow
from thuiszitters.accounts.models import School


@dataclass(slots=True)
class KnownSchools:
    """All schools, read once an import."""

    by_brin: dict[str, School] = field(default_factory=dict)
    by_id: dict[int, School] = field(default_factory=dict)

    @classmethod
    def read(cls) -> KnownSchools:
        schools = list(School.objects.order_by("pk"))
        return cls({school.brin: school for school in schools}, {school.pk: school for school in schools})

    def named(self, row: Row, column: str) -> School | None:
        """The school in a cell, None when the cell is empty."""
        brin = cells.brin(row, column)
        return self.with_brin(brin, column) if brin else None

    def required(self, row: Row, column: str) -> School:
        return self.with_brin(cells.required_brin(row, column), column)

    def with_brin(self, brin: str, column: str) -> School:
        school = self.by_brin.get(brin)
        if school is None:
            raise RefusedRow(column, f"school {brin} is niet bekend", "lees eerst het scholenbestand (schools) in")
        return school

    def check(self, school_id: int, context: Context, column: str) -> None:
        """Refuse a school that the file may not be about."""
        if not context.allows(school_id):
            brin = self.by_id[school_id].brin
            raise RefusedRow(column, f"{brin} is niet de school van deze import", "laat deze rij weg")

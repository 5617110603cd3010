"""What every kind of import is told, and what it answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar, Protocol

from attendance.importing.cells import Row
from attendance.importing.complete import Period
from attendance.importing.placing import ChunkResult
from attendance.models import RegisterImport
from thuiszitters.accounts.dutch_dates import full_date
from thuiszitters.accounts.models import School, User

WHAT = {
    "schools": "scholen",
    "calendar": "vrije dagen",
    "pupils": "leerlingen",
    "timetables": "roosters",
    "exemptions": "vrijstellingen",
    "absences": "verzuim",
}
"""What a kind of file holds, as people call it."""


@dataclass(slots=True)
class Context:
    """One import. `school` is the one named with it (--school); without `register_import` it is a rehearsal.

    `within`: ids of the only schools that rows may be about; None: all. Who imports for one school neither touches the
    pupils of another nor learns who they are.
    `complete`: the file holds all absence of `school` in that period. `queue_unknown`: rows with a code that nobody
    knows wait for somebody to say what it is, instead of being refused.
    """

    today: date
    school: School | None = None
    by: User | None = None
    register_import: RegisterImport | None = None
    within: frozenset[int] | None = None
    complete: Period | None = None
    queue_unknown: bool = False

    def allows(self, *school_ids: int) -> bool:
        """Whether rows may be about one of these schools."""
        return self.within is None or not self.within.isdisjoint(school_ids)

    @property
    def rehearsal(self) -> bool:
        """Whether nothing may be written."""
        return self.register_import is None

    @property
    def cause(self) -> str:
        """The change, in a few words without personal data, for the crossings that it causes: people read it."""
        row = self.register_import
        return f"{WHAT[row.kind]} ingelezen op {full_date(self.today)}" if row else "proefimport"


class Kind(Protocol):
    """A kind of file. An instance serves one import and may keep what it looked up."""

    required: ClassVar[tuple[str, ...]]
    optional: ClassVar[tuple[str, ...]]
    owner: ClassVar[str]
    """The column whose rows belong together; empty: the order of the file matters."""

    def __init__(self, context: Context) -> None: ...

    def import_chunk(self, rows: Sequence[Row]) -> ChunkResult:
        """Check these rows and, unless it is a rehearsal, lock who they are about and write them, in a transaction."""
        ...

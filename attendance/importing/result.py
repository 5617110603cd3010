"""What an import came to."""

from __future__ import annotations

from dataclasses import dataclass, field

from attendance.importing.placing import ChunkResult, NotNamed
from attendance.importing.refusals import Refusal
from attendance.models import RegisterImport
from thuiszitters.accounts.models import School

VERDICTS = ("created", "updated", "unchanged", "refused")
WRITTEN = ("created", "updated")
COUNTS = (*VERDICTS, "waiting", "skipped")


@dataclass(slots=True)
class ImportResult:
    """What an import did, or (`dry_run`) would have done. `applied` is False when nothing was written.

    Besides the rows of the summary: `waiting` for their code to be mapped, and `skipped` since their code means no
    absence or a later row of the file says the same. Of a complete file: `withdrawn` records, or, in a rehearsal or
    when it has to be confirmed first, `would_withdraw` of the `standing` ones of its period; `gone` are these records,
    and `unnamed` those that it does not name and leaves alone, since a person or another school entered them.
    `nothing_withdrawn_because`: why a file that was stated to be complete was not taken to be.
    """

    kind: str
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
    waiting: int = 0
    skipped: int = 0
    withdrawn: int = 0
    would_withdraw: int = 0
    standing: int = 0
    needs_confirmation: bool = False
    gone: list[NotNamed] = field(default_factory=list)
    unnamed: list[NotNamed] = field(default_factory=list)
    nothing_withdrawn_because: str = ""
    refusals: list[Refusal] = field(default_factory=list)
    ignored_columns: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    """How the file was read, where that is not plain: which sheet of a workbook, for one."""
    applied: bool = False
    register_import: RegisterImport | None = None
    completed_schools: tuple[School, ...] = ()
    """Schools whose date of completeness was moved, or already was there, by `through`."""

    @property
    def summary(self) -> str:
        """The last line of the command."""
        return ", ".join(f"{getattr(self, verdict)} {verdict}" for verdict in VERDICTS)

    def count(self, outcome: ChunkResult) -> None:
        """Add what a chunk came to."""
        for name in (*COUNTS, "standing"):
            setattr(self, name, getattr(self, name) + outcome.counts[name])
        self.would_withdraw += len(outcome.gone)
        self.refusals += outcome.refusals
        self.gone += outcome.gone
        self.unnamed += outcome.unnamed

    def start_again(self, refusals: list[Refusal]) -> None:
        """Forget what a rehearsal counted; `refusals` were there before it, of rows that cannot even be read."""
        for name in (*COUNTS, "standing", "would_withdraw"):
            setattr(self, name, 0)
        self.refused, self.refusals = len(refusals), list(refusals)
        self.gone, self.unnamed = [], []

    def came_to_nothing(self) -> None:
        """What a rehearsal counted will not happen."""
        self.created = self.updated = self.waiting = 0

"""The ways to take in the rows of a file that has been read, a chunk at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date
from functools import partial

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from attendance.batches import in_batches
from attendance.importing.absences import Absences
from attendance.importing.complete import must_ask
from attendance.importing.completeness import Completeness
from attendance.importing.context import Context, Kind
from attendance.importing.evaluating import Progress, evaluate_marked
from attendance.importing.holding import hold
from attendance.importing.placing import ChunkResult
from attendance.importing.result import COUNTS, WRITTEN, ImportResult
from attendance.importing.staging import Staging
from attendance.models import RegisterImport
from attendance.services.marks import mark_dirty

CHUNK = 2000
"""Rows a transaction: on SQLite nobody else writes meanwhile, so it has to take a second at most."""
PUPILS_AT_ONCE = 500
"""Pupils without rows in a complete file, a transaction."""


@dataclass(slots=True)
class Importing:
    """The ways to go through staged rows."""

    context: Context
    kind: type[Kind]
    staging: Staging
    result: ImportResult
    through: date | None
    progress: Progress | None
    resumed: RegisterImport | None = None
    through_if_all_fit: bool = False

    def rehearse(self) -> None:
        """Count what would happen; write nothing."""
        for _outcome in self.each_chunk():
            pass
        if self.context.complete:
            self.result.needs_confirmation = must_ask(self.result.would_withdraw, self.result.standing)

    def must_be_confirmed(self) -> bool:
        """Whether a complete file makes so much disappear that somebody has to say yes; looks before anything is
        written, and leaves what it counted when that is so."""
        if not self.context.complete:
            return False
        before = list(self.result.refusals)
        self.rehearse()
        if not self.result.needs_confirmation:
            self.result.start_again(before)
        return self.result.needs_confirmation

    def import_good_rows(self) -> None:
        """Each chunk its own transaction."""
        row = self.open_register_import()
        completeness = Completeness(self.through, self.context.school)
        for outcome in self.each_chunk():
            completeness.note(outcome.owners)
        self.finish(row, completeness)

    def import_all_or_nothing(self) -> None:
        """First see whether any row is refused, without holding anybody up; then one transaction."""
        before = list(self.result.refusals)
        self.rehearse()
        if self.result.refusals:
            self.result.came_to_nothing()
            return
        self.result.start_again(before)
        completeness = Completeness(self.through, self.context.school)
        with transaction.atomic():
            row = self.open_register_import()
            for outcome in self.each_chunk():
                completeness.note(outcome.owners)
            # Somebody can have changed the register between the two looks.
            transaction.set_rollback(bool(self.result.refusals))
        if self.result.refusals:
            self.result.came_to_nothing()
            return
        self.finish(row, completeness)

    def each_chunk(self) -> Iterator[ChunkResult]:
        """Deal with all rows; what became of each chunk, once it is committed."""
        importer = self.kind(self.context)
        done = 0
        for rows in self.staging.chunks(CHUNK):
            yield self.dealt_with(partial(importer.import_chunk, rows))
            done += len(rows)
            if self.progress:
                self.progress("rijen gelezen", done, self.staging.size)
        if isinstance(importer, Absences):
            for pupils in in_batches(importer.pupils_without_rows(), PUPILS_AT_ONCE):
                yield self.dealt_with(partial(importer.import_without_rows, pupils))

    def dealt_with(self, take: Callable[[], ChunkResult]) -> ChunkResult:
        """A chunk, counted once it is committed."""
        with nullcontext() if self.context.rehearsal else transaction.atomic():
            if self.context.register_import:
                hold(self.context.register_import)
            outcome = take()
            self.note(outcome)
            if outcome.touched and not self.context.rehearsal:
                mark_dirty(outcome.touched, cause=self.context.cause)
        self.result.count(outcome)
        return outcome

    def note(self, outcome: ChunkResult) -> None:
        """Add to the report in the transaction of the chunk, so that it is true also when this is cut off."""
        amounts = {**{name: outcome.counts[name] for name in WRITTEN}, "withdrawn": len(outcome.gone)}
        added = {name: F(name) + amount for name, amount in amounts.items() if amount}
        if added and self.context.register_import:
            RegisterImport.objects.filter(pk=self.context.register_import.pk).update(**added)

    def open_register_import(self) -> RegisterImport:
        if self.resumed is not None:
            self.context.register_import = self.resumed
            return self.resumed
        period = self.context.complete
        row = RegisterImport.objects.create(
            kind=self.result.kind,
            school=self.context.school,
            through=self.through,
            complete_from=period.first if period else None,
            complete_until=period.last if period else None,
            by=self.context.by,
        )
        self.context.register_import = row
        return row

    def finish(self, row: RegisterImport, completeness: Completeness) -> None:
        """Say what is complete now, evaluate who is touched by anything of this, and close the record of the import.

        The evaluation comes last: before it is known up to which date silence means "was there", each short absence
        would look like a child that never came back.
        """
        if self.through_if_all_fit and self.result.refused:
            completeness.through = row.through = None
        self.result.completed_schools = completeness.record(row, cause=self.context.cause)
        evaluate_marked(cause=self.context.cause, today=self.context.today, progress=self.progress)
        # `row` has what an earlier run of the same import wrote, which this one then found unchanged.
        self.result.unchanged = max(0, self.result.unchanged - sum(getattr(row, name) for name in WRITTEN))
        for name in WRITTEN:
            setattr(self.result, name, getattr(self.result, name) + getattr(row, name))
        self.result.withdrawn = row.withdrawn + self.result.would_withdraw
        for name in (*COUNTS, "withdrawn"):
            setattr(row, name, getattr(self.result, name))
        row.finished_at = timezone.now()
        row.save(update_fields=[*COUNTS, "withdrawn", "through", "finished_at"])
        self.result.applied = True
        self.result.register_import = row

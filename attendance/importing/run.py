"""One import of one file, from bytes to evaluated pupils."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from django.db import transaction
from django.utils import timezone

from attendance.importing.absences import Absences
from attendance.importing.calendar import Calendar
from attendance.importing.cells import normal_brin, trimmed
from attendance.importing.columns import Columns
from attendance.importing.completeness import Completeness
from attendance.importing.context import Context, Kind
from attendance.importing.exemptions import Exemptions
from attendance.importing.placing import ChunkResult
from attendance.importing.pupils import Pupils
from attendance.importing.refusals import Refusal, RefusedFile
from attendance.importing.schools import Schools
from attendance.importing.sources import FoundColumns, Source, found_columns, opened
from attendance.importing.staging import Staging
from attendance.importing.timetables import Timetables
from attendance.models import PupilClock, RegisterImport
from attendance.services.clocks import evaluate_pupils
from attendance.services.marks import mark_dirty
from thuiszitters.accounts.models import School, User

KINDS: dict[str, type[Kind]] = {
    "schools": Schools,
    "calendar": Calendar,
    "pupils": Pupils,
    "timetables": Timetables,
    "exemptions": Exemptions,
    "absences": Absences,
}
CHUNK = 2000
"""Rows a transaction: on SQLite nobody else writes meanwhile, so it has to take a second at most."""
VERDICTS = ("created", "updated", "unchanged", "refused")

EVALUATED_AT_ONCE = 500
"""Pupils a transaction, for the same reason."""

Progress = Callable[[str, int, int], None]
"""Told what was done (rows read, pupils evaluated), with how many, of how many."""


@dataclass(slots=True)
class ImportResult:
    """What an import did, or (`dry_run`) would have done. `applied` is False when nothing was written."""

    kind: str
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    refused: int = 0
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

    def count(self, counts: Counter[str]) -> None:
        for verdict in VERDICTS:
            setattr(self, verdict, getattr(self, verdict) + counts[verdict])


def run_import(
    *,
    kind: str,
    file: BinaryIO,
    today: date,
    through: date | None = None,
    school: School | None = None,
    within: frozenset[int] | None = None,
    dry_run: bool = False,
    all_or_nothing: bool = False,
    by: User | None = None,
    progress: Progress | None = None,
    mapping: Mapping[str, str] | None = None,
) -> ImportResult:
    """Take a file of one of KINDS in and evaluate the pupils it touches. The same file again changes nothing.

    It can be CSV or a workbook (XLSX). `mapping` says by hand what a column is: the file's name → ours, or empty to
    leave it out; the other columns are recognised by their names.

    Good rows go in, in short transactions, each with the marks for the evaluation that follows: an import that is cut
    off leaves a sound register, and running it again completes it. With `all_or_nothing` everything goes in as one
    transaction, and only when no row is refused. `dry_run` tells the same and writes nothing. `through` belongs to
    absences: the data of `school`, or of the schools of the file's pupils, is complete up to and including that date.
    Rows may be about the schools `within` only (see Context).

    Raises RefusedFile when the file, or what was asked, makes no sense; then nothing was imported.
    """
    columns = columns_for(kind, mapping)
    importer_class = KINDS[kind]
    check_through(kind, through, today)
    with opened(file, columns) as source:
        columns.check(source.match)
        result = ImportResult(kind, ignored_columns=source.match.ignored, remarks=source.remarks)
        with Staging(source.match.places) as staging:
            stage(staging, source, importer_class.owner, result)
            importing = Importing(
                Context(today=today, school=school, by=by, within=within),
                importer_class,
                staging,
                result,
                through,
                progress,
            )
            if dry_run:
                importing.rehearse()
            elif all_or_nothing:
                importing.import_all_or_nothing()
            else:
                importing.import_good_rows()
    result.refusals.sort()
    return result


def columns_of(file: BinaryIO, kind: str, mapping: Mapping[str, str] | None = None) -> FoundColumns:
    """What the columns of a file are, as far as that is clear, with its first rows. Changes nothing.

    Raises RefusedFile when the file, or the mapping, makes no sense.
    """
    return found_columns(file, columns_for(kind, mapping))


def columns_for(kind: str, mapping: Mapping[str, str] | None) -> Columns:
    """The columns of a kind of file."""
    importer_class = KINDS.get(kind)
    if importer_class is None:
        raise RefusedFile(f"“{kind}” is geen soort bestand. Kies uit {', '.join(KINDS)}.")
    return Columns(kind, importer_class.required, importer_class.optional, mapping or {})


def check_through(kind: str, through: date | None, today: date) -> None:
    if through is None:
        return
    if kind != "absences":
        raise RefusedFile("“Compleet tot en met” hoort bij een verzuimbestand (absences). Laat --through hier weg.")
    if through > today:
        raise RefusedFile("“Compleet tot en met” ligt in de toekomst. Kies een datum tot en met vandaag.")


def stage(staging: Staging, source: Source, owner: str, result: ImportResult) -> None:
    """Put the rows aside, each with those of its owner; `owner` is a column, or empty: the order of the file."""
    places = tuple(source.match.places.values())
    owner_place = source.match.places.get(owner)

    def rows() -> Iterator[tuple[str, int, list[str]]]:
        for record in source.records():
            if isinstance(record, Refusal):
                result.refusals.append(record)
                result.refused += 1
                continue
            line, cells = record
            whose = "" if owner_place is None else trimmed(cells[owner_place])
            if owner == "brin":
                whose = normal_brin(whose) or whose
            yield whose, line, [cells[place] for place in places]

    staging.put(rows())


@dataclass(slots=True)
class Importing:
    """The ways to go through staged rows."""

    context: Context
    kind: type[Kind]
    staging: Staging
    result: ImportResult
    through: date | None
    progress: Progress | None

    def rehearse(self) -> None:
        """Count what would happen; write nothing."""
        for _outcome in self.each_chunk():
            pass

    def import_good_rows(self) -> None:
        """Each chunk its own transaction."""
        row = self.open_register_import()
        completeness = Completeness(self.through, self.context.school)
        for outcome in self.each_chunk():
            completeness.note(outcome.owners)
        self.finish(row, completeness)

    def import_all_or_nothing(self) -> None:
        """First see whether any row is refused, without holding anybody up; then one transaction."""
        self.rehearse()
        self.result.created = self.result.updated = 0
        if self.result.refusals:
            return
        self.result.unchanged = 0
        completeness = Completeness(self.through, self.context.school)
        with transaction.atomic():
            row = self.open_register_import()
            for outcome in self.each_chunk():
                completeness.note(outcome.owners)
            # Somebody can have changed the register between the two looks.
            transaction.set_rollback(bool(self.result.refusals))
        if self.result.refusals:
            self.result.created = self.result.updated = 0
            return
        self.finish(row, completeness)

    def each_chunk(self) -> Iterator[ChunkResult]:
        """Deal with all rows; what became of each chunk, once it is committed."""
        importer = self.kind(self.context)
        done = 0
        for rows in self.staging.chunks(CHUNK):
            with nullcontext() if self.context.rehearsal else transaction.atomic():
                outcome = importer.import_chunk(rows)
                if outcome.touched and not self.context.rehearsal:
                    mark_dirty(outcome.touched, cause=self.context.cause)
            self.result.count(outcome.counts)
            self.result.refusals += outcome.refusals
            done += len(rows)
            yield outcome
            if self.progress:
                self.progress("rijen gelezen", done, self.staging.size)

    def open_register_import(self) -> RegisterImport:
        row = RegisterImport.objects.create(
            kind=self.result.kind, school=self.context.school, through=self.through, by=self.context.by
        )
        self.context.register_import = row
        return row

    def finish(self, row: RegisterImport, completeness: Completeness) -> None:
        """Say what is complete now, evaluate who is touched by anything of this, and close the record of the import.

        The evaluation comes last: before it is known up to which date silence means "was there", each short absence
        would look like a child that never came back.
        """
        self.result.completed_schools = completeness.record(cause=self.context.cause)
        self.evaluate_marked()
        for verdict in VERDICTS:
            setattr(row, verdict, getattr(self.result, verdict))
        row.finished_at = timezone.now()
        row.save(update_fields=[*VERDICTS, "finished_at"])
        self.result.applied = True
        self.result.register_import = row

    def evaluate_marked(self) -> None:
        """Bring the clocks up to date of who was marked by this import; the schedule does whom this does not reach."""
        marked = PupilClock.objects.filter(dirty=True, dirty_cause=self.context.cause).order_by("pk")
        total, done, last = marked.count(), 0, 0
        while ids := list(marked.filter(pk__gt=last).values_list("pk", flat=True)[:EVALUATED_AT_ONCE]):
            evaluate_pupils(ids, today=self.context.today, cause=self.context.cause)
            last = ids[-1]
            done += len(ids)
            if self.progress:
                self.progress("leerlingen doorgerekend", done, total)

"""One import of one file, from bytes to evaluated pupils."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from typing import BinaryIO

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from attendance.batches import in_batches
from attendance.importing.absences import Absences
from attendance.importing.calendar import Calendar
from attendance.importing.cells import normal_brin, trimmed
from attendance.importing.columns import Columns
from attendance.importing.complete import Period, must_ask
from attendance.importing.completeness import Completeness
from attendance.importing.context import Context, Kind
from attendance.importing.evaluating import Progress, evaluate_marked
from attendance.importing.exemptions import Exemptions
from attendance.importing.holding import hold
from attendance.importing.placing import ChunkResult, NotNamed
from attendance.importing.pupils import Pupils
from attendance.importing.refusals import Refusal, RefusedFile
from attendance.importing.schools import Schools
from attendance.importing.sources import FoundColumns, Source, found_columns, opened
from attendance.importing.staging import Staging
from attendance.importing.timetables import Timetables
from attendance.models import RegisterImport
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
WRITTEN = ("created", "updated")
COUNTS = (*VERDICTS, "waiting", "skipped")
UNREAD = "is niet te lezen over wie het gaat. Herstel dat en lees het bestand opnieuw in."
PUPILS_AT_ONCE = 500
"""Pupils without rows in a complete file, a transaction."""


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
    complete: tuple[date, date] | None = None,
    confirmed: bool = False,
    queue_unknown: bool = False,
    register_import: RegisterImport | None = None,
    through_if_all_fit: bool = False,
) -> ImportResult:
    """Take a file of one of KINDS in and evaluate the pupils it touches. The same file again changes nothing.

    It can be CSV, a workbook (XLSX) or, of pupils, EDEXML. `mapping` says by hand what a column is: the file's name →
    ours, or empty to leave it out; the other columns are recognised by their names.

    Good rows go in, in short transactions, each with the marks for the evaluation that follows: an import that is cut
    off leaves a sound register, and running it again completes it. With `all_or_nothing` everything goes in as one
    transaction, and only when no row is refused. `dry_run` tells the same and writes nothing. `through` belongs to
    absences: the data of `school`, or of the schools of the file's pupils, is complete up to and including that date.
    Rows may be about the schools `within` only (see Context).

    `complete`: the absences file holds all that stands for `school` from the first of these dates up to and including
    the other. Imported records that begin in that period and are not in it are withdrawn; when these are more than a
    tenth, nothing at all is written unless `confirmed` (`needs_confirmation` then says so). `queue_unknown`: rows with
    an unknown code wait for it to be mapped (unknown_codes.map_code) instead of being refused.

    `register_import`: the report to write in; an import that was cut off goes on in its own, and is then one import.
    `through_if_all_fit`: leave `through` alone when a row is refused, since its child would count as present.

    Raises RefusedFile when the file, or what was asked, makes no sense; then nothing was imported.
    """
    columns = columns_for(kind, mapping)
    importer_class = KINDS[kind]
    check_through(kind, through, today)
    period = checked_period(kind, complete, school)
    with opened(file, columns, brin=school.brin if school else "") as source:
        columns.check(source.match)
        result = ImportResult(kind, ignored_columns=source.match.ignored, remarks=source.remarks)
        with Staging(source.match.places) as staging:
            unread = stage(staging, source, importer_class.owner, result)
            if period and unread:
                result.nothing_withdrawn_because = f"Van {unread} rij(en) {UNREAD}"
                period = None
            context = Context(
                today=today, school=school, by=by, within=within, complete=period, queue_unknown=queue_unknown
            )
            importing = Importing(
                context, importer_class, staging, result, through, progress, register_import, through_if_all_fit
            )
            if dry_run:
                importing.rehearse()
            elif not confirmed and importing.must_be_confirmed():
                result.came_to_nothing()
            elif all_or_nothing:
                importing.import_all_or_nothing()
            else:
                importing.import_good_rows()
    result.refusals.sort()
    return result


def columns_of(
    file: BinaryIO, kind: str, mapping: Mapping[str, str] | None = None, *, school: School | None = None
) -> FoundColumns:
    """What the columns of a file are, as far as that is clear, with its first rows. Changes nothing.

    Raises RefusedFile when the file, or the mapping, makes no sense.
    """
    return found_columns(file, columns_for(kind, mapping), brin=school.brin if school else "")


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


def checked_period(kind: str, complete: tuple[date, date] | None, school: School | None) -> Period | None:
    if complete is None:
        return None
    if kind != "absences":
        raise RefusedFile("Alleen een verzuimbestand (absences) kan volledig zijn voor een periode.")
    if school is None:
        raise RefusedFile("Zeg van welke school dit bestand al het verzuim heeft (--school).")
    period = Period(*complete)
    if period.last < period.first:
        raise RefusedFile("De periode waarvoor het bestand volledig is, eindigt voor zij begint.")
    return period


def stage(staging: Staging, source: Source, owner: str, result: ImportResult) -> int:
    """Put the rows aside, each with those of its owner; `owner` is a column, or empty: the order of the file.

    Answers of how many rows nobody can say whose they are.
    """
    unread = 0
    places = tuple(source.match.places.values())
    owner_place = source.match.places.get(owner)

    def rows() -> Iterator[tuple[str, int, list[str]]]:
        nonlocal unread
        for record in source.records():
            if isinstance(record, Refusal):
                result.refusals.append(record)
                result.refused += 1
                unread += 1
                continue
            line, cells = record
            whose = "" if owner_place is None else trimmed(cells[owner_place])
            if owner == "brin":
                whose = normal_brin(whose) or whose
            unread += not is_readable(whose)
            yield whose, line, [cells[place] for place in places]

    staging.put(rows())
    return unread


def is_readable(whose: str) -> bool:
    """Whether a number can be one of a child at all."""
    return bool(whose) and whose.isprintable() and "\ufffd" not in whose


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

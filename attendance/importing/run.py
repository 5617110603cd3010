"""One import of one file, from bytes to evaluated pupils."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import BinaryIO

from attendance.importing.absences import Absences
from attendance.importing.calendar import Calendar
from attendance.importing.cells import normal_brin, trimmed
from attendance.importing.chunks import Importing
from attendance.importing.columns import Columns
from attendance.importing.complete import Period
from attendance.importing.context import Context, Kind
from attendance.importing.evaluating import Progress
from attendance.importing.exemptions import Exemptions
from attendance.importing.pupils import Pupils
from attendance.importing.refusals import Refusal, RefusedFile
from attendance.importing.result import ImportResult
from attendance.importing.schools import Schools
from attendance.importing.sources import FoundColumns, Source, found_columns, opened
from attendance.importing.staging import Staging
from attendance.importing.timetables import Timetables
from attendance.models import RegisterImport
from thuiszitters.accounts.models import School, User

KINDS: dict[str, type[Kind]] = {
    "schools": Schools,
    "calendar": Calendar,
    "pupils": Pupils,
    "timetables": Timetables,
    "exemptions": Exemptions,
    "absences": Absences,
}
UNREAD = "is niet te lezen over wie het gaat. Herstel dat en lees het bestand opnieuw in."


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

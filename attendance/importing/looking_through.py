"""A second look at a file after it was tried: the cells of what was refused, and what somebody may want to know."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from attendance.importing.cells import parsed_day, trimmed
from attendance.importing.refusals import Refusal
from attendance.importing.result import ImportResult
from attendance.importing.run import columns_for
from attendance.importing.sources import opened
from attendance.importing.uploads import mapping_for
from attendance.listings.school_year import school_year_of
from attendance.models import FileUpload, RegisterImport
from attendance.models.uploads import FileKind
from thuiszitters.accounts.dutch_dates import full_date

ENOUGH = 20
"""Rows below which a file that is twice as long says nothing."""
FIRST = "van"
LAGGING_DAYS = 5
"""So many days without any absence that begins is strange for a school; a weekend or a free day is not."""


@dataclass(slots=True)
class Look:
    """`cells`: of each refused line. `warnings`: in sentences, without what stands in the file."""

    rows: int = 0
    cells: dict[int, list[str]] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)


def look_through(file: BinaryIO, *, upload: FileUpload, result: ImportResult, today: date) -> Look:
    """Read the file again, now that it is known which of its rows are refused. Memory follows these, not the file."""
    wanted = {refusal.line for refusal in result.refusals}
    look = Look()
    newest: date | None = None
    outside = 0
    first_day, last_day = school_year_of(today)
    columns = columns_for(upload.kind, mapping_for(upload))
    with opened(file, columns) as source:
        place = source.match.places.get(FIRST) if upload.kind == FileKind.ABSENCES else None
        for record in source.records():
            look.rows += 1
            if isinstance(record, Refusal):
                continue
            line, cells = record
            if line in wanted:
                look.cells[line] = cells
            day = parsed_day(trimmed(cells[place])) if place is not None else None
            if day is not None:
                newest = day if newest is None else max(newest, day)
                outside += not first_day <= day <= last_day
    look.warnings = [
        *size_warning(upload, look.rows),
        *year_warning(outside, look.rows, first_day, last_day),
        *lag_warning(upload, newest, look.rows),
    ]
    return look


def size_warning(upload: FileUpload, rows: int) -> list[str]:
    """Much shorter or longer than the last one of this kind for this school."""
    last = (
        RegisterImport.objects.filter(kind=upload.kind, school=upload.school_id, finished_at__isnull=False)
        .exclude(upload=upload)
        .order_by("-finished_at")
        .first()
    )
    if last is None:
        return []
    before = last.created + last.updated + last.unchanged + last.refused + last.waiting + last.skipped
    if max(before, rows) < ENOUGH or before <= 2 * rows <= 4 * before:
        return []
    than = "minder" if rows < before else "meer"
    return [
        f"Dit bestand heeft {rows} rijen, veel {than} dan het vorige ({before}). Klopt het dat het zo veel scheelt?"
    ]


def year_warning(outside: int, rows: int, first: date, last: date) -> list[str]:
    if not outside:
        return []
    which = f"{outside} van de {rows} rijen beginnen" if outside > 1 else f"1 van de {rows} rijen begint"
    return [f"{which} niet in dit schooljaar ({full_date(first)} t/m {full_date(last)}). Kloppen de datums?"]


def lag_warning(upload: FileUpload, newest: date | None, rows: int) -> list[str]:
    """Complete, it is said, but nobody fell ill for days: then it is more often an old export."""
    if upload.through is None or not rows:
        return []
    if newest is not None and (upload.through - newest).days < LAGGING_DAYS:
        return []
    since = f"na {full_date(newest)} begint er geen verzuim meer" if newest else "er staat geen datum in"
    complete = f"Je gaf op dat het bestand compleet is tot en met {full_date(upload.through)}"
    return [f"{complete}, maar {since}. Is dit de nieuwste export?"]

"""From a workbook (XLSX) to rows: which sheet, which row has the names, and cells as a CSV file would have them."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import BinaryIO

from defusedxml import ElementTree
from python_calamine import (
    CalamineError,
    CalamineSheet,
    CalamineWorkbook,
    SheetMetadata,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from attendance.importing.columns import Columns, Match
from attendance.importing.reading import Record
from attendance.importing.refusals import RefusedFile
from attendance.importing.unpacking import DAMAGED, WORKBOOK, Extent, Unpacked, unpacked

TITLE_ROWS = 10
"""Rows that may stand above the names of the columns."""
MOST_SHEETS = 50
LARGEST_WHOLE = 10**15
"""Above this a spreadsheet does not keep every digit of a number."""
RELATIONS = "xl/_rels/workbook.xml.rels"
Cell = str | int | float | bool | date | datetime | time | timedelta


@dataclass(frozen=True, slots=True)
class Found:
    """A row that can be the header."""

    sheet: str
    line: int
    match: Match


@dataclass(slots=True)
class Workbook:
    """A source of rows (see sources.Source): one sheet of a workbook."""

    book: CalamineWorkbook
    extents: dict[str, Extent]
    found: Found
    remarks: tuple[str, ...]
    format: str = "xlsx"

    @property
    def match(self) -> Match:
        return self.found.match

    @property
    def header_line(self) -> int:
        return self.found.line

    def records(self) -> Iterator[Record]:
        """The rows under the header, numbered as in the sheet; empty ones are passed over."""
        width = len(self.match.names)
        for line, cells in rows_of(self.book.get_sheet_by_name(self.found.sheet), self.extents.get(self.found.sheet)):
            if line > self.found.line and any(cells[:width]):
                yield line, (cells + [""] * width)[:width]


@contextmanager
def opened_workbook(file: BinaryIO, columns: Columns) -> Iterator[Workbook]:
    """The first visible sheet on which the required columns stand, or else the one that comes nearest."""
    with unpacked(file) as copy:
        extents = extents_by_sheet(copy)
        copy.file.seek(0)
        try:
            with CalamineWorkbook.from_filelike(copy.file) as book:
                sheets = [sheet.name for sheet in book.sheets_metadata if is_readable(sheet)]
                best = best_header(book, sheets, extents, columns)
                yield Workbook(book, extents, best, remarks_on(best, sheets))
        except CalamineError as error:
            raise RefusedFile(DAMAGED) from error


def is_readable(sheet: SheetMetadata) -> bool:
    return sheet.typ == SheetTypeEnum.WorkSheet and sheet.visible == SheetVisibleEnum.Visible


def best_header(book: CalamineWorkbook, sheets: list[str], extents: dict[str, Extent], columns: Columns) -> Found:
    """The first complete header there is, or else the row with most names recognised."""
    best: Found | None = None
    for name in sheets[:MOST_SHEETS]:
        rows = rows_of(book.get_sheet_by_name(name), extents.get(name))
        for line, cells in rows:
            if line > TITLE_ROWS + 1:
                break
            while cells and not cells[-1]:
                cells.pop()
            if not cells:
                continue
            found = Found(name, line, columns.match(cells))
            if found.match.complete:
                return found
            if best is None or found.match.score > best.match.score:
                best = found
    if best is None:
        raise RefusedFile("Het rekenblad is leeg. Maak de export opnieuw.")
    return best


def remarks_on(found: Found, sheets: list[str]) -> tuple[str, ...]:
    """What somebody has to know of the choice that was made."""
    remarks = []
    if others := [f"“{name}”" for name in sheets if name != found.sheet]:
        remarks.append(f"Gelezen is het blad “{found.sheet}”. Overgeslagen: {', '.join(others)}.")
    if found.line > 1:
        remarks.append(f"De namen van de kolommen staan op regel {found.line}; wat daarboven staat is overgeslagen.")
    return tuple(remarks)


def rows_of(sheet: CalamineSheet, extent: Extent | None) -> Iterator[tuple[int, list[str]]]:
    """The rows of a sheet from column A on, with their numbers."""
    if sheet.start is None:
        return
    odd: dict[int, dict[int, str]] = {}
    for (line, place), value in (extent.odd if extent else {}).items():
        odd.setdefault(line, {})[place] = value
    indent = [""] * sheet.start[1]
    # The rows above the first filled one are given as well, the columns before it are not.
    for line, row in enumerate(sheet.iter_rows(), start=1):
        cells = indent + [cell if isinstance(cell, str) else cell_text(cell) for cell in row]
        for place, value in odd.get(line, {}).items():
            cells += [""] * (place - len(cells))
            cells[place - 1] = value
        yield line, cells


def cell_text(cell: Cell) -> str:
    """A cell as it would stand in a CSV file: dates as jjjj-mm-dd, times as uu:mm, whole numbers without a fraction."""
    if isinstance(cell, bool):
        return "waar" if cell else "onwaar"
    if isinstance(cell, float):
        whole = cell.is_integer() and abs(cell) < LARGEST_WHOLE
        return str(int(cell)) if whole else repr(cell).replace(".", ",")
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time() else cell.isoformat(" ")
    if isinstance(cell, timedelta):
        minutes, seconds = divmod(round(cell.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    if isinstance(cell, time):
        return cell.isoformat("auto" if cell.second else "minutes")
    return str(cell)


def extents_by_sheet(copy: Unpacked) -> dict[str, Extent]:
    """The extents by the name of the sheet, as the workbook says which part each is."""
    with zipfile.ZipFile(copy.file) as archive:
        if RELATIONS not in archive.namelist():
            raise RefusedFile(DAMAGED)
        relations = {
            node.get("Id"): posixpath.normpath(posixpath.join("xl", node.get("Target", "")).lstrip("/"))
            for node in ElementTree.fromstring(archive.read(RELATIONS))
        }
        sheets = [
            node
            for node in ElementTree.fromstring(archive.read(WORKBOOK)).iter()
            if node.tag.rpartition("}")[2] == "sheet"
        ]
    found = {}
    for node in sheets:
        links = [value for name, value in node.attrib.items() if name.rpartition("}")[2] == "id"]
        part = relations.get(links[0]) if links else None
        if part in copy.extents:
            found[node.get("name", "")] = copy.extents[part]
    return found

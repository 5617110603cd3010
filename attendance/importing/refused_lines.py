"""The rows that do not go in, with their cells: kept for some days, downloaded, mended, uploaded again."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import cast

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.utils.exceptions import IllegalCharacterError
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

from attendance.importing.refusals import Refusal
from attendance.models import FileUpload, RefusedLine
from thuiszitters.accounts.spreadsheets import safe_cell

WHY = "geweigerd omdat"
"""The extra column of a download. Not “reden”: absences have a column of that name."""
LINE = "regel"
AT_ONCE = 500


def keep_refused_lines(upload: FileUpload, refusals: Iterable[Refusal], cells: dict[int, list[str]]) -> None:
    """Put these in the place of the ones that were kept; `cells` of each line as they stand in the file."""
    upload.refused_lines.all().delete()
    rows = (
        RefusedLine(
            upload=upload,
            line=refusal.line,
            column=refusal.column[:200],
            reason=storable(refusal.reason),
            remedy=refusal.remedy,
            cells=[storable(cell) for cell in cells.get(refusal.line, [])],
        )
        for refusal in refusals
    )
    while batch := list(islice(rows, AT_ONCE)):
        RefusedLine.objects.bulk_create(batch)


def storable(text: str) -> str:
    """What PostgreSQL can keep: no NUL."""
    return text.replace("\x00", "\ufffd")


def names_of(upload: FileUpload) -> list[str]:
    """The names of the columns of the file."""
    return [str(column["name"]) for column in upload.columns]


def lines_of_download(upload: FileUpload) -> Iterator[list[str]]:
    """The header and the refused rows, each with why it was refused; each line once."""
    names = names_of(upload)
    yield [*names, WHY]
    last = 0
    for row in upload.refused_lines.order_by("line", "pk").iterator(chunk_size=AT_ONCE):
        if row.line == last:
            continue
        last = row.line
        cells = [*row.cells, *[""] * (len(names) - len(row.cells))][: len(names)]
        place = f"kolom {row.column}: " if row.column else ""
        yield [*cells, f"{place}{row.reason} ({row.remedy})"]


def refused_csv(upload: FileUpload) -> bytes:
    """As CSV that a spreadsheet opens with its accents right."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=";", lineterminator="\r\n")
    for row in lines_of_download(upload):
        writer.writerow([safe_cell(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def refused_xlsx(upload: FileUpload) -> bytes:
    """As XLSX in which every cell is text: leading zeros stay, and nothing is a formula."""
    book = Workbook(write_only=True)
    sheet = cast("WriteOnlyWorksheet", book.create_sheet("geweigerd"))
    for row in lines_of_download(upload):
        sheet.append([as_text(sheet, cell) for cell in row])
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def as_text(sheet: WriteOnlyWorksheet, text: str) -> Cell:
    try:
        cell = WriteOnlyCell(sheet, value=text)
    except IllegalCharacterError:
        cell = WriteOnlyCell(sheet, value=printable(text))
    cell.data_type = "s"
    cell.number_format = "@"
    return cell


def printable(text: Sequence[str]) -> str:
    return "".join(character if character.isprintable() else "\ufffd" for character in text)

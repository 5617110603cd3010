"""Workbooks to test with, also such as no spreadsheet writes."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

from openpyxl import Workbook


def workbook(*rows: Sequence[Any], sheets: dict[str, Sequence[Sequence[Any]]] | None = None, at: str = "A1") -> bytes:
    """A workbook with these rows on its first sheet, from cell `at` on, or with sheets by name."""
    book = Workbook()
    del book[book.sheetnames[0]]
    for name, lines in (sheets or {"Blad1": rows}).items():
        sheet = book.create_sheet(name)
        first = sheet[at]
        for down, cells in enumerate(lines):
            for right, value in enumerate(cells):
                if value is not None:
                    sheet.cell(first.row + down, first.column + right, value)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def remade(content: bytes, change: Callable[[str, bytes], bytes | None]) -> bytes:
    """The same workbook with parts changed, or left out when `change` gives None."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            part = change(name, source.read(name))
            if part is not None:
                target.writestr(name, part)
    return file.getvalue()


def with_sheet(content: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The same workbook with its first sheet changed."""
    return remade(content, lambda name, part: change(part) if name == "xl/worksheets/sheet1.xml" else part)

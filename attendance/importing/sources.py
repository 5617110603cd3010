"""A file as a source of rows, whatever its format: CSV, XLSX or EDEXML. What it is shows from its content."""

from __future__ import annotations

import codecs
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import BinaryIO, Protocol

from django.conf import settings

from attendance.importing.columns import Columns, Match
from attendance.importing.edexml import INNER, opened_edexml
from attendance.importing.reading import Header, Record, lines_of, read_header, records
from attendance.importing.refusals import Refusal, RefusedFile
from attendance.importing.synonyms import is_private
from attendance.importing.workbooks import opened_workbook

ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
OLE = b"\xd0\xcf\x11\xe0"
PDF = b"%PDF"
PNG = b"\x89PNG"
UTF16 = {codecs.BOM_UTF16_LE: b"<\x00", codecs.BOM_UTF16_BE: b"\x00<"}
"""Byte order mark → how XML starts after it."""
CONTROLS = frozenset(range(32)) - frozenset(b"\t\r\n\x1a")
"""Bytes that stand in no first line of a text: a picture, a program, something packed. (0x1A ends a file of old.)"""
SAMPLE = 5
HIDDEN = "•••"
OLD_WORKBOOK = (
    "Dit is een rekenblad in een oude vorm (.xls), of met een wachtwoord. "
    "Sla het zonder wachtwoord op als .xlsx of als “CSV UTF-8” en probeer het opnieuw."
)


class Source(Protocol):
    """Rows with the columns that were recognised."""

    @property
    def format(self) -> str: ...
    @property
    def match(self) -> Match: ...
    @property
    def header_line(self) -> int: ...
    @property
    def remarks(self) -> tuple[str, ...]:
        """What somebody has to know of how the file was read, in sentences."""
        ...

    def records(self) -> Iterator[Record | Refusal]:
        """The rows, each with the line on which it starts. Once only."""
        ...


@dataclass(slots=True)
class CsvFile:
    lines: Iterator[tuple[int, str | None]]
    header: Header
    format: str = "csv"
    header_line: int = 1
    remarks: tuple[str, ...] = ()

    @property
    def match(self) -> Match:
        return self.header.match

    def records(self) -> Iterator[Record | Refusal]:
        return records(self.lines, self.header)


@contextmanager
def opened(file: BinaryIO, columns: Columns, *, brin: str = "") -> Iterator[Source]:
    """Look what a file is, and read it as that. It is left open. `brin` is of the school that was named with it.

    Raises RefusedFile when it is nothing we read.
    """
    with limited(file) as source:
        source.seek(0)
        start = source.read(1024)
        if start.startswith(ZIP):
            with opened_workbook(source, columns) as workbook:
                yield workbook
            return
        if is_xml(start):
            with opened_edexml(source, columns, brin) as edexml:
                yield edexml
            return
        refuse_others(start)
        with lines_of(source) as lines:
            yield CsvFile(lines, read_header(lines, columns))


def is_xml(start: bytes) -> bool:
    """Whether the first thing in a file is an element, or what stands before one."""
    for mark, opening in UTF16.items():
        if start.startswith(mark):
            return start[len(mark) :].startswith(opening)
    return start.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"<")


def refuse_others(start: bytes) -> None:
    """Name what is no register, so that somebody knows what to do."""
    if start.startswith(OLE):
        raise RefusedFile(OLD_WORKBOOK)
    if start.startswith(EMPTY_ZIP):
        raise RefusedFile("Dit is een leeg ingepakt bestand (zip). Maak de export opnieuw.")
    if start.startswith(PDF):
        raise RefusedFile("Dit is een PDF. Maak een export als CSV-bestand of als rekenblad (.xlsx).")
    is_binary = start.startswith(PNG) or not CONTROLS.isdisjoint(start.partition(b"\n")[0])
    if is_binary and not start.startswith(tuple(UTF16)):
        raise RefusedFile("Dit is geen tekst. Maak een export als CSV-bestand of als rekenblad (.xlsx).")


@contextmanager
def limited(file: BinaryIO) -> Iterator[BinaryIO]:
    """A file of a size we take, that can be read twice: this one, or a nameless copy of what comes through a pipe."""
    most = settings.IMPORT_MAX_BYTES
    if file.seekable():
        if file.seek(0, os.SEEK_END) > most:
            raise RefusedFile(too_large(most))
        yield file
        return
    with tempfile.TemporaryFile() as copy:
        left = most
        while block := file.read(1 << 20):
            left -= len(block)
            if left < 0:
                raise RefusedFile(too_large(most))
            copy.write(block)
        yield copy


def too_large(most: int) -> str:
    return (
        f"Het bestand is groter dan {most >> 20} MB. Controleer of dit het goede bestand is, "
        "of verdeel het over meer bestanden."
    )


@dataclass(frozen=True, slots=True)
class FoundColumns:
    """The columns of a file, for a page on which somebody says which is which.

    `recognised`: the file's name → our column, as far as it is clear. `missing`: required columns of ours that no name
    gives. `unclear`: our column → the names that could all be it. `choices`: what a name can be mapped to. `sample`:
    the first rows, a cell for each name; columns that we may not know are blotted out. `fixed`: nothing can be mapped.
    """

    format: str
    names: tuple[str, ...]
    recognised: dict[str, str]
    missing: tuple[str, ...]
    unclear: dict[str, tuple[str, ...]]
    choices: tuple[str, ...]
    required: tuple[str, ...]
    sample: tuple[tuple[str, ...], ...]
    header_line: int
    remarks: tuple[str, ...]
    fixed: bool

    @property
    def complete(self) -> bool:
        """Whether the file can be imported as it is."""
        return not (self.missing or self.unclear)


def found_columns(file: BinaryIO, columns: Columns, *, brin: str = "") -> FoundColumns:
    """Look at the header and the first rows. Raises RefusedFile when the file is nothing we read."""
    with opened(file, columns, brin=brin) as source:
        match = source.match
        columns.refuse_twice(match)
        rows = (record for record in source.records() if not isinstance(record, Refusal))
        private = {place for place, name in enumerate(match.names) if is_private(name)}
        shown = [place for place, name in enumerate(match.names) if not name.startswith(INNER)]
        sample = tuple(
            tuple(HIDDEN if place in private and cells[place] else cells[place] for place in shown)
            for _line, cells in islice(rows, SAMPLE)
        )
        return FoundColumns(
            source.format,
            tuple(match.names[place] for place in shown),
            {name: column for name, column in match.recognised.items() if not name.startswith(INNER)},
            match.missing,
            match.unclear,
            columns.known,
            columns.required,
            sample,
            source.header_line,
            source.remarks,
            fixed=source.format == "edexml",
        )

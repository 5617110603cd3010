"""From bytes to rows: encoding, separator, header, quotes. Memory does not grow with the file."""

from __future__ import annotations

import codecs
import csv
import io
import re
import shutil
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from attendance.importing.cells import trimmed
from attendance.importing.columns import Columns, Match
from attendance.importing.refusals import Refusal, RefusedFile

DELIMITERS = (";", "\t", ",")
BLOCK = 1 << 20
MAX_LINE = 20_000
"""Characters. No register has such lines; a file of another kind does."""
MOST_COLUMNS = 500
MAX_JOINED = 20
"""Lines that one cell may span; after so many an open quote is taken for a mistake of that one line."""
SAVE_AS_CSV = "Sla het in het rekenblad op als “CSV UTF-8” en probeer het opnieuw."
SPACE_AROUND_QUOTES = {delimiter: re.compile(rf'"[ \xa0]+(?={re.escape(delimiter)}|$)') for delimiter in DELIMITERS}


@dataclass(frozen=True, slots=True)
class Header:
    """What the columns are, and what stands between them.

    A row may have fewer cells than `width`, since spreadsheets leave empty ones at its end out, but not fewer than
    `least`: up to and including the last required column.
    """

    match: Match
    width: int
    least: int
    delimiter: str


Record = tuple[int, list[str]]
"""The line on which a row starts, and its cells."""


@contextmanager
def lines_of(file: BinaryIO) -> Iterator[Iterator[tuple[int, str | None]]]:
    """The lines of a file with their numbers from 1; None for one that is too long to be a row.

    The file is read from its start and left open.
    """
    with staged(file) as source:
        text = io.TextIOWrapper(source, encoding=encoding_of(source), errors="replace", newline="")
        try:
            yield numbered(text)
        finally:
            text.detach()


@contextmanager
def staged(file: BinaryIO) -> Iterator[BinaryIO]:
    """A file that can be read twice: this one, or a nameless copy of what comes through a pipe."""
    if file.seekable():
        yield file
        return
    with tempfile.TemporaryFile() as copy:
        shutil.copyfileobj(file, copy)
        yield copy


def encoding_of(file: BinaryIO) -> str:
    """UTF-8 (with or without a byte order mark) or Windows-1252; leaves the file at its start.

    A file that is UTF-8 but for a damaged byte stays UTF-8: only the rows with the damage are refused then, where
    reading it all as Windows-1252 would spoil every name without a word.
    """
    file.seek(0)
    start = file.read(4)
    if not start:
        raise RefusedFile("Het bestand is leeg. Maak de export opnieuw.")
    if start.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise RefusedFile(f"Dit is een rekenblad (Excel) en geen CSV-bestand. {SAVE_AS_CSV}")
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise RefusedFile(f"Het bestand is opgeslagen als UTF-16 (“Unicode-tekst”). {SAVE_AS_CSV}")
    file.seek(0)
    decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
    good = bad = 0
    while block := file.read(BLOCK):
        if block.isascii():
            block_text = decoder.decode(block)
            bad += block_text.count("\ufffd")
            continue
        text = decoder.decode(block)
        damaged = text.count("\ufffd")
        bad += damaged
        good += sum(not character.isascii() for character in text) - damaged
    bad += decoder.decode(b"", final=True).count("\ufffd")
    file.seek(0)
    if bad == 0 or good > bad or start.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    return "cp1252"


def numbered(text: io.TextIOWrapper) -> Iterator[tuple[int, str | None]]:
    number = 0
    while line := text.readline(MAX_LINE):
        number += 1
        if len(line) < MAX_LINE or line.endswith(("\n", "\r")):
            yield number, line.rstrip("\r\n")
            continue
        while (rest := text.readline(MAX_LINE)) and not rest.endswith(("\n", "\r")):
            pass
        yield number, None


def read_header(lines: Iterator[tuple[int, str | None]], columns: Columns) -> Header:
    """Take the first line as the names of the columns, in any order and case.

    The separator is the one with which most names are recognised. Raises RefusedFile when the line is no header.
    """
    _number, line = next(lines, (0, ""))
    if line is None:
        raise RefusedFile(f"De eerste regel is langer dan {MAX_LINE} tekens. Controleer of dit het goede bestand is.")
    attempts: list[tuple[int, int, str, list[str]]] = []
    for delimiter in DELIMITERS:
        names = split(line, delimiter) or []
        attempts.append((columns.match(names).score, -len(attempts), delimiter, names))
    _score, _order, delimiter, names = max(attempts)
    if len(names) > MOST_COLUMNS:
        raise RefusedFile(too_wide(len(names)))
    match = columns.match(names)
    least = 1 + max((match.places[name] for name in columns.required if name in match.places), default=0)
    return Header(match, len(names), least, delimiter)


def records(lines: Iterator[tuple[int, str | None]], header: Header) -> Iterator[Record | Refusal]:
    """The rows after the header; empty ones are passed over.

    A cell in quotes may go on over some lines. A quote that is never closed costs its own line and no other.
    """
    waiting: deque[tuple[int, str | None]] = deque()
    while True:
        if waiting:
            number, line = waiting.popleft()
        else:
            number, line = next(lines, (0, None))
            if not number:
                return
        if line is None:
            yield Refusal(number, "", "de regel is te lang", "controleer of dit het goede bestand is")
            continue
        cells = split(line, header.delimiter)
        if cells is None and '"' in line:
            cells = joined(line, lines, waiting, header)
        if cells is None:
            yield Refusal(
                number, "", "de aanhalingstekens kloppen niet", "zet om een cel twee aanhalingstekens, of geen"
            )
            continue
        if not any(trimmed(cell) for cell in cells):
            continue
        if wrong := wrong_width(cells, header):
            yield Refusal(number, "", wrong, "zet in elke rij evenveel puntkomma’s als in de eerste regel")
            continue
        yield number, cells + [""] * (header.width - len(cells))


def joined(
    line: str, lines: Iterator[tuple[int, str | None]], waiting: deque[tuple[int, str | None]], header: Header
) -> list[str] | None:
    """The cells of a row whose quoted cell goes on over next lines, which are then used up; None if it is no such row.

    A next line that by itself is a whole row ends the attempt: a stray quote may not swallow children.
    """
    text = line
    for taken in range(MAX_JOINED):
        if taken == len(waiting):
            following = next(lines, None)
            if following is None:
                return None
            waiting.append(following)
        more = waiting[taken][1]
        if more is None:
            return None
        alone = split(more, header.delimiter)
        if alone is not None and len(alone) > 1 and not wrong_width(alone, header):
            return None
        text = f"{text}\n{more}"
        cells = split(text, header.delimiter)
        if cells is not None:
            if wrong_width(cells, header):
                return None
            for _ in range(taken + 1):
                waiting.popleft()
            return cells
    return None


def split(line: str, delimiter: str) -> list[str] | None:
    """The cells of a line; None when its quotes do not add up (or not yet)."""
    if '"' not in line:
        return line.split(delimiter)
    for text in (line, SPACE_AROUND_QUOTES[delimiter].sub('"', line)):
        try:
            rows = list(csv.reader([text], delimiter=delimiter, strict=True, skipinitialspace=True))
        except csv.Error:
            continue
        return rows[0] if len(rows) == 1 else None
    return None


def too_wide(columns: int) -> str:
    """Why a table with so many columns is not read."""
    return (
        f"Het bestand heeft {columns} kolommen; meer dan {MOST_COLUMNS} lezen we niet. "
        "Haal weg wat niet nodig is, of controleer of dit het goede bestand is."
    )


def wrong_width(cells: list[str], header: Header) -> str:
    """What is wrong with the number of cells; nothing when only empty ones follow the last column, or are left out."""
    if len(cells) < header.least or any(trimmed(cell) for cell in cells[header.width :]):
        return f"de rij heeft {len(cells)} cellen en de eerste regel {header.width}"
    return ""

"""A workbook made safe to open: every part unpacked under a limit, looked through, and packed again.

The library that reads workbooks allocates as many cells as the furthest two span, and believes the sizes that the file
itself states: a file of two kilobytes brings the process down. So it never sees the file that somebody sent, only this
copy, of which each part is well-formed and without a document type, and of which the extent is known.
"""

from __future__ import annotations

import re
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.sax import SAXException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from attendance.importing.reading import MOST_COLUMNS, too_wide
from attendance.importing.refusals import RefusedFile

BLOCK = 1 << 16
MOST_PARTS = 1000
MOST_UNPACKED = 400 << 20
"""Bytes of all parts together."""
MOST_CELLS = 4_000_000
"""Rows times columns of a sheet: what stands in memory while it is read. A CSV file has no such limit."""
MOST_ODD = 10_000
"""Cells without a usable value that are remembered."""
DEEPEST = 100
SAVE_AGAIN = "Open het in het rekenblad, sla het opnieuw op als .xlsx of als “CSV UTF-8” en probeer het nog eens."
DAMAGED = f"Het rekenblad is beschadigd en niet te lezen. {SAVE_AGAIN}"
TOO_BIG = (
    "Het rekenblad is te groot om in te lezen. Sla het blad op als “CSV UTF-8”, of verdeel het over meer bestanden."
)
LOCKED = "Het rekenblad is met een wachtwoord beveiligd. Haal het wachtwoord eraf en probeer het opnieuw."
DOCUMENT_TYPE = f"Het rekenblad bevat een documenttype (DTD); dat lezen we niet. {SAVE_AGAIN}"
NO_WORKBOOK = "Dit is een ingepakt bestand (zip), maar geen rekenblad. Pak het uit, en lees wat erin zit zelf in."
NO_VALUE = "#formule zonder uitkomst"
WORKBOOK = "xl/workbook.xml"
ENTRY = b"PK\x01\x02"
KIND_OF_FILE, PLAIN_FILES = 0o170000, frozenset({0, 0o100000})
"""Of the rights that a part can carry: what kind of file it is. None is stated, or that it is a plain one."""
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
REFERENCE = re.compile(r"([A-Z]{1,3})([1-9]\d{0,6})", re.ASCII)
Position = tuple[int, int]
"""Row and column, both from 1."""


@dataclass(slots=True)
class Extent:
    """How far the cells of a part reach, and which of them hold an error, or a formula that nobody has worked out.

    Those would read as empty, and an empty `tot` means "until further notice".
    """

    rows: int = 0
    columns: int = 0
    odd: dict[Position, str] = field(default_factory=dict)


@dataclass(slots=True)
class Unpacked:
    """A copy to open, and of each part its extent."""

    file: BinaryIO
    extents: dict[str, Extent]


@contextmanager
def unpacked(file: BinaryIO) -> Iterator[Unpacked]:
    """Check a workbook and give the copy. Raises RefusedFile when anything is wrong with it."""
    with tempfile.TemporaryFile() as copy:
        try:
            extents = repack(file, copy)
        except DefusedXmlException as error:
            raise RefusedFile(DOCUMENT_TYPE) from error
        except (zipfile.BadZipFile, zlib.error, EOFError, SAXException, NotImplementedError, ValueError) as error:
            raise RefusedFile(DAMAGED) from error
        copy.seek(0)
        yield Unpacked(copy, extents)


def repack(file: BinaryIO, copy: BinaryIO) -> dict[str, Extent]:
    """Copy the parts that a reader needs, each as far as it is sound."""
    if entries_in(file) > MOST_PARTS:
        raise RefusedFile(DAMAGED)
    extents = {}
    left = MOST_UNPACKED
    with zipfile.ZipFile(file) as archive, zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out:
        for part in parts_of(archive):
            watch = PartWatch()
            with out.open(part.filename, "w") as target:
                for block in blocks(archive, part):
                    left -= len(block)
                    if left < 0:
                        raise RefusedFile(TOO_BIG)
                    watch.feed(block)
                    target.write(block)
            extents[part.filename] = watch.finished()
    return extents


def entries_in(file: BinaryIO) -> int:
    """At most how many entries the directory has, counted before anybody reads it into memory."""
    file.seek(0)
    count, end = 0, b""
    while block := file.read(BLOCK * 16):
        count += (end + block).count(ENTRY)
        end = block[-len(ENTRY) + 1 :]
    return count


def parts_of(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The parts with data: no pictures, macros, or files within the file."""
    names = archive.namelist()
    if WORKBOOK not in names:
        raise RefusedFile(NO_WORKBOOK)
    parts = [part for part in archive.infolist() if part.filename.endswith((".xml", ".rels"))]
    if len({part.filename for part in parts}) < len(parts) or any(part.compress_type not in METHODS for part in parts):
        raise RefusedFile(DAMAGED)
    if not all(is_plain(part) for part in archive.infolist()):
        raise RefusedFile(DAMAGED)
    if any(part.flag_bits & 1 for part in parts):
        raise RefusedFile(LOCKED)
    if sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise RefusedFile(TOO_BIG)
    return parts


def is_plain(part: zipfile.ZipInfo) -> bool:
    """Whether a part is a file or folder within the archive. Nothing is unpacked to disk by its name; a link, or a way
    out of the archive, tells that somebody hopes so."""
    kind = part.external_attr >> 16 & KIND_OF_FILE
    steps = part.filename.replace("\\", "/").split("/")
    return (part.is_dir() or kind in PLAIN_FILES) and ".." not in steps and steps[0] != "" and ":" not in steps[0]


def blocks(archive: zipfile.ZipFile, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """What a part holds, of the length that it states, or an error: the last bytes are checked against its checksum."""
    with archive.open(part) as source:
        while block := source.read(BLOCK):
            yield block


class Texts(ContentHandler):
    """Remembers the start of the text of an element."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def characters(self, content: str) -> None:
        if len(self.text) < 40:
            self.text += content


class PartWatch(DefusedExpatParser):
    """Looks through one part as it passes by.

    The methods of the parser are overridden, and not those of its content handler: this is called for each cell.
    """

    def __init__(self) -> None:
        super().__init__(forbid_dtd=True)
        self.texts = Texts()
        self.setContentHandler(self.texts)
        self.extent = Extent()
        self.row = self.column = 0
        self.type = ""
        self.formula = self.valued = False
        self.depth = 0

    def start_element(self, name: str, attrs: Mapping[str, str]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise RefusedFile(DAMAGED)
        local = name.rpartition(":")[2]
        if local == "c":
            self.start_cell(attrs)
        elif local in {"v", "t"}:
            self.valued = True
            self.texts.text = ""
            self.reach()
        elif local == "f":
            self.formula = True
        elif local == "row":
            self.start_row(attrs)

    def end_element(self, name: str) -> None:
        self.depth -= 1
        if (self.formula or self.type == "e") and name.rpartition(":")[2] == "c":
            if self.type == "e":
                self.note_odd(self.texts.text or NO_VALUE)
            elif not self.valued or not self.texts.text:
                self.note_odd(NO_VALUE)

    def start_row(self, attrs: Mapping[str, str]) -> None:
        stated = attrs.get("r", "")
        if stated and not (stated.isascii() and stated.isdigit() and len(stated) < 8):
            raise RefusedFile(DAMAGED)
        self.row = int(stated) if stated else self.row + 1
        self.column = 0

    def start_cell(self, attrs: Mapping[str, str]) -> None:
        stated = attrs.get("r")
        if stated is None:
            self.column += 1
        else:
            match = REFERENCE.fullmatch(stated)
            if match is None:
                raise RefusedFile(DAMAGED)
            self.row, self.column = int(match[2]), column_number(match[1])
        self.type = attrs.get("t", "")
        self.formula = self.valued = False
        self.texts.text = ""

    def reach(self) -> None:
        """Note that there is a value at this place."""
        extent = self.extent
        extent.rows = max(extent.rows, self.row)
        extent.columns = max(extent.columns, self.column)

    def note_odd(self, value: str) -> None:
        self.reach()
        if len(self.extent.odd) >= MOST_ODD:
            raise RefusedFile(
                f"In het rekenblad staan meer dan {MOST_ODD} cellen met een fout of zonder uitkomst. {SAVE_AGAIN}"
            )
        self.extent.odd[self.row, self.column] = value

    def finished(self) -> Extent:
        """The extent, once the whole part has passed."""
        self.close()
        if self.extent.columns > MOST_COLUMNS:
            raise RefusedFile(too_wide(self.extent.columns))
        if self.extent.rows * self.extent.columns > MOST_CELLS:
            raise RefusedFile(TOO_BIG)
        return self.extent


def column_number(letters: str) -> int:
    """A is 1, Z is 26, AA is 27."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number

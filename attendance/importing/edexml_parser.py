"""Reads EDEXML as a stream and checks it as it goes, by edexml_schema. What the product has no purpose for is forgotten
as soon as its form was checked, and stands in no message.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.sax import SAXException, SAXParseException
from xml.sax.handler import ContentHandler

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from attendance.importing.edexml_schema import EDEX, NEWEST, OLDEST, ROOT, VERSIONS, Node, fits
from attendance.importing.refusals import RefusedFile

BLOCK = 1 << 16
DEEPEST = 30
LONGEST_TEXT = 5000
ENCODING = re.compile(rb"""<\?xml[^>]{0,100}?encoding\s*=\s*["']([^"']{0,40})["']""")
ENCODINGS = {b"utf-8", b"utf-16", b"us-ascii", b"iso-8859-1", b"iso-8859-15", b"windows-1252"}
INVALID = "Dit is geen geldig EDEXML. Maak de export opnieuw, of vraag het de leverancier van het programma."
WANTED = frozenset(
    (
        "achternaam",
        "voorvoegsel",
        "voornamen",
        "voorletters-1",
        "roepnaam",
        "geboortedatum",
        "jaargroep",
        "instroomdatum",
        "uitstroomdatum",
    )
)
"""What is kept of a pupil, beside the key and the group."""
WITH_SURNAME = ("voorvoegsel", "voornamen", "voorletters-1")
LONGEST_KEY = {NEWEST: 256}


@dataclass(slots=True)
class Frame:
    """An element that is open."""

    name: str
    node: Node
    line: int
    slot: int = 0
    filled: bool = False
    kept: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Group:
    name: str
    year: str


@dataclass(slots=True)
class Pupil:
    """What is kept of a pupil: texts by element, with `key` and `groep`."""

    line: int
    texts: dict[str, str]


@dataclass(slots=True)
class Contents:
    """What a file says beside its pupils."""

    version: str = ""
    school: dict[str, str] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    has_groups: bool = False


class Texts(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.length = 0

    def characters(self, content: str) -> None:
        self.length += len(content)
        if self.length <= LONGEST_TEXT:
            self.pieces.append(content)

    def taken(self) -> str:
        """The text since the last time."""
        text = "".join(self.pieces)
        self.pieces, self.length = [], 0
        return text


class Parser(DefusedExpatParser):
    """Fetches nothing, knows no entities, and refuses what is not as prescribed, with its line."""

    def __init__(self) -> None:
        super().__init__(forbid_dtd=True)
        self.texts = Texts()
        self.setContentHandler(self.texts)
        self.contents = Contents()
        self.pupils: list[Pupil] = []
        self.open: list[Frame] = []
        self.keys: dict[str, set[str]] = defaultdict(set)
        self.skipping = 0
        self.newest = OLDEST

    def start_element(self, name: str, attrs: Mapping[str, str]) -> None:
        if self.skipping:
            self.skipping += 1
            if self.skipping > DEEPEST:
                raise self.wrong("er staan te veel elementen in elkaar")
            return
        line = self.getLineNumber() or 0
        if not self.open:
            if name != ROOT or "xmlns" in attrs:
                raise RefusedFile(
                    f"Dit is een XML-bestand, maar geen EDEXML: het begint met “{shown(name)}” en niet met “{ROOT}”."
                )
            self.open.append(Frame(name, EDEX, line))
            return
        self.refuse_text()
        parent = self.open[-1]
        node = self.child_of(parent, name)
        frame = Frame(name, node, line)
        self.check_version(node, name)
        self.check_attributes(frame, parent, attrs)
        if node.skipped:
            self.skipping = 1
        self.open.append(frame)

    def end_element(self, name: str) -> None:
        if self.skipping:
            self.skipping -= 1
            if self.skipping:
                return
            self.texts.taken()
            self.open.pop()
            return
        frame = self.open[-1]
        if frame.node.slots is None:
            too_long = bool(frame.node.form) and self.texts.length > LONGEST_TEXT
            text = self.texts.taken()
            if too_long or not fits(frame.node.form, text, self.contents.version):
                raise self.wrong(f"“{name}” heeft niet de vorm die EDEXML voorschrijft")
            self.keep(self.open[-2], name, text)
        else:
            self.refuse_text()
            self.refuse_missing(frame)
            if frame.node.person:
                self.check_names(frame)
            self.finish(frame)
        self.open.pop()

    # What is prescribed

    def child_of(self, parent: Frame, name: str) -> Node:
        """The element that `name` is at this place."""
        slots = parent.node.slots
        if slots is None:
            raise self.wrong(f"in “{parent.name}” hoort tekst en geen “{shown(name)}”")
        for place in range(parent.slot, len(slots)):
            slot = slots[place]
            if name in slot.names and (slot.many or place > parent.slot or not parent.filled):
                parent.slot, parent.filled = place, True
                return slot.names[name]
            if slot.required and not (place == parent.slot and parent.filled):
                raise self.wrong(f"in “{parent.name}” ontbreekt “{'” of “'.join(slot.names)}” voor “{shown(name)}”")
        raise self.wrong(f"“{shown(name)}” hoort niet op deze plaats in “{parent.name}”")

    def refuse_missing(self, frame: Frame) -> None:
        """Nothing required may be left to come."""
        slots = frame.node.slots or ()
        after = frame.slot + 1 if frame.filled else frame.slot
        for slot in slots[after:]:
            if slot.required:
                raise self.wrong(f"in “{frame.name}” ontbreekt “{'” of “'.join(slot.names)}”")

    def refuse_text(self) -> None:
        if self.texts.taken().strip():
            raise self.wrong(f"in “{self.open[-1].name}” hoort geen tekst")

    def check_version(self, node: Node, name: str) -> None:
        """Only what this version has. Which it is stands at the end of the block school."""
        self.newest = max(self.newest, node.since)
        version = self.contents.version
        if version and node.since > version:
            raise self.wrong(f"“{name}” bestaat niet in EDEXML {version}")

    def check_attributes(self, frame: Frame, parent: Frame, attrs: Mapping[str, str]) -> None:
        version = self.contents.version
        allowed = {"key"} if frame.node.key else set()
        if frame.node.person and version == NEWEST:
            allowed.add("eckid")
        for name in attrs:
            if name not in allowed and not name.startswith(("xsi:", "xmlns:")):
                raise self.wrong(f"“{frame.name}” kent geen kenmerk “{shown(name)}”")
        if not frame.node.key:
            return
        key = attrs.get("key", "")
        if not 1 <= len(key) <= LONGEST_KEY.get(version, 64):
            raise self.wrong(f"het kenmerk “key” van “{frame.name}” ontbreekt of is te lang")
        list_name = frame.node.key.removeprefix("> ")
        if frame.node.key.startswith(">"):
            if key not in self.keys[list_name]:
                raise self.wrong(f"“{frame.name}” verwijst naar een key die er niet is")
            if parent.name == "leerling" and frame.name == "groep":
                parent.kept["groep"] = key
            return
        clashing = ("groep", "samengestelde_groep") if "groep" in list_name else (list_name,)
        if any(key in self.keys[other] for other in clashing):
            raise self.wrong(f"er is al een “{frame.name}” met deze key")
        self.keys[list_name].add(key)
        frame.kept["key"] = key

    def check_names(self, frame: Frame) -> None:
        """A surname with or without the rest, or else a first name alone."""
        kept = frame.kept
        if "achternaam" not in kept and ("roepnaam" not in kept or any(name in kept for name in WITH_SURNAME)):
            raise self.wrong(f"in “{frame.name}” ontbreekt “achternaam”")
        if self.contents.version == OLDEST and "jaargroep" in kept and "groep" in kept:
            raise self.wrong("een leerling heeft in EDEXML 1.0.3 een groep of een jaargroep, niet allebei")

    # What is kept

    def keep(self, parent: Frame, name: str, text: str) -> None:
        if parent.node.person and name not in WANTED:
            return
        parent.kept[name] = text.strip() if parent.name == "school" else text

    def finish(self, frame: Frame) -> None:
        if frame.name == "school":
            self.finish_school(frame)
        elif frame.name == "groepen" and len(self.open) == 2:
            self.contents.has_groups = True
        elif frame.name == "groep" and len(self.open) == 3:
            self.contents.groups[frame.kept["key"]] = Group(frame.kept["naam"], frame.kept["jaargroep"])
        elif frame.name == "leerling":
            self.pupils.append(Pupil(frame.line, frame.kept))

    def finish_school(self, frame: Frame) -> None:
        stated = frame.kept.get("xsdversie", NEWEST)
        version = VERSIONS.get(stated)
        if version is None:
            raise RefusedFile(f"EDEXML versie {shown(stated)} lezen we niet. Kies 1.0.3, 2.0 of 2.1.")
        if self.newest > version:
            raise self.wrong(f"in “school” staat iets dat in EDEXML {version} niet bestaat")
        self.contents.version = version
        self.contents.school = frame.kept

    def wrong(self, what: str) -> RefusedFile:
        return RefusedFile(f"Regel {self.getLineNumber()}: {what}. {INVALID}")


def shown(text: str) -> str:
    """A name from a file as it may stand in a message."""
    return "".join(character for character in text[:40] if character.isprintable())


def parsed(file: BinaryIO, parser: Parser) -> Iterator[Pupil]:
    """The pupils of a file, one by one. `parser` has the rest: of the groups once the first pupil is there.

    Raises RefusedFile, with the line, when the file is not as prescribed.
    """
    file.seek(0)
    check_encoding(file.read(1024))
    file.seek(0)
    try:
        while data := file.read(BLOCK):
            parser.feed(data)
            yield from parser.pupils
            parser.pupils.clear()
        parser.close()
    except DefusedXmlException as error:
        raise RefusedFile(
            "Het XML-bestand bevat een documenttype (DTD) of een verwijzing; die lezen we niet. Maak de export opnieuw."
        ) from error
    except SAXParseException as error:
        raise RefusedFile(f"Regel {error.getLineNumber()}: dit is geen goed XML-bestand. {INVALID}") from error
    except (SAXException, LookupError, ValueError) as error:
        raise RefusedFile(f"Dit is geen goed XML-bestand. {INVALID}") from error


def check_encoding(start: bytes) -> None:
    """Only encodings of texts: Python knows some that are none."""
    match = ENCODING.search(start)
    if match and match[1].lower() not in ENCODINGS:
        raise RefusedFile(f"Deze tekencodering lezen we niet. Sla het XML-bestand op als UTF-8. {INVALID}")

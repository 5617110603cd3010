"""EDEXML as a source of pupils: how what the standard has becomes what a register of pupils has.

docs/bestanden.md says the choices: the key is the pupil number, and what EDEXML lacks (an enrolment's first day, often)
is decided where it is known who is known already, in `pupils`. Teachers and their roles are checked and forgotten: a
role in a file never gives anybody a right.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from attendance.importing.columns import Columns, Match
from attendance.importing.edexml_parser import Contents, Parser, Pupil, parsed
from attendance.importing.edexml_schema import HISTORIC
from attendance.importing.reading import Record
from attendance.importing.refusals import RefusedFile

INNER = "_"
"""With this begin names of columns that only the code knows."""
SCHOOL_YEAR = "_schooljaar"
"""First day of the school year of the file. A row that has it leaves the enrolment to what is known."""
OTHER_NAME = "_voornaam"
"""What a child without a roepnaam can be called."""
LEFT = "_historisch"
SHOWN = (
    "leerlingnummer",
    "roepnaam",
    "tussenvoegsel",
    "achternaam",
    "geboortedatum",
    "brin",
    "ingeschreven_van",
    "ingeschreven_tot",
)
HIDDEN = (SCHOOL_YEAR, OTHER_NAME, LEFT)
CLASS = "klas"


@dataclass(slots=True)
class EdexmlFile:
    """A source of rows (see sources.Source). The file was checked to its end before the first is given."""

    file: BinaryIO
    contents: Contents
    brin: str
    match: Match
    remarks: tuple[str, ...] = ()
    format: str = "edexml"
    header_line: int = 0

    def records(self) -> Iterator[Record]:
        names = class_names(self.contents)
        for pupil in parsed(self.file, Parser()):
            cells = self.cells(pupil, names)
            yield pupil.line, [cells[name] for name in self.match.names]

    def cells(self, pupil: Pupil, names: dict[str, str]) -> dict[str, str]:
        texts = pupil.texts
        group = self.contents.groups.get(texts.get("groep", ""))
        left = HISTORIC in {texts.get("jaargroep"), group.year if group else None}
        return {
            "leerlingnummer": texts["key"],
            "roepnaam": texts.get("roepnaam", ""),
            "tussenvoegsel": texts.get("voorvoegsel", ""),
            "achternaam": texts.get("achternaam", ""),
            "geboortedatum": day(texts.get("geboortedatum")),
            "brin": self.brin,
            "ingeschreven_van": day(texts.get("instroomdatum")),
            "ingeschreven_tot": day(texts.get("uitstroomdatum")),
            CLASS: "" if left else names.get(texts.get("groep", ""), ""),
            SCHOOL_YEAR: f"{self.contents.school['schooljaar'][:4]}-08-01",
            OTHER_NAME: (texts.get("voornamen", "").split() or [texts.get("voorletters-1", "")])[0],
            LEFT: "ja" if left else "",
        }


@contextmanager
def opened_edexml(file: BinaryIO, columns: Columns, brin: str) -> Iterator[EdexmlFile]:
    """Check the whole file, and give its pupils. `brin` is that of the school that was named with it, if any."""
    if columns.kind != "pupils":
        raise RefusedFile("Een XML-bestand (EDEXML) kan alleen met leerlingen (pupils). Maak een CSV-bestand of .xlsx.")
    parser = Parser()
    for _pupil in parsed(file, parser):
        pass
    contents = parser.contents
    names = (*SHOWN, *((CLASS,) if contents.has_groups else ()), *HIDDEN)
    match = Match(names, {name: place for place, name in enumerate(names)})
    of_school = brin_of(contents, brin)
    yield EdexmlFile(file, contents, of_school, match, (f"Gelezen als EDEXML {contents.version}.",))


def brin_of(contents: Contents, named: str) -> str:
    """The school that the file is about; the one that was named has to be the same."""
    code, location = contents.school.get("brincode"), contents.school.get("dependancecode")
    if not code:
        if not named:
            raise RefusedFile("In dit EDEXML-bestand staat geen BRIN. Noem de school erbij (--school).")
        return named
    if not location and named.startswith(code):
        return named
    stated = f"{code}{location or '00'}"
    if named and named != stated:
        raise RefusedFile(f"Dit EDEXML-bestand is van school {stated} en niet van {named}. Kies het goede bestand.")
    return stated


def class_names(contents: Contents) -> dict[str, str]:
    """Key → name of the class. Groups with the same name become classes of their own: the key is added."""
    names = {key: " ".join(group.name.split()) for key, group in contents.groups.items()}
    times = Counter(name.casefold() for name in names.values())
    return {key: name if times[name.casefold()] == 1 else f"{name} ({key})" for key, name in names.items()}


def day(text: str | None) -> str:
    """A date without the zone it may have."""
    return (text or "").strip()[:10]

"""What EDEXML 1.0.3, 2.0 and 2.1 prescribe: which elements, in which order, how often, and of what form.

Written from the public description of the standard (Edustandaard). A slot is a place in the order of an element: one of
its names may stand there. What a file of an older version may not have is marked with the version it came in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

OLDEST, NEWER, NEWEST = "1.0.3", "2.0", "2.1"
VERSIONS = {"1.0.3": OLDEST, "1.03": OLDEST, "1.3": OLDEST, "2.0": NEWER, "2": NEWER, "2.0.0": NEWER, "2.1": NEWEST}
"""What a file says → the version. Programs write it in more than one way."""

ZONE = r"(?:Z|[+-]\d{2}:\d{2})?"
DATE = re.compile(rf"\s*(\d{{4}}-\d{{2}}-\d{{2}}){ZONE}\s*", re.ASCII)
MOMENT = re.compile(rf"\s*(\d{{4}}-\d{{2}}-\d{{2}})T\d{{2}}:\d{{2}}:\d{{2}}(?:\.\d+)?{ZONE}\s*", re.ASCII)
FORMS = {
    "schooljaar": re.compile(r"\d{4}-\d{4}", re.ASCII),
    "brin": re.compile(r"\d{2}[A-Z]{2}", re.ASCII),
    "2 cijfers": re.compile(r"\d{2}", re.ASCII),
    "2 tot 6 cijfers": re.compile(r"\d{2,6}", re.ASCII),
    "4 cijfers": re.compile(r"\d{4}", re.ASCII),
    "9 cijfers": re.compile(r"\d{9}", re.ASCII),
    "11 cijfers": re.compile(r"\d{11}", re.ASCII),
    "postcode": re.compile(r"\d{4}[A-Z]{2}", re.ASCII),
    "geslacht": re.compile(r"\s*[0129]\s*", re.ASCII),
    "etniciteit": re.compile(r"\s*[019]\s*", re.ASCII),
    "gewicht nieuw": re.compile(r"\?|0|0,3|1,2", re.ASCII),
    "gewicht": re.compile(r"\?|0\.(?:00|25|40|70|90)", re.ASCII),
    "land": re.compile(r"\?|[A-Z]{2}", re.ASCII),
    "jaargroep 1.0.3": re.compile(r"[0-8]|1[1-3]|[SH]", re.ASCII),
    "jaargroep": re.compile(r"[BD]|[0-8]|1[1-6]|[SVCNH]", re.ASCII),
    "rol 2.0": re.compile(r"ADJ|ADM|CON|DIR|ICT|IB|KLA|LRK|LOS|LOC|OWA|OUD|RT|SMW|STA|VAK", re.ASCII),
    "rol": re.compile(r"ADJ|ADM|CON|DIR|ICT|IB|KLA|LRK|LOS|LOC|OWA|OUD|RT|SMW|STA|TAL|VAK", re.ASCII),
}
HISTORIC = "H"
"""The jaargroep of pupils who left."""


@dataclass(frozen=True, slots=True)
class Node:
    """An element: what may stand in it, or of what form its text is.

    `form`: a name in FORMS, "datum", "moment", "tekst N" (1 to N characters) or empty: any text. `key`: the list in
    which its attribute key is unique, or "> list": the one it refers to. `since`: the first version that has it.
    """

    form: str = ""
    slots: tuple[Slot, ...] | None = None
    key: str = ""
    since: str = OLDEST
    person: bool = False
    skipped: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in the order of an element: one of these names may stand there, or with `many` any number of them."""

    names: dict[str, Node]
    required: bool = False
    many: bool = False


def one(name: str, form: str = "", *, required: bool = False, since: str = OLDEST) -> Slot:
    return Slot({name: Node(form, since=since)}, required=required)


def part(name: str, node: Node, *, required: bool = False) -> Slot:
    return Slot({name: node}, required=required)


def some(names: dict[str, Node], *, required: bool = True) -> Slot:
    return Slot(names, required=required, many=True)


def block(*slots: Slot, key: str = "", since: str = OLDEST, person: bool = False) -> Node:
    return Node(slots=slots, key=key, since=since, person=person)


ADDITIONS = part("toevoegingen", Node(skipped=True))
"""Blocks of one supplier. Not looked into, so nothing of them can get in."""
NEW_ADDITIONS = part("toevoegingen", Node(skipped=True, since=NEWER))
CHANGED = one("mutatiedatum", "moment")
NAMES = (
    one("achternaam", "tekst 200"),
    one("voorvoegsel", "tekst 10"),
    one("voornamen", "tekst 200", since=NEWER),
    one("voorletters-1", "tekst 6"),
    one("roepnaam", "tekst 64"),
)
ROLES = some({"rol": Node("rol", since=NEWER), "rolomschrijving": Node("tekst 64", since=NEWER)}, required=False)
SCHOOL = block(
    one("schooljaar", "schooljaar", required=True),
    one("peildatum", "datum", since=NEWER),
    Slot({"brincode": Node("brin"), "instellingsnummer": Node("2 tot 6 cijfers", since=NEWER)}),
    one("dependancecode", "2 cijfers"),
    one("schoolkey", "tekst 256"),
    one("aanmaakdatum", "moment"),
    one("auteur", "tekst 128"),
    one("xsdversie", "tekst 32"),
    one("commentaar"),
    NEW_ADDITIONS,
)
PLACE = block(one("naam", "tekst 64", required=True), one("omschrijving", "tekst 256"), CHANGED, key="vestiging")
GROUP = block(
    one("naam", "tekst 64", required=True),
    one("jaargroep", "jaargroep", required=True),
    one("omschrijving", "tekst 256", since=NEWER),
    NEW_ADDITIONS,
    CHANGED,
    key="groep",
)
COMPOSED_GROUP = block(
    one("naam", "tekst 64", required=True),
    one("omschrijving", "tekst 256"),
    ADDITIONS,
    CHANGED,
    key="samengestelde_groep",
    since=NEWER,
)
IN_COMPOSED_GROUP = block(key="> samengestelde_groep")
PUPIL = block(
    *NAMES,
    one("geboortedatum", "datum"),
    one("geslacht", "geslacht"),
    one("start_ondw_jgr3", "datum", since=NEWER),
    one("jaargroep", "jaargroep"),
    part("groep", block(key="> groep")),
    part("samengestelde_groepen", block(some({"samengestelde_groep": IN_COMPOSED_GROUP}), since=NEWER)),
    part("vestiging", block(key="> vestiging", since=NEWER)),
    one("gebruikersnaam", "tekst 64", since=NEWER),
    one("emailadres", "tekst 256", since=NEWER),
    one("fotourl", "tekst 256", since=NEWER),
    one("etniciteit", "etniciteit"),
    one("land", "land"),
    one("land_vader", "land"),
    one("land_moeder", "land"),
    Slot(
        {
            "sofinummer": Node("9 cijfers"),
            "bsn": Node("9 cijfers", since=NEWER),
            "onderwijsnummer": Node("9 cijfers"),
            "bsn_ondwnr-4": Node("4 cijfers", since=NEWER),
            "rijksregisternummer": Node("11 cijfers", since=NEWER),
        }
    ),
    one("gewicht_nieuw", "gewicht nieuw"),
    one("gewicht", "gewicht"),
    Slot(
        {
            "postcodenl": Node("postcode"),
            "postnummerbe": Node("4 cijfers", since=NEWER),
            "postcodeoverig": Node("tekst 32"),
        }
    ),
    one("instroomdatum", "datum"),
    one("uitstroomdatum", "datum"),
    ADDITIONS,
    CHANGED,
    key="leerling",
    person=True,
)
TEACHER = block(
    *NAMES,
    one("gebruikersnaam", "tekst 64", since=NEWER),
    one("emailadres", "tekst 256", since=NEWER),
    ROLES,
    part(
        "groepen",
        block(
            some(
                {
                    "groep": block(ROLES, key="> groep"),
                    "samengestelde_groep": block(ROLES, key="> samengestelde_groep", since=NEWER),
                }
            )
        ),
    ),
    NEW_ADDITIONS,
    CHANGED,
    key="leerkracht",
    person=True,
)
ROOT = "EDEX"
EDEX = block(
    part("school", SCHOOL, required=True),
    part("vestigingen", block(some({"vestiging": PLACE}), since=NEWER)),
    part("groepen", block(some({"groep": GROUP, "samengestelde_groep": COMPOSED_GROUP}))),
    part("leerlingen", block(some({"leerling": PUPIL})), required=True),
    part("leerkrachten", block(some({"leerkracht": TEACHER}))),
)


def fits(form: str, text: str, version: str) -> bool:
    """Whether a text is of the form that this version prescribes."""
    if not form:
        return True
    if form.startswith("tekst "):
        return 1 <= len(text) <= int(form.removeprefix("tekst "))
    if form in {"datum", "moment"}:
        match = (DATE if form == "datum" else MOMENT).fullmatch(text)
        return match is not None and is_day(match[1])
    if FORMS.get(f"{form} {version}", FORMS[form]).fullmatch(text) is None:
        return False
    return form != "schooljaar" or int(text[5:]) == int(text[:4]) + 1


def is_day(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True

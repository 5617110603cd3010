"""What is sent and answered. Fields have the names that the columns of files have."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Literal

from ninja import Schema
from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field

from attendance.importing.absence_rows import LAST_LESSON
from attendance.importing.cells import LATEST, MINUTES_OF_A_DAY, OLDEST

MOST = 500
"""Items in one batch."""


def printable(value: str) -> str:
    if not value.isprintable() or value != value.strip():
        raise ValueError("bevat een teken dat niet te lezen is, of een spatie aan het begin of einde")
    return value


def written_out(value: object) -> object:
    """A number is no date, although it could be read as one: 0 would be the first day of 1970."""
    if not isinstance(value, str) or not ISO.fullmatch(value):
        raise ValueError("is geen datum: schrijf jjjj-mm-dd")
    return value


def within_reach(value: date) -> date:
    if not OLDEST <= value <= LATEST:
        raise ValueError("ligt niet tussen 1900 en 2100")
    return value


Text = Annotated[str, AfterValidator(printable)]
Day = Annotated[date, BeforeValidator(written_out), AfterValidator(within_reach)]
ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
SourceId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._-]{1,64}$", description="Zoals het andere systeem het noemt.")]


class Sent(Schema):
    """A field that nobody knows is a mistake: it could be the end of an absence, misspelled."""

    model_config = ConfigDict(extra="forbid")


class AbsenceIn(Sent):
    """Een afwezigheid. `tot` moet er altijd in staan: null is tot nader bericht."""

    leerlingnummer: Annotated[Text, Field(min_length=1, max_length=20)]
    van: Day
    tot: Day | None
    reden: Annotated[Text, Field(min_length=1, max_length=20, description="Een code van de school of van iedereen.")]
    minuten: Annotated[int, Field(ge=1, le=MINUTES_OF_A_DAY, strict=True)] | None = None
    lesuur: Annotated[int, Field(ge=1, le=LAST_LESSON, strict=True)] | None = None


class AbsenceItem(AbsenceIn):
    bron_id: SourceId


class AbsenceBatch(Sent):
    verzuim: Annotated[list[AbsenceItem], Field(min_length=1, max_length=MOST)]


class AbsenceOut(Schema):
    """Een afwezigheid zoals die er nu staat."""

    bron_id: str
    leerlingnummer: str
    van: date
    tot: date | None
    reden: str
    minuten: int | None
    lesuur: int | None
    ingetrokken: bool


class PupilIn(Sent):
    """Een inschrijving van een leerling op deze school, in haar geheel: wat er niet bij staat, is leeg."""

    leerlingnummer: Annotated[Text, Field(min_length=1, max_length=20)]
    roepnaam: Annotated[Text, Field(min_length=1, max_length=60)]
    tussenvoegsel: Annotated[Text, Field(max_length=20)] = ""
    achternaam: Annotated[Text, Field(min_length=1, max_length=80)]
    geboortedatum: Day
    ingeschreven_van: Day
    ingeschreven_tot: Day | None
    uitstroomreden: Literal["", "andere_school", "diploma", "buitenland", "overleden", "overig"] = ""
    klas: Annotated[Text, Field(max_length=40)] = ""
    gemeente: Annotated[Text, Field(max_length=80)] = ""


class PupilBatch(Sent):
    leerlingen: Annotated[list[PupilIn], Field(min_length=1, max_length=MOST)]


class CompleteIn(Sent):
    tot_en_met: Day


class CompleteOut(Schema):
    """Tot en met welke dag het verzuim van de school compleet is. Schuift nooit terug."""

    tot_en_met: date
    verschoven: bool


Verdict = Literal["nieuw", "gewijzigd", "gelijk", "geweigerd"]


class Outcome(Schema):
    """Wat er met één regel gebeurde."""

    nr: Annotated[int, Field(description="De hoeveelste van de lijst, vanaf 1.")]
    resultaat: Verdict
    veld: str = ""
    melding: str = ""


class BatchOut(Schema):
    """Goede regels gaan erin, ook als andere geweigerd zijn."""

    nieuw: int
    gewijzigd: int
    gelijk: int
    geweigerd: int
    regels: list[Outcome]


class FieldErrorOut(Schema):
    field: str
    detail: str


class Problem(Schema):
    """Wat er niet kon (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldErrorOut] = []

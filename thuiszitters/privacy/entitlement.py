"""What has to be thought of before somebody gets to see a file, and until when an answer may take. Pure.

Nothing is decided here: the concerns are told to a person, who writes down what was decided and why.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from dateutil.relativedelta import relativedelta

OWN_RIGHTS = 16
"""From this age a pupil exercises the rights of the AVG themselves (UAVG art. 5)."""
ADULT = 18
MONTHS_TO_ANSWER = 1
MONTHS_EXTENDED = 2
"""AVG art. 12(3): one month, and two further months where that is necessary."""


class Asker(StrEnum):
    """On whose behalf is asked."""

    PARENT = "ouder_gezag"
    PARENT_WITHOUT = "ouder_zonder_gezag"
    PUPIL = "leerling"
    REPRESENTATIVE = "vertegenwoordiger"


@dataclass(frozen=True)
class Concern:
    """Something to weigh. `needs_consent`: without the pupil's own yes no file goes out."""

    title: str
    text: str
    needs_consent: bool = False


def due_on(received_on: date, *, extended: bool) -> date:
    """The last day for an answer: the same date, or where that month is shorter its last day. A weekend or holiday does
    not move it: earlier is never wrong."""
    return received_on + relativedelta(months=MONTHS_TO_ANSWER + (MONTHS_EXTENDED if extended else 0))


def may_be_extended(received_on: date, today: date) -> bool:
    """Whoever asked must be told of the extension within the first month."""
    return received_on <= today <= due_on(received_on, extended=False)


def concerns_about(asker: Asker, age: int) -> list[Concern]:
    """What the handler has to weigh when `asker` asks about a pupil of this age."""
    found = []
    if asker is Asker.PUPIL and age < OWN_RIGHTS:
        found.append(
            Concern(
                "De leerling is nog geen 16",
                "Tot 16 jaar vragen de ouders met gezag dit namens het kind. Bespreek met de leerling en de ouders wie "
                "het verzoek doet.",
            )
        )
    if asker is Asker.PARENT_WITHOUT:
        found.append(
            Concern(
                "Een ouder zonder gezag heeft recht op informatie, niet op inzage",
                "Deze ouder mag van de school belangrijke feiten horen over hoe het gaat (Burgerlijk Wetboek 1:377c), "
                "maar krijgt geen inzage in het dossier zonder toestemming van een ouder met gezag, of van de leerling "
                "vanaf 16 jaar. Vraag na hoe het gezag is geregeld: de basisregistratie weet dat niet altijd.",
                needs_consent=True,
            )
        )
    if asker is Asker.REPRESENTATIVE:
        found.append(
            Concern(
                "Een vertegenwoordiger heeft een volmacht nodig",
                "Vraag een machtiging van de ouder met gezag of van de leerling vanaf 16 jaar, of het besluit waaruit "
                "het gezag blijkt (voogd).",
            )
        )
    if asker is not Asker.PUPIL and age >= ADULT:
        found.append(
            Concern(
                "De leerling is 18 of ouder",
                "Ouders krijgen alleen inzage als de leerling daar toestemming voor geeft.",
                needs_consent=True,
            )
        )
    elif asker is not Asker.PUPIL and age >= OWN_RIGHTS:
        found.append(
            Concern(
                "De leerling is 16 of 17",
                "Vanaf 16 jaar gaat de leerling zelf over deze rechten. Vraag wat de leerling ervan vindt en of het "
                "dossier mag worden gegeven.",
                needs_consent=True,
            )
        )
    return found

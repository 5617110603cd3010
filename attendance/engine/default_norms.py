"""The norms a new installation begins with, each with its source. Afterwards norms are data of an alliance."""

from __future__ import annotations

from typing import NamedTuple

from attendance.engine.facts import Norm, Norms, Rule


class SourcedNorm(NamedTuple):
    """A norm with the Dutch text that says where it comes from, to be shown beside it."""

    norm: Norm
    source: str


DEFAULT_NORMS: tuple[SourcedNorm, ...] = (
    SourcedNorm(
        Norm(Rule.HOME_2W, amount=10, calendar_days=14),
        "Thuiszitters aan Boord: na 2 weken niet op school is er een plan.",
    ),
    SourcedNorm(
        Norm(Rule.HOME_4W, amount=20, calendar_days=28),
        "Werkwijzer thuiszitters: een leerling die 4 weken achter elkaar niet op school is, is een thuiszitter.",
    ),
    SourcedNorm(
        Norm(Rule.HOME_3M, amount=3),
        "Thuiszitterspact (2016): geen kind zit langer dan 3 maanden thuis zonder passend aanbod.",
    ),
    SourcedNorm(
        Norm(Rule.LRV, amount=20),
        "Langdurig relatief verzuim: meer dan 4 weken zonder geldige reden niet op school. "
        "De vierde week is vol op de 20e schooldag.",
    ),
    SourcedNorm(
        Norm(Rule.HOURS_16, amount=16, weeks=4, gap_days=7),
        "Leerplichtwet 1969, artikel 21a: 16 uur zonder geldige reden in 4 opeenvolgende lesweken. "
        "DUO: bij doorlopend verzuim hoogstens één melding per 7 dagen.",
    ),
    SourcedNorm(
        Norm(Rule.SICK_4X, amount=4, weeks=12),
        "MAZL (Medische Advisering van de Ziekgemelde Leerling): vierde ziekmelding in 12 schoolweken.",
    ),
    SourcedNorm(
        Norm(Rule.SICK_7D, amount=7),
        "MAZL (Medische Advisering van de Ziekgemelde Leerling): zevende schooldag achter elkaar ziek.",
    ),
    SourcedNorm(
        Norm(Rule.STRUCTURAL, amount=20, weeks=6, min_weeks=3),
        "Keuze van deze toepassing: 20 procent of meer gemist in 6 lesweken. De Werkwijzer geeft geen getal voor "
        "een leerling die structureel niet het volledige rooster volgt.",
    ),
)


def default_norms() -> Norms:
    """The default norms as the rules take them, valid at all times."""
    return Norms(tuple(row.norm for row in DEFAULT_NORMS))

"""Which kind of report to leerplicht fits a crossing. Pure.

The heaviest kind wins. What is not known is not assumed: without a known startkwalificatie a pupil of 18 or older gets
the kind for the Doorstroompunt.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from attendance.engine.facts import Rule
from cases.models.reports import Report

Kind = Report.Kind

KIND_OF_RULE: dict[Rule, Report.Kind] = {
    Rule.HOURS_16: Kind.HOURS_16,
    Rule.HOME_4W: Kind.OTHER,
    Rule.LRV: Kind.LRV,
}
"""Rules after which a report is drafted. The others never lead to one by themselves."""

HEAVINESS: dict[str, int] = {Kind.OTHER: 1, Kind.HOURS_16: 2, Kind.LUXURY: 3, Kind.LRV: 4, Kind.RMC: 5}

ADULT = 18


@dataclass(frozen=True, slots=True)
class Duty:
    """The age on the day of the crossing. `why_free` says in Dutch why nothing is owed; empty when something is."""

    age: int
    why_free: str = ""


@dataclass(frozen=True, slots=True)
class Choice:
    """The kind that fits, or None with the reason why no report is drafted (empty when the rule asks for none)."""

    kind: Report.Kind | None
    why_not: str = ""


def choose_kind(rule: Rule, duty: Duty, luxury: Collection[bool], *, exempt: bool) -> Choice:
    """The kind of report for a crossing of `rule`.

    `luxury` tells for each counted date whether it rests on holiday without permission. One such date makes it luxury,
    but four weeks of absence that is only partly a holiday stays langdurig relatief verzuim.
    """
    kind = KIND_OF_RULE.get(rule)
    if kind is None:
        return Choice(None)
    if exempt:
        return Choice(None, "Geen melding: de leerling heeft op deze dag een vrijstelling.")
    if duty.why_free:
        return Choice(None, f"Geen melding: {duty.why_free}.")
    if duty.age >= ADULT:
        return Choice(Kind.RMC)
    is_luxury = all(luxury) if rule is Rule.LRV else any(luxury)
    return Choice(Kind.LUXURY if luxury and is_luxury else kind)


def outweighs(new: str, old: str) -> bool:
    """Whether a draft of kind `old` becomes one of kind `new`."""
    return HEAVINESS[new] > HEAVINESS[old]


def kinds_by_hand(duty: Duty, *, exempt: bool) -> tuple[tuple[Report.Kind, ...], str]:
    """The kinds that a person may start today, the usual one first; or none, with the reason."""
    if exempt:
        return (), "Geen melding: de leerling heeft nu een vrijstelling."
    if duty.why_free:
        return (), f"Geen melding: {duty.why_free}."
    if duty.age >= ADULT:
        return (Kind.RMC,), ""
    return (Kind.OTHER, Kind.HOURS_16, Kind.LUXURY, Kind.LRV), ""

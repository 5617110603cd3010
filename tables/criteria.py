"""When a pupil belongs on the Thuiszitterstafel, and in which phase. Pure.

Sources: Werkwijzer (dreigende) thuiszitter (who cannot follow the timetable is dreigend; four weeks in a row is
thuiszitter); Thuiszitterspact (three months). Two weeks as the start of dreigend follows Thuiszitters aan Boord.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from dateutil.relativedelta import relativedelta

from attendance.engine.facts import Rule
from cases.models import Phase

PROPOSED_BY: dict[str, Phase] = {
    Rule.STRUCTURAL.value: Phase.DREIGEND,
    Rule.HOME_2W.value: Phase.DREIGEND,
    Rule.HOME_4W.value: Phase.THUISZITTER,
    Rule.LRV.value: Phase.THUISZITTER,
    Rule.HOME_3M.value: Phase.LONG,
}
"""The phase that each rule proposes. Opbouw, nazorg and gesloten are never proposed: a person sets them."""

AT_HOME = (Phase.DREIGEND, Phase.THUISZITTER, Phase.LONG)
"""Phases of a pupil who is not building up yet, lightest first."""

STEPS: dict[Phase, frozenset[Phase]] = {
    Phase.NONE: frozenset({*AT_HOME, Phase.OPBOUW}),
    Phase.DREIGEND: frozenset({Phase.THUISZITTER, Phase.LONG, Phase.OPBOUW, Phase.NAZORG, Phase.GESLOTEN}),
    Phase.THUISZITTER: frozenset({Phase.DREIGEND, Phase.LONG, Phase.OPBOUW, Phase.NAZORG, Phase.GESLOTEN}),
    Phase.LONG: frozenset({Phase.OPBOUW, Phase.NAZORG, Phase.GESLOTEN}),
    Phase.OPBOUW: frozenset({*AT_HOME, Phase.NAZORG, Phase.GESLOTEN}),
    Phase.NAZORG: frozenset({*AT_HOME, Phase.OPBOUW, Phase.GESLOTEN}),
    Phase.GESLOTEN: frozenset(),
}
"""Which phase may follow which. Gesloten ends the entry; a pupil who falls out again gets a new one."""


def weight(phase: str) -> int:
    """How heavy a phase at home is: 1 dreigend, 2 thuiszitter, 3 more than three months; 0 for every other."""
    return AT_HOME.index(Phase(phase)) + 1 if phase in AT_HOME else 0


def proposed_phase(rules: Iterable[str]) -> Phase:
    """The heaviest phase that `rules` propose; NONE when none of them does."""
    found = [PROPOSED_BY[rule] for rule in rules if rule in PROPOSED_BY]
    return max(found, key=weight, default=Phase.NONE)


def escalates_on(first_day_home: date, months: int) -> date:
    """The first date on which a pupil is `months` calendar months at home, counted from the case's own first day."""
    return first_day_home + relativedelta(months=months)

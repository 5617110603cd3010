"""Which steps a crossing asks for: who does what, within how many working days, and who says so. Pure.

The Werkwijzer (dreigende) thuiszitters names the steps and the roles. It hardly gives terms: where it does not, the
term is a choice of this product and `source` says so. A term runs from the day on which the signal is there, not from
the day of the crossing: a file that comes in late must not make everything overdue at once.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date

from attendance.engine.facts import Rule
from attendance.engine.working_days import add_working_days
from thuiszitters.accounts.roles import Role

CHOICE = "termijn: keuze van dit product"


@dataclass(frozen=True, slots=True)
class StepPlan:
    """One step. `kind` names it for the services that finish it ("tafel", "melding"); `working_days` is the term.

    `anew`: asked for also when the thing was done before, because it is to be done once more.
    """

    kind: str
    title: str
    role: Role
    working_days: int
    source: str
    anew: bool = False

    def due_on(self, day: date) -> date:
        """The last working day of the term that starts after `day`."""
        return add_working_days(day, self.working_days)


CALL = "bellen"
INFORM_COACH = "zorgcoach_inlichten"
TABLE = "tafel"
TALK_TO_MENTOR = "mentor_spreken"
REACH_PUPIL = "contact_leerling"
LARGE_MEETING = "groot_overleg"
REPORT = "melding"
ESCALATE = "opschalen"
OWN = "eigen"
"""The kind of a step that a person made up."""

STEPS: dict[Rule, tuple[StepPlan, ...]] = {
    Rule.HOME_2W: (
        StepPlan(
            CALL,
            "Bel de ouders en overleg met de mentor",
            Role.COO,
            2,
            f"Werkwijzer, mentor en COO: de COO hoort direct van zorgwekkend verzuim; {CHOICE}",
        ),
        StepPlan(
            TABLE,
            "Beslis over de Thuiszitterstafel",
            Role.COO,
            5,
            f"Werkwijzer, COO: meldt een dreigende thuiszitter op de tafel; {CHOICE}",
        ),
        StepPlan(
            INFORM_COACH,
            "Licht de zorgcoach in",
            Role.COO,
            5,
            "Werkwijzer, dreigende thuiszitters: wekelijks overleg met de zorgcoach (TSO of MDO), dus 5 werkdagen",
        ),
    ),
    Rule.HOME_4W: (
        StepPlan(
            TALK_TO_MENTOR,
            "Spreek de mentor over wat er speelt",
            Role.ZORGCOACH,
            2,
            f"Werkwijzer, zorgcoach: zo snel mogelijk in gesprek met de mentor; {CHOICE}",
        ),
        StepPlan(
            REACH_PUPIL,
            "Zoek contact met de leerling en de ouders",
            Role.ZORGCOACH,
            3,
            f"Werkwijzer, thuiszitters: de zorgcoach wordt direct actief en houdt contact; {CHOICE}",
        ),
        StepPlan(
            TABLE,
            "Meld de leerling op de Thuiszitterstafel",
            Role.COO,
            5,
            f"Werkwijzer, thuiszitters: gemeld op de tafel als dat nog niet is gebeurd; {CHOICE}",
        ),
        StepPlan(
            LARGE_MEETING,
            "Plan het grote overleg",
            Role.COO,
            10,
            f"Werkwijzer, zorgcoach: het grote overleg wordt gepland door de COO; {CHOICE}",
        ),
    ),
    Rule.HOME_3M: (
        StepPlan(
            ESCALATE,
            "Schaal op naar het samenwerkingsverband",
            Role.COO,
            2,
            f"Thuiszitterspact: niet langer dan 3 maanden zonder passend aanbod; {CHOICE}",
        ),
        StepPlan(
            TABLE,
            "Bespreek de leerling op de Thuiszitterstafel",
            Role.COO,
            5,
            f"Thuiszitterspact en Werkwijzer; {CHOICE}",
            anew=True,
        ),
    ),
    Rule.LRV: (
        StepPlan(
            REPORT,
            "Maak de melding aan leerplicht klaar",
            Role.COO,
            5,
            "Inspectie van het Onderwijs: melden binnen 5 werkdagen",
        ),
    ),
}
"""Rules that open a case, with their steps; the first is the next step of a new case. Other rules ask for no step."""

REPORT_WORKING_DAYS = 5
"""Working days after a crossing within which a report must be sent (Inspectie van het Onderwijs)."""

CASE_RULES = tuple(STEPS)
MENTOR_RULES = (Rule.SICK_4X, Rule.SICK_7D)
HOME_RULES = (Rule.HOME_2W, Rule.HOME_4W, Rule.HOME_3M)
"""Rules of one and the same run, lightest first."""

URGENCY: dict[Rule, int] = {
    Rule.HOME_3M: 80,
    Rule.LRV: 70,
    Rule.HOME_4W: 60,
    Rule.HOURS_16: 50,
    Rule.HOME_2W: 40,
    Rule.STRUCTURAL: 30,
    Rule.SICK_7D: 20,
    Rule.SICK_4X: 10,
}
"""Higher comes first. Sixteen hours goes before two weeks because the law sets its term."""


def audience_of(rule: Rule) -> Role:
    """Whom a signal of `rule` is for."""
    return Role.MENTOR if rule in MENTOR_RULES else Role.COO


def steps_of(rule: Rule) -> tuple[StepPlan, ...]:
    """The steps that `rule` asks for, in order; none for a rule that opens no case."""
    return STEPS.get(rule, ())


def is_needed(plan: StepPlan, done: Collection[str]) -> bool:
    """Whether the step is still to be planned. `done`: the kinds of what has been done already for the case."""
    return plan.anew or plan.kind not in done


def is_outdone(rule: Rule, others: Iterable[Rule]) -> bool:
    """Whether a heavier rule of the same run at home is among `others` (those that stand for that run)."""
    if rule not in HOME_RULES:
        return False
    weight = HOME_RULES.index(rule)
    return any(other in HOME_RULES and HOME_RULES.index(other) > weight for other in others)

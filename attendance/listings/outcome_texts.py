"""What a save caused, said to who saved it."""

from __future__ import annotations

from attendance.engine.facts import Rule
from attendance.models import Crossing, Pupil
from attendance.services.crossings import Outcome

PASSES: dict[str, str] = {
    Rule.HOME_2W: "is nu 2 weken niet op school geweest",
    Rule.HOME_4W: "is nu 4 weken niet op school geweest",
    Rule.HOME_3M: "is nu 3 maanden niet op school geweest",
    Rule.LRV: "is nu 4 weken ongeoorloofd afwezig",
    Rule.HOURS_16: "was in 4 lesweken 16 uur ongeoorloofd afwezig",
    Rule.SICK_4X: "is nu 4 keer ziek gemeld in 12 lesweken",
    Rule.SICK_7D: "is nu 7 schooldagen achter elkaar ziek",
    Rule.STRUCTURAL: "mist een groot deel van de lessen",
}


def outcome_sentences(outcome: Outcome) -> list[str]:
    """A sentence for each signal that came or went, with the name of the pupil."""
    came = [*outcome.created, *outcome.restored]
    pupils = Pupil.objects.in_bulk({row.pupil_id for row in [*came, *outcome.withdrawn]})
    return [
        *(f"{pupils[row.pupil_id].first_name} {PASSES[row.rule]}. {who_sees(row)}" for row in came),
        *(
            f"Het signaal “{row.get_rule_display()}” van {pupils[row.pupil_id].first_name} klopt niet meer."
            for row in outcome.withdrawn
        ),
    ]


def who_sees(crossing: Crossing) -> str:
    """Who else is told."""
    if crossing.rule in {Rule.SICK_4X, Rule.SICK_7D}:
        return "De mentor ziet dit bij Vandaag."
    return "De COO ziet dit ook."

"""A norm in words, as it is kept with a crossing."""

from __future__ import annotations

from attendance.engine.facts import Norm, Reading, Rule

LONGEST = 240
TEXTS = {
    Rule.HOME_2W: "{amount} schooldagen niet op school",
    Rule.HOME_4W: "{amount} schooldagen niet op school",
    Rule.HOME_3M: "{amount} maanden niet op school",
    Rule.LRV: "{amount} schooldagen ongeoorloofd afwezig",
    Rule.HOURS_16: "{amount} uur ongeoorloofd afwezig in {weeks} lesweken",
    Rule.SICK_4X: "{amount} ziekmeldingen in {weeks} lesweken",
    Rule.SICK_7D: "{amount} schooldagen achter elkaar ziek",
    Rule.STRUCTURAL: "{amount} procent van het rooster gemist in {weeks} lesweken",
}


def norm_text(norm: Norm, source: str) -> str:
    """The norm and where it comes from: "10 schooldagen niet op school (…)"."""
    return f"{words_of(norm)} ({source})"[:LONGEST]


def words_of(norm: Norm) -> str:
    """10 schooldagen niet op school."""
    if norm.reading is Reading.CALENDAR and norm.rule in (Rule.HOME_2W, Rule.HOME_4W):
        return f"{norm.calendar_days} kalenderdagen niet op school"
    return TEXTS[norm.rule].format(amount=norm.amount, weeks=norm.weeks)

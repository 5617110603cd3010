"""The children whose report to leerplicht stands at one desk each, in both municipalities: sixteen hours of skipped
lessons, a fixed number of school days ago, so that the report has had the time to come where it stands."""

from __future__ import annotations

from dataclasses import dataclass

from thuiszitters.demo.expected import sixteen_hours
from thuiszitters.demo.names import Name
from thuiszitters.demo.records import AbsenceRow
from thuiszitters.demo.schools import COLLEGE, LINDEWOUDE, ZILVERDAM
from thuiszitters.demo.stories import Stage, Story

LESSONS = (4, 5, 6)
"""Skipped on every second school day: on the sixth such day the sixteen hours are full."""
SKIPPING_DAYS = 6
NOWHERE = ""


@dataclass(frozen=True)
class Desk:
    """Where the report of one child stands. `back`: how many school days ago the sixteen hours were full."""

    key: str
    tells: str
    group: str
    name: Name
    living: str
    back: int


DESKS = (
    Desk(
        "melding-nieuw", "leerplicht heeft de melding nog niet geopend",
        "2B", Name("Luuk", "", "Terpstra"), ZILVERDAM, 8,
    ),
    Desk(
        "melding-gesprek", "leerplicht heeft de melding in behandeling",
        "4C", Name("Imane", "", "Chafik"), ZILVERDAM, 11,
    ),
    Desk(
        "melding-gelezen", "leerplicht nam de melding ter kennisgeving aan",
        "3D", Name("Stijn", "", "Wolthuis"), ZILVERDAM, 14,
    ),
    Desk(
        "melding-ingetrokken", "de school trok de melding weer in",
        "2C", Name("Mila", "", "Dijkgraaf"), ZILVERDAM, 10,
    ),
    Desk(
        "melding-vraag", "de administratie stuurde de melding terug met een vraag",
        "3B", Name("Rayan", "", "Oulad"), ZILVERDAM, 4,
    ),
    Desk(
        "melding-gemeente", "de woongemeente ontbreekt: de melding kan niet weg",
        "3C", Name("Zoë", "", "Hagen"), NOWHERE, 4,
    ),
    Desk(
        "melding-gesprek-2", "leerplicht heeft de melding in behandeling",
        "5A", Name("Koen", "", "Schaap"), LINDEWOUDE, 12,
    ),
    Desk(
        "melding-wacht", "leerplicht wacht op een antwoord van de school",
        "2E", Name("Fay", "de", "Groen"), LINDEWOUDE, 12,
    ),
    Desk(
        "melding-gesloten", "leerplicht sloot de melding: terug op school",
        "4D", Name("Amin", "", "Sahin"), LINDEWOUDE, 25,
    ),
)  # fmt: skip


def tell_report_stories(stage: Stage) -> list[Story]:
    """Give each desk its child."""
    return [_tell(stage, desk) for desk in DESKS]


def _tell(stage: Stage, desk: Desk) -> Story:
    days = stage.college
    story = stage.cast(desk.key, f"16 uur gemist; {desk.tells}", (COLLEGE, desk.group), desk.name, desk.living)
    skipped = [days.back(desk.back + 2 * n) for n in range(SKIPPING_DAYS)]
    story.child.absences += [
        AbsenceRow(day, day, "ongeoorloofd", lesson=lesson) for day in skipped for lesson in LESSONS
    ]
    lesson = COLLEGE.lesson_minutes or 0
    story.expected = sixteen_hours(days, dict.fromkeys(skipped, len(LESSONS) * lesson))
    return story

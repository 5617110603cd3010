"""Pupils who left long ago: what the terms for keeping are about. They are no part of the classes of today."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from thuiszitters.demo.names import Name
from thuiszitters.demo.records import AbsenceRow, Child, EnrolmentRow
from thuiszitters.demo.schools import COLLEGE, LINDEWOUDE, PRIMARY, ZILVERDAM, School

FILE_IS_OVER, ABSENCE_IS_OVER = 2, 5
"""Years after leaving: the terms of a new installation for a file, and for absence and enrolment."""
LEEWAY = timedelta(days=60)
"""So long ago at least the term was over: what was destroyed in the last weeks was old enough then too."""
STORY_OF_HOLD = "blokkade"


@dataclass(frozen=True)
class Former:
    """Who left. `years`: after how many years something of them has to go; `had_file`: there was a case."""

    school: School
    number: str
    name: Name
    years: int
    story: str = ""

    @property
    def had_file(self) -> bool:
        return self.years == FILE_IS_OVER


FORMER = (
    Former(COLLEGE, "210104", Name("Daphne", "", "Kooistra"), FILE_IS_OVER, STORY_OF_HOLD),
    Former(COLLEGE, "210117", Name("Yusuf", "", "Erdem"), FILE_IS_OVER),
    Former(COLLEGE, "210131", Name("Nina", "van", "Loon"), FILE_IS_OVER),
    Former(COLLEGE, "180112", Name("Jorrit", "", "Hoekstra"), ABSENCE_IS_OVER),
    Former(COLLEGE, "180126", Name("Samira", "", "Bouali"), ABSENCE_IS_OVER),
    Former(COLLEGE, "180140", Name("Lars", "de", "Winter"), ABSENCE_IS_OVER),
    Former(PRIMARY, "480105", Name("Evi", "", "Molenaar"), FILE_IS_OVER),
    Former(PRIMARY, "450108", Name("Teun", "", "Kloosterman"), ABSENCE_IS_OVER),
    Former(PRIMARY, "450121", Name("Amira", "", "Saidi"), ABSENCE_IS_OVER),
    Former(PRIMARY, "450133", Name("Joris", "van den", "Akker"), ABSENCE_IS_OVER),
)


def left_on(former: Former, today: date) -> date:
    """The last day at school: the end of a school year that is long enough ago."""
    before = today - relativedelta(years=former.years) - LEEWAY
    summer = date(before.year, 7, 31)
    return summer if summer <= before else summer - relativedelta(years=1)


def make_former(today: date) -> list[Child]:
    """These children, with a few days of illness in their last year."""
    return [_child(former, left_on(former, today)) for former in FORMER]


def _child(former: Former, last: date) -> Child:
    in_primary = former.school is PRIMARY
    age, years = (12, 8) if in_primary else (16, 4)
    group = f"groep {years}" if in_primary else f"{years}A"
    first = (last - relativedelta(years=years)) + timedelta(days=1)
    ill = date(last.year, 3, 1) + timedelta(days=(7 - date(last.year, 3, 1).weekday()) % 7)
    return Child(
        former.number,
        former.name,
        date(last.year - age, 4, 12),
        LINDEWOUDE if in_primary else ZILVERDAM,
        [EnrolmentRow(former.school, former.school, group, first, last, "andere_school" if in_primary else "diploma")],
        0 if in_primary else 8,
        [AbsenceRow(ill, ill + timedelta(days=2), "ziek")],
        story=former.story,
    )

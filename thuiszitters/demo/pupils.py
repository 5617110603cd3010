"""The children of the demo: who sits in which class. The same seed and date give the same children."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from thuiszitters.demo.names import invent_name
from thuiszitters.demo.records import Child, EnrolmentRow
from thuiszitters.demo.schools import COLLEGE, HAVEN, LINDEWOUDE, PRIMARY, ZILVERDAM, School, school_year_of

FIRST_NUMBER = {COLLEGE.brin: 240101, HAVEN.brin: 243101, PRIMARY.brin: 510101}
"""Six digits: no number of a pupil can be taken for a BSN (nine digits)."""
YEARS_OF_PRIMARY = 8
LEAST_IN_A_CLASS = 3
"""Room for the children of the stories."""
HAVEN_YEAR = 3
"""De Tussenhaven teaches children of all years; for their age they are taken as third-year pupils, give or take one."""


def year_of(group: str) -> int:
    """The year (leerjaar or groep) in the name of a class."""
    digits = [letter for letter in group if letter.isdigit()]
    return HAVEN_YEAR if group.startswith("Haven") else int(digits[0])


def make_children(*, seed: int, today: date, share: float) -> list[Child]:
    """Every child, class by class. `share` thins the classes out (1: as they are), for tests that want speed."""
    random = Random(f"{seed} names")
    children: list[Child] = []
    taken: set[str] = set()
    for school in (COLLEGE, HAVEN, PRIMARY):
        number = FIRST_NUMBER[school.brin]
        for group, size in school.classes.items():
            for _ in range(max(round(size * share), LEAST_IN_A_CLASS)):
                children.append(_make_child(random, (school, group), str(number), taken, today))
                number += random.randint(1, 3)
    return children


def _make_child(random: Random, seat: tuple[School, str], number: str, taken: set[str], today: date) -> Child:
    place, group = seat
    name = invent_name(random)
    while str(name) in taken:
        name = invent_name(random)
    taken.add(str(name))
    home = PRIMARY if place is PRIMARY else COLLEGE
    school_year = school_year_of(today)
    year = year_of(group) + (random.choice((-1, 0, 0, 1)) if place is HAVEN else 0)
    if place is PRIMARY:
        first = primary_start(random, school_year, year)
        birth = birth_date(random, school_year, year + 3)
    else:
        first = school_year.replace(year=school_year.year - year + 1)
        birth = birth_date(random, school_year, year + 11)
    years_before = 0 if place is PRIMARY else YEARS_OF_PRIMARY
    living = random.choices((ZILVERDAM, LINDEWOUDE), (1, 3) if place is PRIMARY else (3, 1))[0]
    enrolments = [EnrolmentRow(home, place, group, first)]
    return Child(number, name, birth, living, enrolments, years_before)


def birth_date(random: Random, school_year: date, age: int) -> date:
    """Born so that the child has reached `age` by 1 October of `school_year`; one in twelve is a year older."""
    youngest = date(school_year.year - age, 9, 30)
    return youngest - timedelta(days=random.randrange(365) + (365 if random.random() < 1 / 12 else 0))


def primary_start(random: Random, school_year: date, year: int) -> date:
    """A child comes to groep 1 when it turns four, any day of the year; one in ten moved in from elsewhere later."""
    started = school_year.replace(year=school_year.year - year + 1)
    if year > 1 and random.random() < 0.1:
        return school_year.replace(year=school_year.year - random.randint(1, year - 1))
    return started

"""Pupils with all that can happen in a few months, by seed, to compare what is fast with what is plain."""

from __future__ import annotations

import random
from datetime import date, timedelta

from attendance.engine.calendar import REGIONS, CalendarException, SchoolCalendar
from attendance.engine.facts import Absence, Enrolment, Exemption, Facts, Norms, OwnTimetable, School, Week
from tests.attendance.engine.pupils import NORMS

FIRST = date(2025, 8, 18)
DAYS = 200
WEEKS: tuple[Week, ...] = (
    (300, 300, 300, 300, 300),
    (330, 330, 210, 330, 300),
    (300, 300, 0, 300, 300),
)
OWN_WEEKS: tuple[Week, ...] = ((0, 0, 0, 0, 0), (300, 300, 0, 0, 0), (120, 120, 120, 120, 120), (360, 300, 0, 300, 300))


class _Maker:
    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)

    def day(self, low: int = 0, high: int = DAYS) -> date:
        return FIRST + timedelta(days=self.chance.randrange(low, high))

    def later(self, day: date, most: int) -> date | None:
        return None if self.chance.random() < 0.1 else day + timedelta(days=self.chance.randrange(most))

    def school(self, key: str) -> School:
        free = self.day()
        exceptions = [CalendarException(free, free + timedelta(days=self.chance.choice((0, 0, 4))))]
        calendar = SchoolCalendar(self.chance.choice(REGIONS), exceptions if self.chance.random() < 0.5 else ())
        through = self.chance.choice((None, FIRST + timedelta(days=300), self.day(), self.day(60)))
        return School(key, calendar, self.chance.choice(WEEKS), self.chance.choice((60, 50)), through)

    def enrolments(self, norms: Norms) -> tuple[Enrolment, ...]:
        first = self.school("A")
        if self.chance.random() < 0.6:
            return (Enrolment(FIRST - timedelta(days=400), None, first, norms, self.taken()),)
        move = self.day(20, 150)
        second = first if self.chance.random() < 0.3 else self.school("B")
        back = move + timedelta(days=self.chance.choice((1, 1, 3, 20)))
        final = self.chance.random() < 0.2
        return (
            Enrolment(FIRST - timedelta(days=400), move, first, norms, self.taken(), final),
            Enrolment(back, self.later(back, 200), second, norms, self.taken()),
        )

    def taken(self) -> frozenset[date]:
        if self.chance.random() < 0.6:
            return frozenset()
        return frozenset(FIRST + timedelta(days=n) for n in range(DAYS) if self.chance.random() < 0.8)

    def absences(self) -> tuple[Absence, ...]:
        found: list[Absence] = []
        day = self.day(0, 20)
        busy = self.chance.choice((4, 12, 40))
        while (day - FIRST).days < DAYS:
            sort = self.chance.choice(
                ((True, None, False), (True, False, False), (True, False, False), (True, True, True))
            )
            if self.chance.random() < 0.1:
                sort = (False, None, False)
            if self.chance.random() < 0.4:
                parts = self.chance.choices((50, 150, 240, 300), k=self.chance.choice((1, 1, 2)))
                found += [Absence(day, day, minutes, *sort) for minutes in parts]
                last = day
            else:
                length = self.chance.choice((1, 1, 2, 5, 12, 40))
                last = day + timedelta(days=length - 1)
                is_open = self.chance.random() < 0.05
                found.append(Absence(day, None if is_open else last, None, *sort))
                if is_open:
                    break
            day = last + timedelta(days=1 + self.chance.randrange(busy))
        self.chance.shuffle(found)
        return tuple(found)

    def timetables(self) -> tuple[OwnTimetable, ...]:
        if self.chance.random() < 0.7:
            return ()
        first = self.day()
        return (OwnTimetable(first, self.later(first, 60), self.chance.choice(OWN_WEEKS)),)

    def exemptions(self) -> tuple[Exemption, ...]:
        if self.chance.random() < 0.85:
            return ()
        first = self.day()
        return (Exemption(first, self.later(first, 30)),)


def random_facts(seed: int, norms: Norms = NORMS) -> Facts:
    """The same pupil for the same seed."""
    maker = _Maker(seed)
    return Facts(maker.enrolments(norms), maker.absences(), maker.timetables(), maker.exemptions())

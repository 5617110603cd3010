"""A year of believable absence: mostly short sickness, more in winter and on Mondays and Fridays, a wave of flu,
lessons missed in VO, holidays taken early, and now and then something long. Story pupils are left alone.

The numbers below were set so that between 5 and 6 per cent of the pupils are absent on a day, over some five spells a
pupil a year (docs/demo.md has what came out).
"""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, timedelta
from itertools import pairwise
from math import exp
from random import Random

from thuiszitters.demo.records import AbsenceRow, Child
from thuiszitters.demo.schools import HAVEN, PRIMARY, SchoolDays

SICK_STARTS = 0.0208
"""Chance that a child falls ill on an average school day."""
RECOVERING, RECOVERING_DAYS = 0.35, 21
"""Who has just been ill is ill again less often, for so many days."""
SEASON = {1: 1.35, 2: 1.3, 3: 1.2, 4: 0.95, 5: 0.8, 6: 0.7, 7: 0.6, 8: 0.7, 9: 0.95, 10: 1.0, 11: 1.2, 12: 1.35}
WEEKDAY = (1.4, 0.95, 0.8, 0.9, 1.15)
FLU_PEAK, FLU_WIDTH, FLU_CHANCE = (2, 3), 14, 0.014
"""Each winter: around 3 February, about five weeks wide, at its top with this chance a day."""
LENGTHS = {1: 36, 2: 27, 3: 17, 4: 10, 5: 8, 6: 2}
FLU_LENGTHS = {2: 25, 3: 35, 4: 25, 5: 14, 6: 1}
LONG_ILLNESS = 0.00005
LONG_LENGTHS = (8, 32)
AUTHORISED = 0.0022
UNKNOWN = 0.0016
LATE = 0.006
DOCTOR = 0.005
LUXURY = 0.05
"""Chance that a child is on holiday early or late around one holiday."""
TRUANTS, TRUANT_DAYS = 0.08, 0.03
"""Share of the VO pupils who skip lessons now and then, and on which part of their days."""
HARD_TIMES, HARD_DAYS, HARD_WEEKS = 0.018, 0.55, (5, 9)
"""Share of the VO pupils who skip many lessons for some weeks, on which part of those days, and for how many weeks."""
STAYS_OPEN = 0.12
"""Share of the spells that reach the last day of the files and are written without an end."""


def add_absence(children: list[Child], days: dict[str, SchoolDays], *, seed: int, first: date) -> None:
    """Give every child without a story its absence from `first` to what the files of its school are complete to."""
    for child in children:
        if not child.story:
            _Year(child, days[child.now.place.brin], Random(f"{seed} {child.number}"), first).fill()


class _Year:
    """The school days of one child, filled from the first to the last."""

    def __init__(self, child: Child, days: SchoolDays, random: Random, first: date) -> None:
        self.child, self.school, self.random = child, days.school, random
        self.last = days.complete_through
        self.days = days.between(max(first, child.now.first), self.last)
        self.calendar = days
        small = child.now.group in {"groep 1", "groep 2"}
        self.frailty = random.gammavariate(3, 1 / 3) * (1.25 if small else 1.5 if self.school is HAVEN else 1)
        self.recovered = first
        self.truancy = TRUANT_DAYS if self.school is not PRIMARY and random.random() < TRUANTS else 0.0
        self.hard_from = self.hard_until = date.max
        if self.school is not PRIMARY and random.random() < HARD_TIMES:
            self.hard_from = first + timedelta(days=random.randrange(365))
            self.hard_until = self.hard_from + timedelta(weeks=random.randint(*HARD_WEEKS))

    def fill(self) -> None:
        self._take_holidays_early()
        index = 0
        while index < len(self.days):
            index += self._day(index)
        self.child.absences.sort(key=lambda row: (row.first, row.lesson or 0))

    def _day(self, index: int) -> int:
        """Decide one school day; how many school days were used."""
        day, random = self.days[index], self.random
        if any(row.covers(day) for row in self.child.absences):
            return 1
        resistance = RECOVERING if day < self.recovered else 1
        flu = FLU_CHANCE * exp(-((_days_from_peak(day) / FLU_WIDTH) ** 2)) * resistance
        ill = SICK_STARTS * self.frailty * WEEKDAY[day.weekday()] * SEASON[day.month] * resistance
        for chance, length, reason in (
            (LONG_ILLNESS * self.frailty, random.randint(*LONG_LENGTHS), "ziek"),
            (flu, _draw(random, FLU_LENGTHS), "ziek"),
            (ill, _draw(random, LENGTHS), "ziek"),
            (AUTHORISED, random.choice((1, 1, 1, 2)), "geoorloofd"),
            (UNKNOWN, 1, "onbekend"),
        ):
            if random.random() < chance:
                return self._spell(index, length, reason)
        self._part_of(day)
        return 1

    def _spell(self, index: int, length: int, reason: str) -> int:
        """An absence of whole school days; it stops before days that are taken already."""
        end = index
        while end + 1 < len(self.days) and end + 1 - index < length and not self._taken(self.days[end + 1]):
            end += 1
        reaches_the_end = end == len(self.days) - 1 and end + 1 - index < length
        last = None if reaches_the_end and self.random.random() < STAYS_OPEN else self.days[end]
        self.child.absences.append(AbsenceRow(self.days[index], last, reason))
        if reason == "ziek":
            self.recovered = self.days[end] + timedelta(days=RECOVERING_DAYS)
        return end + 1 - index

    def _taken(self, day: date) -> bool:
        return any(row.covers(day) for row in self.child.absences)

    def _part_of(self, day: date) -> None:
        """Lessons skipped, a visit to the doctor, or late: parts of one day."""
        random, add = self.random, self.child.absences.append
        lessons = self.school.week[day.weekday()] // (self.school.lesson_minutes or 60)
        truancy = HARD_DAYS if self.hard_from <= day <= self.hard_until else self.truancy
        if truancy and random.random() < truancy * (1.6 if day.weekday() == 4 else 1):
            skipped = min(random.choice((1, 1, 2, 2, 3)), lessons - 1)
            for lesson in range(lessons - skipped + 1, lessons + 1):
                reason = "onbekend" if random.random() < 0.2 else "ongeoorloofd"
                add(AbsenceRow(day, day, reason, lesson=lesson))
        elif random.random() < DOCTOR:
            if self.school is PRIMARY:
                add(AbsenceRow(day, day, "geoorloofd", minutes=random.choice((45, 60, 90, 120))))
            else:
                lesson = random.randint(1, lessons - 1)
                add(AbsenceRow(day, day, "geoorloofd", lesson=lesson))
                add(AbsenceRow(day, day, "geoorloofd", lesson=lesson + 1))
        elif random.random() < LATE:
            add(AbsenceRow(day, day, "telaat", minutes=random.choice((5, 5, 10, 10, 15, 20))))

    def _take_holidays_early(self) -> None:
        """One or two days off before or after a holiday: sometimes asked for, sometimes not."""
        random = self.random
        for before, after in pairwise(self.days):
            if (after - before).days <= 7 or random.random() >= LUXURY:
                continue
            edge = before if random.random() < 0.6 else after
            if self._taken(edge):
                continue
            at = bisect_left(self.days, edge)
            two = random.random() < 0.25 and 0 < at < len(self.days) - 1
            first = self.days[at - 1] if two and edge == before else edge
            last = self.days[at + 1] if two and edge == after else edge
            if not self._taken(first) and not self._taken(last):
                self.child.absences.append(AbsenceRow(first, last, random.choice(("luxe", "geoorloofd", "geoorloofd"))))


def _days_from_peak(day: date) -> int:
    return min(abs((day - date(year, *FLU_PEAK)).days) for year in (day.year - 1, day.year, day.year + 1))


def _draw(random: Random, weights: dict[int, int]) -> int:
    return random.choices(list(weights), list(weights.values()))[0]

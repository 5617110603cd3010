"""Whole registers made up by chance: some schools and their pupils as plain values, and what the rules are told.

Nothing here has seen a file or a database: what the engine has to be told follows from these values alone.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from attendance.engine.facts import (
    Absence,
    Enrolment,
    Exemption,
    Facts,
    Norm,
    Norms,
    OwnTimetable,
    Reading,
    Rule,
    School,
    Week,
)
from tests.attendance.calendars import calendar_of
from tests.attendance.strategies import DEFAULT_NORMS, OWN_WEEKS, WEEKS

Span = tuple[date, date | None]

PROPERTIES: dict[str, tuple[bool, bool | None, bool]] = {
    "ziek": (True, True, True),
    "ongeoorloofd": (True, False, False),
    "onbekend": (True, None, False),
    "geoorloofd": (True, True, False),
    "schorsing": (True, True, False),
    "luxe": (True, False, False),
    "digitaal": (True, True, False),
    "telaat": (True, None, False),
    "elders": (False, True, False),
}
"""Counts, authorised, sick."""
WHOLE_CODES = tuple(code for code in PROPERTIES if code != "telaat")
FINAL = ("diploma", "buitenland", "overleden")
LEAVING = (*FINAL, "andere_school", "overig", "")
SURNAMES = ("Jansen", "Citroën", "de Boer", "Öztürk", "El Amrani", "Visser", "Ng", "O'Brien")
FIRST_NAMES = ("Zoë", "Sam", "Noor", "Daan", "Anaïs", "Mo")
YEAR = 330
"""Days from the first of August over which things happen."""


@dataclass
class MadeSchool:
    """A school; `lesson` is the length of a lesson in minutes, if known."""

    brin: str
    sector: str
    region: str
    alliance: str
    lesson: int | None
    week: Week
    days: list[tuple[date, date, str]]
    complete_through: date | None = None

    @property
    def hour(self) -> int:
        return min(self.lesson or 60, 60) if self.sector == "vo" else 60


@dataclass
class Stay:
    """An enrolment; `place` is where the pupil is taught."""

    school: str
    place: str
    first: date
    last: date | None
    reason: str = ""


@dataclass
class Record:
    """An absence as a row says it: `minutes` may be left to the length of a lesson."""

    first: date
    last: date | None
    code: str
    minutes: int | None = None
    lesson: int | None = None

    @property
    def partial(self) -> bool:
        return self.minutes is not None or self.lesson is not None


@dataclass
class Child:
    number: str
    birth: date
    first_name: str
    surname: str
    pool: list[str]
    stays: list[Stay] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    timetables: list[tuple[date, date | None, Week]] = field(default_factory=list)
    exemptions: list[Span] = field(default_factory=list)

    def stay_on(self, day: date) -> Stay | None:
        return next((s for s in self.stays if s.first <= day and (s.last is None or day <= s.last)), None)


@dataclass
class Register:
    """Everything there is. `own_norm_from`: from when the second alliance counts weeks straight through, if it does."""

    start: date
    schools: dict[str, MadeSchool]
    children: list[Child]
    own_norm_from: date | None = None

    def facts(self) -> list[tuple[str, Facts]]:
        """What the rules are told of each pupil, with the pupil's number."""
        places = {
            brin: School(brin, calendar_of(s.region, tuple(s.days)), s.week, s.hour, s.complete_through)
            for brin, s in self.schools.items()
        }
        norms = {name: Norms(self.norms_of(name)) for name in {s.alliance for s in self.schools.values()}}
        return [(child.number, self.facts_of(child, places, norms)) for child in self.children]

    def norms_of(self, alliance: str) -> tuple[Norm, ...]:
        since = self.own_norm_from
        if since is None or alliance != OTHER_ALLIANCE:
            return DEFAULT_NORMS
        rows: list[Norm] = []
        for norm in DEFAULT_NORMS:
            if norm.rule in (Rule.HOME_2W, Rule.HOME_4W):
                rows.append(replace(norm, valid_until=since - timedelta(days=1)))
                rows.append(replace(norm, reading=Reading.CALENDAR, valid_from=since))
            else:
                rows.append(norm)
        return tuple(rows)

    def facts_of(self, child: Child, places: dict[str, School], norms: dict[str, Norms]) -> Facts:
        return Facts(
            enrolments=tuple(
                Enrolment(
                    s.first,
                    s.last,
                    places[s.place],
                    norms[self.schools[s.school].alliance],
                    final=s.last is not None and s.reason in FINAL,
                )
                for s in child.stays
            ),
            absences=tuple(
                Absence(r.first, r.last, self.minutes_of(child, r), *PROPERTIES[r.code]) for r in child.records
            ),
            timetables=tuple(OwnTimetable(*row) for row in child.timetables),
            exemptions=tuple(Exemption(*row) for row in child.exemptions),
        )

    def minutes_of(self, child: Child, record: Record) -> int | None:
        """Minutes of a part of a day, or of one lesson where the pupil is taught that day; None for whole days."""
        if record.minutes is not None or record.lesson is None:
            return record.minutes
        stay = child.stay_on(record.first)
        assert stay is not None
        return self.schools[stay.place].lesson

    def can_leave_minutes(self, child: Child, day: date) -> bool:
        """Whether a lesson of that day has a known length."""
        stay = child.stay_on(day)
        return stay is not None and self.schools[stay.place].lesson is not None


ALLIANCE = "SWV Noord-Oost"
OTHER_ALLIANCE = "Stichting Passend Onderwijs Ommelanden, één"


class Maker:
    """Makes one register up; the same seed, the same register."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.start = date(self.chance.randint(2023, 2027), 8, 1)

    def at(self, offset: int) -> date:
        return self.start + timedelta(days=offset)

    def some_day(self, most: int = YEAR) -> date:
        return self.at(self.chance.randint(15, most))

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def register(self, pupils: int = 15) -> Register:
        brins = ["00AB01", "20XY00", "11CD07", "00AB02"][: self.chance.choice((1, 2, 3, 3, 4))]
        schools = {brin: self.school(brin) for brin in brins}
        own_norm_from = self.chance.choice((self.start, self.some_day())) if self.maybe(0.4) else None
        register = Register(self.start, schools, [], own_norm_from)
        for number in range(pupils):
            pool = self.chance.sample(brins, self.chance.randint(1, len(brins)))
            register.children.append(self.child(f"{number:04}", pool, register))
        if len(brins) > 1:
            self.add_namesake(register)
        return register

    def add_namesake(self, register: Register) -> None:
        """Another child at another school with the same number, sometimes the same birthday or name."""
        for child in self.chance.sample(register.children, 2):
            if pool := [brin for brin in register.schools if brin not in child.pool]:
                other = self.child(child.number, pool, register)
                if self.maybe(0.3):
                    other.birth, other.surname = child.birth, child.surname + "-Smit"
                register.children.append(other)

    def school(self, brin: str) -> MadeSchool:
        sector = self.chance.choice(("po", "vo", "vo", "so"))
        lesson = self.chance.choice((45, 50, 70)) if sector == "vo" else self.chance.choice((None, None, 45))
        return MadeSchool(
            brin,
            sector,
            self.chance.choice(("noord", "midden", "zuid")),
            self.chance.choice((ALLIANCE, OTHER_ALLIANCE)),
            lesson,
            self.chance.choice(WEEKS),
            [
                (first, last or first, self.chance.choice(("vrij", "open")))
                for first, last in self.spans(self.chance.randint(0, 4), 12, may_be_open=False)
            ],
        )

    def spans(self, most: int, longest: int, *, may_be_open: bool = True) -> list[Span]:
        """Periods in order that do not overlap, often adjacent; the last one sometimes open."""
        found: list[Span] = []
        offset = self.chance.randint(0, 120)
        for _ in range(most):
            last = offset + self.chance.randint(0, longest)
            if offset > YEAR:
                break
            found.append((self.at(offset), self.at(last)))
            offset = last + 1 + self.chance.choice((0, 0, 1, 2, 5, 20, 60))
        if found and may_be_open and self.maybe(0.35):
            found[-1] = (found[-1][0], None)
        return found

    def child(self, number: str, pool: list[str], register: Register) -> Child:
        child = Child(
            number,
            date(self.start.year - self.chance.randint(4, 18), self.chance.randint(1, 12), self.chance.randint(1, 28)),
            self.chance.choice(FIRST_NAMES),
            self.chance.choice(SURNAMES),
            pool,
        )
        child.stays = self.stays(pool)
        child.records = self.records(child, register)
        if self.maybe(0.3):
            rows = self.spans(self.chance.randint(1, 3), self.chance.choice((6, 60)))
            child.timetables = [(first, last, self.chance.choice(OWN_WEEKS)) for first, last in rows]
        if self.maybe(0.15):
            child.exemptions = self.spans(self.chance.randint(1, 2), 40)
            if self.maybe(0.3):  # another ground at the same time
                first = child.exemptions[0][0] + timedelta(days=1)
                if first not in {span[0] for span in child.exemptions}:
                    child.exemptions.append((first, first + timedelta(days=self.chance.randint(0, 30))))
        return child

    def stays(self, pool: list[str]) -> list[Stay]:
        periods: list[Span] = [(self.at(self.chance.choice((0, 0, 0, -200, 17, 90))), None)]
        if self.maybe(0.35):
            first = periods[0][0]
            periods = []
            for _ in range(self.chance.randint(1, 3)):
                last = first + timedelta(days=self.chance.randint(5, 160))
                periods.append((first, last))
                first = last + timedelta(days=1 + self.chance.choice((0, 0, 1, 3, 30)))
            if self.maybe(0.5):
                periods[-1] = (periods[-1][0], None)
        found = []
        for first, end in periods:
            school = self.chance.choice(pool)
            place = self.chance.choice(pool) if self.maybe(0.2) else school
            found.append(Stay(school, place, first, end, self.chance.choice(LEAVING) if end else ""))
        return found

    def records(self, child: Child, register: Register) -> list[Record]:
        """Whole days that do not overlap, and parts of other days."""
        story = self.chance.choice(("none", "long", "lessons", "ill", "mixed", "mixed"))
        if story == "none":
            return []
        longest = {"long": 120, "lessons": 2, "ill": 9, "mixed": 25}[story]
        usual = {"long": "geoorloofd", "lessons": "ongeoorloofd", "ill": "ziek", "mixed": "onbekend"}[story]
        found = [Record(first, last, self.code(usual, WHOLE_CODES)) for first, last in self.spans(8, longest)]
        taken = [(r.first, r.last or date.max) for r in found]
        day = self.chance.randint(0, 100)
        for _ in range(self.chance.randint(5, 30) if story in ("lessons", "mixed") else self.chance.randint(0, 4)):
            day += self.chance.choice((1, 1, 1, 2, 3, 7))
            when = self.at(day)
            if not any(first <= when <= last for first, last in taken):
                found += self.parts(child, when, usual, register)
        return found

    def parts(self, child: Child, day: date, usual: str, register: Register) -> list[Record]:
        """A part of a day, or some lessons of it."""
        code = self.code(usual, tuple(PROPERTIES))
        if self.maybe(0.4):
            return [Record(day, day, code, self.chance.choice((10, 45, 60, 120, 300, 500)))]
        found = []
        for lesson in sorted(self.chance.sample(range(1, 9), self.chance.randint(1, 6))):
            bare = code != "telaat" and register.can_leave_minutes(child, day) and self.maybe(0.8)
            found.append(Record(day, day, code, None if bare else self.chance.choice((45, 50, 60)), lesson))
        return found

    def code(self, usual: str, codes: tuple[str, ...]) -> str:
        return usual if self.maybe(0.6) else self.chance.choice(codes)

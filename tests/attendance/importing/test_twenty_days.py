"""A school that sends its absence every day, for twenty school days, through the files that its system would make.

What the school knows is kept apart as plain values. After every day the signals have to be those that the naive rules
find in these, and nobody mends anything by hand in between.
"""

from __future__ import annotations

import io
import json
import os
import random
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import call_command
from pytest_django import Settings

from attendance.engine.facts import Absence, Enrolment, Facts, Norms, School, Week
from attendance.importing.result import ImportResult
from attendance.importing.run import run_import
from attendance.importing.undo import undo_import
from attendance.importing.unknown_codes import map_code
from attendance.models import Crossing, Reason
from tests import factories
from tests.attendance import naive
from tests.attendance.calendars import calendar_of
from tests.attendance.made_up_registers import PROPERTIES
from tests.attendance.strategies import DEFAULT_NORMS
from thuiszitters.accounts.models import School as SchoolRow

pytestmark = pytest.mark.django_db

FIRST = date(2025, 9, 1)
DAYS = [FIRST + timedelta(days=week * 7 + weekday) for week in range(4) for weekday in range(5)]
ENROLLED = date(2025, 8, 1)
LESSON = 50
WEEK: Week = (300, 300, 300, 300, 300)
NUMBERS = [f"{number:03}" for number in range(12)]
Key = tuple[str, date, int]
"""Pupil, first date, lesson."""
Line = tuple[str, str, str, str]


@dataclass(frozen=True)
class Said:
    """What the school knows of an absence."""

    last: date | None
    code: str
    lesson: int = 0


@dataclass
class Books:
    """The school's own system. `unmapped` codes are its own, that nobody here knows yet."""

    records: dict[Key, Said] = field(default_factory=dict)
    unmapped: set[str] = field(default_factory=set)
    meaning: dict[str, str] = field(default_factory=dict)
    through: date | None = None

    def put(self, number: str, first: date, last: date | None, code: str, lesson: int = 0) -> None:
        self.records[number, first, lesson] = Said(last, code, lesson)

    def facts(self, number: str, today: date) -> Facts:
        """What the rules are told of a pupil: dates with a code that nobody knows are not known."""
        absences, unknown = [], []
        for (who, first, _lesson), said in self.records.items():
            if who != number:
                continue
            if said.code in self.unmapped:
                unknown.append((first, said.last))
                continue
            minutes = LESSON if said.lesson else None
            absences.append(Absence(first, said.last, minutes, *PROPERTIES[self.meaning.get(said.code, said.code)]))
        days = (ENROLLED + timedelta(days=n) for n in range((today - ENROLLED).days + 1))
        taken = frozenset(
            day
            for day in days
            if self.through is not None
            and day <= self.through
            and not any(first <= day and (last is None or day <= last) for first, last in unknown)
        )
        school = School("99ZZ00", calendar_of("zuid"), WEEK, LESSON)
        return Facts((Enrolment(ENROLLED, None, school, Norms(DEFAULT_NORMS), taken),), tuple(absences))

    def signals(self, today: date) -> list[Line]:
        """By the naive rules, as `flag` prints them."""
        return sorted(
            (number, crossed_on.isoformat(), rule, start.isoformat())
            for number in NUMBERS
            for rule, start, crossed_on in naive.crossings(self.facts(number, today), today)
        )

    def file(self, chance: random.Random) -> bytes:
        """All that the books have, in any order, some of it twice."""
        rows = []
        for (number, first, lesson), said in self.records.items():
            written = (number, f"{first:%d-%m-%Y}", f"{said.last:%d-%m-%Y}" if said.last else "", said.code, lesson)
            rows += [";".join(map(str, (*written[:4], lesson or "")))] * chance.choice((1, 1, 1, 2, 3))
        chance.shuffle(rows)
        return "\n".join(["leerlingnummer;van;tot;reden;lesuur", *rows]).encode(chance.choice(("utf-8-sig", "cp1252")))


def flagged(today: date) -> list[Line]:
    with time_machine.travel(f"{today} 18:00", tick=False):
        out = StringIO()
        call_command("flag", stdout=out)
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    return [(row["pupil"], row["crossed_on"], row["rule"], row["from"]) for row in rows]


class Play:
    """Sends the books every day and compares."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.at: SchoolRow = factories.school(brin="99ZZ00", sector="vo", lesson_minutes=LESSON)
        for number in NUMBERS:
            factories.pupil(self.at, number=number)
        self.books = Books()
        self.asked = 0
        self.no_absence: set[str] = set()
        self.seen: set[str] = set()

    def take(self, content: bytes, today: date, through: date, *, confirmed: bool = False) -> ImportResult:
        return run_import(
            kind="absences",
            file=io.BytesIO(content),
            today=today,
            through=through,
            school=self.at,
            complete=(FIRST, today),
            confirmed=confirmed,
            queue_unknown=True,
        )

    def send(self, today: date, through: date | None = None) -> None:
        """The export of the day; when too much disappears at once, that is what the school says."""
        through = through or today
        content = self.books.file(self.chance)
        before = list(Crossing.objects.values())
        rehearsal = run_import(
            kind="absences",
            file=io.BytesIO(content),
            today=today,
            school=self.at,
            complete=(FIRST, today),
            queue_unknown=True,
            dry_run=True,
        )
        result = self.take(content, today, through)
        if not result.applied:
            assert result.needs_confirmation
            assert list(Crossing.objects.values()) == before
            self.asked += 1
            result = self.take(content, today, through, confirmed=True)
        assert result.refusals == []
        told = ("created", "updated", "unchanged", "refused", "waiting", "skipped", "would_withdraw", "standing")
        assert [getattr(rehearsal, name) for name in told] == [getattr(result, name) for name in told]
        if self.books.through is None or self.books.through < through:
            self.books.through = through
        self.compare(today)

    def send_wrong(self, today: date, content: bytes) -> None:
        """Somebody takes a wrong file for the export of the day, and undoes it."""
        right = self.books.signals(today)
        result = self.take(content, today, today, confirmed=True)
        assert result.register_import is not None
        assert flagged(today) != right
        done = undo_import(register_import=result.register_import, by=None, today=today)
        assert done.kept == []
        self.compare(today)

    def map(self, code: str, to: str | None, today: date) -> None:
        reason = Reason.objects.get(school=None, code=to) if to else None
        done = map_code(school=self.at, code=code, to=reason, by=None, today=today)
        assert done.refused == []
        self.books.unmapped.discard(code)
        if to:
            self.books.meaning[code] = to
        else:
            self.no_absence.add(code)
            self.books.records = {key: said for key, said in self.books.records.items() if said.code != code}
        self.compare(today)

    def compare(self, today: date) -> None:
        found = flagged(today)
        assert found == self.books.signals(today)
        self.seen |= {rule for _number, _crossed_on, rule, _start in found}


@pytest.fixture(autouse=True)
def no_tasks(settings: Settings) -> None:
    """What follows a crossing is not looked at here."""
    settings.FOLLOW_UP_TASKS = ()


def day_1(books: Books, today: date) -> None:
    books.put("000", today, None, "onbekend")
    books.put("001", today, None, "ziek")
    books.put("002", today, today, "ziek")
    books.put("009", today, DAYS[7], "ziek")


def ill_again(books: Books, today: date) -> None:
    books.put("002", today, today, "ziek")


def day_3(books: Books, _today: date) -> None:
    """onbekend → geoorloofd."""
    books.records["000", FIRST, 0] = Said(None, "geoorloofd")


def day_8(books: Books, _today: date) -> None:
    """Open → closed."""
    books.records["001", FIRST, 0] = Said(DAYS[6], "ziek")


def day_9(books: Books, today: date) -> None:
    """A code of the school's own, and somebody who is entered a week late."""
    ill_again(books, today)
    books.unmapped.add("ZK")
    books.put("004", today, None, "ZK")
    books.put("009", today, today, "ZK")
    books.put("005", DAYS[0], DAYS[5], "ongeoorloofd")


def day_10(books: Books, today: date) -> None:
    books.put("007", today, None, "ziek")
    books.put("009", today, None, "ziek")


def day_11(books: Books, _today: date) -> None:
    """The class that came late is in it now."""
    books.put("006", DAYS[9], None, "ongeoorloofd")


def day_13(books: Books, _today: date) -> None:
    """Some rows were a mistake, and one had another first date."""
    for key in [key for key in books.records if key[0] == "003" and key[1] == DAYS[7]]:
        del books.records[key]
    del books.records["006", DAYS[9], 0]
    books.put("006", DAYS[10], None, "ongeoorloofd")


def day_16(books: Books, today: date) -> None:
    books.unmapped.add("HV")
    books.put("008", today, today, "HV")


EVENTS = {
    1: day_1, 3: day_3, 5: ill_again, 8: day_8, 9: day_9, 10: day_10, 11: day_11, 12: ill_again, 13: day_13, 16: day_16,
}  # fmt: skip
MAPPED = {11: ("ZK", "ziek"), 18: ("HV", None)}


def test_twenty_days_of_one_school() -> None:
    play = Play(1)
    for number, today in enumerate(DAYS, start=1):
        if number == 15:
            rows = "".join(f"\n{who};01-09-2025;;ongeoorloofd;" for who in NUMBERS[:9])
            play.send_wrong(today, f"leerlingnummer;van;tot;reden;lesuur{rows}".encode())
        if number <= 8:  # four lessons a day: the 16 hours are full on the fourth
            for lesson in range(1, 5):
                play.books.put("003", today, today, "ongeoorloofd", lesson)
        if number in EVENTS:
            EVENTS[number](play.books, today)
        # On the tenth day one class is late, so that the school is complete through the day before.
        play.send(today, DAYS[8] if number == 10 else today)
        if number == 11:
            # The 9th day is not known yet: it neither ends the run nor counts, so the two weeks are full today.
            assert ("009", f"{today}", "thuis-2w", f"{FIRST}") in flagged(today)
        if number in MAPPED:
            play.map(*MAPPED[number], today)

    assert play.asked > 0
    assert play.seen == {"thuis-2w", "thuis-4w", "uren-16", "ziek-4x", "ziek-7d"}


def seeds() -> range:
    """The schools to try; TWENTY_DAYS=100 tries so many."""
    return range(int(os.environ.get("TWENTY_DAYS", "3")))


class Chance(Play):
    """The same by chance."""

    def day(self, today: date) -> None:
        """Something happens to some pupils."""
        for number in self.chance.sample(NUMBERS, self.chance.randint(0, 4)):
            of_pupil = {key: said for key, said in self.books.records.items() if key[0] == number}
            known = {key: said for key, said in of_pupil.items() if said.code not in self.books.unmapped}
            whole = {key: said for key, said in known.items() if not key[2]}
            running = next((key for key, said in whole.items() if said.last is None or said.last >= today), None)
            event = self.chance.choice(("new", "new", "close", "close", "drop", "reason", "lessons", "unknown"))
            if event == "drop" and known:
                del self.books.records[self.chance.choice(sorted(known))]
            elif event == "reason" and whole:
                key = self.chance.choice(sorted(whole))
                self.books.records[key] = replace(whole[key], code=self.code())
            elif event == "close" and running and running[1] < today:
                last = today - timedelta(days=self.chance.choice((0, 1)))
                self.books.records[running] = replace(whole[running], last=max(last, running[1]))
            elif not any(key[1] == today or said.last is None or said.last >= today for key, said in of_pupil.items()):
                if event == "lessons":
                    for lesson in self.chance.sample(range(1, 7), self.chance.randint(1, 6)):
                        self.books.put(number, today, today, self.code(), lesson)
                elif event == "unknown":
                    code = self.chance.choice(("AA", "BB", "CC"))
                    if code in self.no_absence:
                        continue
                    if code not in self.books.meaning:
                        self.books.unmapped.add(code)
                    self.books.put(number, today, self.chance.choice((None, today)), code)
                else:
                    self.books.put(number, today, self.chance.choice((None, None, today)), self.code())

    def code(self) -> str:
        return self.chance.choice(("ziek", "ziek", "ongeoorloofd", "ongeoorloofd", "onbekend", "geoorloofd", "elders"))

    def wrong(self, today: date) -> bytes:
        """A file of something else: other absences, of some of the same numbers."""
        other = Books()
        for number in self.chance.sample(NUMBERS, 8):
            other.put(number, FIRST + timedelta(days=self.chance.choice((0, 1))), None, self.code())
        other.put(self.chance.choice(NUMBERS), today, today, "ongeoorloofd", 7)
        return other.file(self.chance)


@pytest.mark.parametrize("seed", seeds())
def test_twenty_days_by_chance(seed: int) -> None:
    play = Chance(seed)
    for today in DAYS:
        if play.chance.random() < 0.2:
            undo_wrong(play, today)
        play.day(today)
        late = play.chance.random() < 0.15
        play.send(today, today - timedelta(days=1) if late else today)
        for code in sorted(play.books.unmapped):
            if play.chance.random() < 0.3:
                play.map(code, play.chance.choice(("ziek", "ongeoorloofd", None)), today)
        if play.chance.random() < 0.3:
            play.send(today)


def undo_wrong(play: Chance, today: date) -> None:
    """A wrong file, which may happen to give the same signals, and its undoing."""
    result = play.take(play.wrong(today), today, today, confirmed=True)
    assert result.register_import is not None
    assert undo_import(register_import=result.register_import, by=None, today=today).kept == []
    play.compare(today)

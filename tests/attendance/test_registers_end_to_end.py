"""From files to `flag`, as somebody outside would use it, against the naive rules on values that never saw a database.

Each register is made up from its number. REGISTERS=500 tries so many of them, REGISTERS=1000-1500 these.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.db import transaction
from pytest_django import Settings

from attendance.engine.facts import Reading, Rule
from attendance.importing.result import ImportResult
from attendance.importing.run import run_import
from attendance.models import Crossing, CrossingChange, NormRow, RegisterImport
from tests.attendance import naive
from tests.attendance.earlier_registers import earlier
from tests.attendance.made_up_registers import OTHER_ALLIANCE, Maker, Register
from tests.attendance.register_files import Files
from thuiszitters.accounts.models import Alliance, School

pytestmark = pytest.mark.django_db

Line = tuple[str, str, str, str]
"""Pupil, crossed_on, rule, from: in the order in which they are printed."""
Stored = list[tuple[str, date, str, str, date, date]]


def numbers() -> range:
    """The registers to try."""
    first, _, last = os.environ.get("REGISTERS", "30").rpartition("-")
    return range(int(first or 0), int(last))


@pytest.fixture(autouse=True)
def no_tasks(settings: Settings) -> None:
    """What follows a crossing is not looked at here."""
    settings.FOLLOW_UP_TASKS = ()


def flag(*arguments: str) -> list[Line]:
    out = StringIO()
    call_command("flag", *arguments, stdout=out)
    rows = [json.loads(line) for line in out.getvalue().splitlines()]
    return [(row["pupil"], row["crossed_on"], row["rule"], row["from"]) for row in rows]


def expected(register: Register, until: date) -> list[Line]:
    """What `flag` has to print, by the naive rules."""
    return sorted(
        (number, crossed_on.isoformat(), rule, start.isoformat())
        for number, facts in register.facts()
        for rule, start, crossed_on in naive.crossings(facts, until)
    )


def as_of(lines: Iterable[Line], day: date) -> list[Line]:
    """What there was to print on an earlier day: no rule looks ahead."""
    return [line for line in lines if line[1] <= day.isoformat()]


def everything() -> dict[str, Any]:
    """All rows of the application, but for the record of the imports themselves."""
    models = [m for label in ("accounts", "attendance", "cases") for m in apps.get_app_config(label).get_models()]
    return {m.__name__: list(m._default_manager.order_by("pk").values_list()) for m in models if m != RegisterImport}


def stored() -> Stored:
    """The stored crossings that stand, suggestions left out: one that once held goes on standing."""
    rows = Crossing.objects.standing().exclude(rule="structureel")
    fields = ("pupil__number", "pupil__birth_date", "pupil__surname_key", "rule", "start", "crossed_on")
    return sorted(rows.values_list(*fields))


class Office:
    """Sends the files of a register, and keeps in mind what is complete through when."""

    def __init__(self, maker: Maker) -> None:
        self.maker = maker
        self.complete: dict[str, date] = {}

    def send(self, register: Register, today: date, through: date | None, *, shuffled: bool) -> None:
        """Import everything, each file as a rehearsal first and once more afterwards."""
        chance = self.maker.chance
        files = Files(register, chance)
        work: list[tuple[str, bytes | None, dict[str, Any]]] = [
            ("schools", files.schools(), {}),
            ("pupils", files.pupils(), {}),
        ]
        rest: list[tuple[str, bytes | None, dict[str, Any]]] = [
            ("calendar", files.calendar(), {}),
            ("timetables", files.timetables(), {}),
            ("exemptions", files.exemptions(), {}),
            *self.absences(register, files, through),
        ]
        if shuffled:
            chance.shuffle(rest)
        for kind, content, options in work + rest:
            if content is not None:
                self.import_thrice(kind, content, today, options)
            if kind == "schools":
                self.set_norms(register)
        for brin, day in self.complete.items():
            register.schools[brin].complete_through = day
        assert dict(School.objects.exclude(complete_through=None).values_list("brin", "complete_through")) == (
            self.complete
        )

    def import_thrice(self, kind: str, content: bytes, today: date, options: dict[str, Any]) -> None:
        def run(**more: Any) -> ImportResult:
            named = {"school": School.objects.get(brin=options["school"])} if "school" in options else {}
            return run_import(kind=kind, file=io.BytesIO(content), today=today, **{**options, **named, **more})

        checked = self.maker.maybe(0.2)
        before = everything() if checked else {}
        rehearsal = run(dry_run=True) if checked else None
        assert not checked or everything() == before
        real = run(all_or_nothing=self.maker.maybe(0.3))
        assert [str(refusal) for refusal in real.refusals] == []
        assert rehearsal is None or rehearsal.summary == real.summary
        before = everything() if checked else {}
        again = run()
        rows = real.created + real.updated + real.unchanged
        assert again.summary == f"0 created, 0 updated, {rows} unchanged, 0 refused"
        assert not checked or everything() == before

    def absences(
        self, register: Register, files: Files, through: date | None
    ) -> Iterator[tuple[str, bytes | None, dict[str, Any]]]:
        """One file for all schools, or one a school; and what the date of completeness then means."""
        chance = self.maker.chance
        options: dict[str, Any] = {} if through is None else {"through": through}
        children = [child for child in register.children if child.records]
        if chance.random() < 0.5:
            if through is not None:
                self.note({stay.place for child in children if (stay := child.stay_on(through))}, through)
            yield "absences", files.absences(children), options
            return
        by_school: dict[str, list[Any]] = {}
        for child in children:
            stay = chance.choice(child.stays)
            by_school.setdefault(chance.choice((stay.school, stay.place)), []).append(child)
        for brin, there in by_school.items():
            if through is not None:
                self.note({brin}, through)
            yield "absences", files.absences(there, name_school=chance.random() < 0.3), {**options, "school": brin}

    def close(self, today: date) -> None:
        """Say of each school that nobody else was absent: an empty file does."""
        for school in School.objects.order_by("pk"):
            run_import(
                kind="absences",
                file=io.BytesIO(b"leerlingnummer;van;reden\n"),
                today=today,
                through=today,
                school=school,
            )
            self.note({school.brin}, today)

    def note(self, brins: set[str], through: date) -> None:
        for brin in brins:
            self.complete[brin] = max(through, self.complete.get(brin, through))

    def set_norms(self, register: Register) -> None:
        """The other alliance counts weeks straight through."""
        alliance = Alliance.objects.filter(name=OTHER_ALLIANCE).first()
        if register.own_norm_from is None or alliance is None:
            return
        for rule, amount, days in ((Rule.HOME_2W, 10, 14), (Rule.HOME_4W, 20, 28)):
            NormRow.objects.get_or_create(
                alliance=alliance,
                rule=rule.value,
                defaults={
                    "amount": amount,
                    "reading": Reading.CALENDAR.value,
                    "calendar_days": days,
                    "valid_from": register.own_norm_from,
                    "source": "het verband",
                },
            )


def at(day: date) -> Any:
    return time_machine.travel(f"{day} 12:00", tick=False)


@pytest.mark.parametrize("number", numbers())
def test_files_come_out_as_the_rules_say(number: int) -> None:
    maker = Maker(number)
    final = maker.register()
    first_day, last_day = maker.some_day(240), maker.some_day(150) + timedelta(days=240)
    first_through = maker.chance.choice((None, first_day, first_day - timedelta(days=maker.chance.randint(1, 40))))
    last_through = maker.chance.choice(
        (None, last_day, last_day, last_day - timedelta(days=maker.chance.randint(1, 40)))
    )
    before = earlier(final, maker, first_day)
    office = Office(maker)

    with at(first_day):
        office.send(before, first_day, first_through, shuffled=False)
        lines = expected(before, first_day)
        assert flag() == lines
        assert_earlier_days_too(lines, maker, first_day)

    with at(last_day):
        assert flag() == expected(before, last_day)  # time alone
        office.send(final, last_day, last_through, shuffled=True)
        lines = expected(final, last_day)
        imported = stored()
        assert [(row[0], row[5].isoformat(), row[3], row[4].isoformat()) for row in in_order(imported)] == lines
        assert_earlier_days_too(lines, maker, last_day)
        assert flag() == lines
        changes = changes_of_crossings()
        assert flag("--rebuild") == lines
        assert flag("--as-of", f"{last_day:%d-%m-%Y}") == lines
        assert (stored(), changes_of_crossings()) == (imported, changes)


def changes_of_crossings() -> int:
    return CrossingChange.objects.exclude(crossing__rule="structureel").count()


def in_order(rows: Stored) -> Stored:
    return sorted(rows, key=lambda row: (row[0], row[5], row[3], row[4]))


def assert_earlier_days_too(lines: list[Line], maker: Maker, today: date) -> None:
    """`flag --as-of` some days before today, and of one pupil."""
    yesterday = today - timedelta(days=1)
    for day in (yesterday, maker.some_day(), maker.some_day(), maker.start - timedelta(days=1)):
        if day < today:
            assert flag("--as-of", day.isoformat()) == as_of(lines, day)
    number = f"{maker.chance.randint(0, 14):04}"
    of_one = [line for line in as_of(lines, yesterday) if line[0] == number]
    assert flag("--pupil", number, "--as-of", yesterday.isoformat()) == of_one


def test_naive_rules_do_not_look_ahead() -> None:
    """What the other test rests on when it takes an earlier day from the lines of a later one."""
    maker = Maker(1)
    register = maker.register(6)
    for day in (maker.some_day(), maker.some_day()):
        assert expected(register, day) == as_of(expected(register, maker.at(400)), day)


@pytest.mark.parametrize("number", [0, 3, 5, 8])
def test_corrected_register_is_as_one_that_was_right_at_once(number: int) -> None:
    maker = Maker(number)
    final = maker.register()
    first_day, last_day = maker.some_day(240), maker.some_day(150) + timedelta(days=240)
    before = earlier(final, maker, first_day)

    with at(last_day), transaction.atomic():
        office = Office(maker)
        office.send(final, last_day, None, shuffled=False)
        office.close(last_day)
        right_at_once = stored()
        transaction.set_rollback(True)

    assert right_at_once != []
    assert not Crossing.objects.exists()
    office = Office(maker)
    with at(first_day):
        office.send(before, first_day, first_day, shuffled=False)
        office.close(first_day)
    with at(last_day):
        office.send(final, last_day, None, shuffled=True)
        office.close(last_day)
        assert stored() == right_at_once

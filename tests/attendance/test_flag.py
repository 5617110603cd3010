"""`manage.py flag`: what it prints, what it stores, what it refuses."""

from __future__ import annotations

import json
from datetime import date
from io import StringIO
from typing import Any

import pytest
import time_machine
from django.core.management import CommandError, call_command

from attendance.models import Absence, Crossing, Pupil, PupilClock
from tests import factories
from tests.attendance.test_worked_examples import EXAMPLES
from thuiszitters.accounts.models import School

pytestmark = pytest.mark.django_db
TODAY = "2026-03-02 12:00"


def flag(*arguments: str) -> list[dict[str, Any]]:
    out = StringIO()
    call_command("flag", *arguments, stdout=out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def store(example: str) -> Pupil:
    """The facts of a worked example as rows."""
    facts, as_of, _ = EXAMPLES[example]
    region = facts.enrolments[0].school.calendar.region
    child = factories.pupil(factories.school(region=region, complete_through=as_of), number="1234")
    for row in facts.absences:
        code = {(True, True): "ziek", (True, False): "geoorloofd", (False, False): "ongeoorloofd"}[
            (bool(row.authorised), row.sick)
        ]
        factories.absence(child, row.first, row.last, code, minutes=row.minutes)
    return child


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("how", [[], ["--rebuild"]])
def test_flag_prints_worked_example(example: str, how: list[str]) -> None:
    store(example)
    _, as_of, expected = EXAMPLES[example]

    with time_machine.travel(f"{as_of} 12:00"):
        once, twice = flag(*how), flag(*how)

    found = [(row["rule"], row["from"], row["crossed_on"]) for row in once]
    assert found == expected
    assert [list(row)[:4] for row in once] == [["pupil", "rule", "from", "crossed_on"]] * len(once)
    assert once == twice
    assert Crossing.objects.exclude(rule="structureel").count() == len(expected)


@pytest.mark.parametrize("example", EXAMPLES)
def test_flag_as_of_the_past_prints_the_same_and_stores_nothing(example: str) -> None:
    store(example)
    _, as_of, expected = EXAMPLES[example]

    with time_machine.travel("2026-11-20 12:00"):
        rows = flag("--as-of", as_of)

    assert [(row["rule"], row["from"], row["crossed_on"]) for row in rows] == expected
    assert not Crossing.objects.exists()
    assert not PupilClock.objects.exists()


@time_machine.travel(TODAY)
def test_flag_as_of_reads_both_ways_of_writing_a_date() -> None:
    store("authorised, open: the Christmas holiday is skipped")

    assert flag("--as-of", "12-12-2025") == flag("--as-of", "2025-12-12")
    assert [row["rule"] for row in flag("--as-of", "12-12-2025")] == ["thuis-2w"]
    assert flag("--as-of", "11-12-2025") == []


@time_machine.travel(TODAY)
@pytest.mark.parametrize("text", ["2026-03-03", "03-03-2026"])
def test_flag_refuses_the_future(text: str) -> None:
    with pytest.raises(CommandError, match="2026-03-03 moet nog komen"):
        flag("--as-of", text)


@time_machine.travel(TODAY)
@pytest.mark.parametrize("text", ["31-02-2026", "gisteren", "2026"])
def test_flag_refuses_what_is_no_date(text: str) -> None:
    with pytest.raises(CommandError, match="is geen datum"):
        flag("--as-of", text)


def at_home(at: School, number: str, first: date) -> Pupil:
    child = factories.pupil(at, number=number)
    Absence.objects.create(pupil=child, first=first, reason=factories.reason("geoorloofd"))
    return child


@time_machine.travel(TODAY)
@pytest.mark.parametrize("when", [[], ["--as-of", "2026-02-27"]])
def test_flag_sorts_by_number_then_date_then_rule(when: list[str]) -> None:
    school = factories.school(complete_through=date(2026, 3, 1))
    later = at_home(school, "9", date(2026, 2, 2))
    earlier = at_home(factories.school(), "9", date(2026, 1, 12))
    at_home(school, "10", date(2026, 1, 12))

    rows = flag(*when)

    assert [(row["pupil"], row["crossed_on"], row["rule"], row["code"]) for row in rows] == sorted(
        (row["pupil"], row["crossed_on"], row["rule"], row["code"]) for row in rows
    )
    assert [row["pupil"] for row in rows] == ["10", "10", "9", "9", "9"]
    assert {row["code"] for row in rows if row["pupil"] == "9"} == {str(later.code), str(earlier.code)}
    assert flag("--pupil", "9", *when) == rows[2:]


@time_machine.travel(TODAY)
def test_flag_prints_no_suggestions_and_nothing_withdrawn() -> None:
    child = at_home(factories.school(complete_through=date(2026, 3, 1)), "1", date(2026, 2, 2))
    flag()
    assert Crossing.objects.filter(rule="structureel").count() == 1
    Absence.objects.filter(pupil=child).update(withdrawn_at=date(2026, 3, 2).isoformat() + "T10:00Z")

    assert [row["rule"] for row in flag()] == ["thuis-2w"]
    assert flag("--rebuild") == []


@time_machine.travel(TODAY)
def test_flag_of_an_unknown_number_prints_nothing() -> None:
    at_home(factories.school(), "1", date(2026, 1, 12))

    assert flag("--pupil", "2") == []


@time_machine.travel(TODAY)
def test_flag_as_table_has_a_line_for_each() -> None:
    at_home(factories.school(), "1", date(2026, 2, 2))
    out = StringIO()

    call_command("flag", "--format", "table", stdout=out)

    head, line = out.getvalue().splitlines()
    assert head.split() == ["leerling", "regel", "vanaf", "gepasseerd", "op"]
    assert line.split() == ["1", "thuis-2w", "2026-02-02", "2026-02-13"]

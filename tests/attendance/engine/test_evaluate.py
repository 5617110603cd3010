"""What an evaluation tells besides crossings."""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import timedelta

import pytest

from attendance.engine.evaluate import evaluate
from attendance.engine.facts import Absence, Facts
from tests.attendance.engine.pupils import away, d, enrolled, pupil, school
from tests.attendance.engine.random_pupils import random_facts

OPEN = {
    "nothing": (pupil(), "12-09-2025", None),
    "back at school": (pupil(away("ziek", "04-09-2025")), "12-09-2025", None),
    "at home": (pupil(away("ziek", "04-09-2025", None)), "12-09-2025", "04-09-2025"),
    "nobody knows whether back": (
        pupil(away("geoorloofd", "04-09-2025"), at=school(through="04-09-2025")),
        "12-09-2025",
        "04-09-2025",
    ),
    "sick in part, and nobody knows": (
        pupil(away("ziek", "04-09-2025", minutes=20), at=school(through="04-09-2025")),
        "12-09-2025",
        "04-09-2025",
    ),
    "an unknown date in an ended run": (
        pupil(
            away("geoorloofd", "04-09-2025"),
            away("geoorloofd", "09-09-2025"),
            enrolments=[enrolled(school(through=None), taken=["10-09-2025"])],
        ),
        "12-09-2025",
        "18-08-2025",  # two missed of what may be two known: the share can still come to stand
    ),
}


@pytest.mark.parametrize(("facts", "as_of", "expected"), OPEN.values(), ids=OPEN)
def test_open_since_is_the_start_of_what_later_knowledge_can_change(
    facts: Facts, as_of: str, expected: str | None
) -> None:
    assert evaluate(facts, d(as_of)).open_since == (None if expected is None else d(expected))


def test_open_since_the_window_of_a_share_that_may_fall() -> None:
    at = school(through="26-09-2025")
    facts = pupil(away("geoorloofd", "01-09-2025", "12-09-2025"), at=at)

    # Lesson weeks back from 10 October: six, from 1 September on.
    assert evaluate(facts, d("10-10-2025")).open_since == d("01-09-2025")


@pytest.mark.parametrize("seed", range(80))
def test_later_knowledge_changes_nothing_of_a_pupil_with_nothing_open(seed: int) -> None:
    facts = random_facts(seed)
    day = d("01-11-2025") + timedelta(days=seed % 100)

    found = evaluate(facts, day)
    if found.open_since is None:
        informed = replace(
            facts,
            enrolments=tuple(
                replace(row, school=replace(row.school, complete_through=day)) for row in facts.enrolments
            ),
        )
        later = evaluate(informed, day)
        assert later.crossings == found.crossings
        assert (later.home, later.unauthorised) == (found.home, found.unauthorised)
        assert (later.structural is None) == (found.structural is None)


@pytest.mark.parametrize("seed", range(60))
def test_as_of_a_date_is_the_prefix_of_as_of_a_later_one(seed: int) -> None:
    facts = random_facts(seed)
    all_of_them = evaluate(facts, d("01-05-2026")).crossings

    for day in (d("15-10-2025"), d("12-12-2025"), d("01-02-2026")):
        assert evaluate(facts, day).crossings == tuple(row for row in all_of_them if row.crossed_on <= day)


@pytest.mark.parametrize("seed", range(40))
def test_order_and_splitting_of_records_change_nothing(seed: int) -> None:
    facts = random_facts(seed)
    parts: list[Absence] = []
    for row in facts.absences:
        if row.minutes is None and row.last is not None and row.last > row.first:
            parts += [replace(row, last=row.first), replace(row, first=row.first + timedelta(days=1))]
        else:
            parts.append(row)
    random.Random(seed).shuffle(parts)

    assert evaluate(replace(facts, absences=tuple(parts)), d("01-03-2026")) == evaluate(facts, d("01-03-2026"))

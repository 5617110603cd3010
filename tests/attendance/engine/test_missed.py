"""How much was missed and why, over known dates only. A school day is 300 minutes; September 2025 has no holiday."""

from __future__ import annotations

from datetime import timedelta

import pytest

from attendance.engine.explain import days
from attendance.engine.facts import Facts, Kind
from attendance.engine.missed import Cause, Share, capped, looked, percentage
from tests.attendance.engine.pupils import away, d, enrolled, exempt, own, pupil, school
from tests.attendance.engine.random_pupils import random_facts

FIRST, LAST = d("01-09-2025"), d("12-09-2025")
"""Two weeks: ten school days, 3000 minutes."""


def share(facts: Facts) -> Share:
    return looked(facts, FIRST, LAST).share(FIRST, LAST)


@pytest.mark.parametrize(
    ("part", "whole", "expected"),
    [
        (0, 0, None),
        (0, 300, 0),
        (1, 100_000, 1),
        (299, 300, 99),
        (300, 300, 100),
        (15, 1000, 2),
        (149, 10_000, 1),
        (999, 1000, 99),
    ],
)
def test_some_is_never_nothing_and_never_all(part: int, whole: int, expected: int | None) -> None:
    assert percentage(part, whole) == expected


def test_whole_days_and_parts_are_counted_in_minutes() -> None:
    found = share(pupil(away("ziek", "02-09-2025"), away("ongeoorloofd", "04-09-2025", minutes=60)))

    assert found == Share(days=10, missed=360, expected=3000, left_out=0, standard=3000)
    assert (found.of_own, found.of_standard) == (12, 12)


def test_only_dates_of_the_period_count() -> None:
    facts = pupil(away("ziek", "25-08-2025", "01-09-2025"), away("ziek", "12-09-2025", None))

    assert share(facts).missed == 600


def test_what_does_not_count_as_absence_is_not_missed() -> None:
    assert share(pupil(away("elders", "02-09-2025", "05-09-2025"))).missed == 0


def test_an_own_timetable_is_left_out_of_the_standard() -> None:
    found = share(pupil(own((300, 0, 150, 0, 0), "01-09-2025"), away("ziek", "01-09-2025")))

    assert found == Share(days=10, missed=300, expected=900, left_out=2100, standard=3000)
    assert (found.of_own, found.of_standard) == (33, 80)


def test_at_home_by_agreement_has_no_share_of_its_own_timetable() -> None:
    found = share(pupil(own((0, 0, 0, 0, 0), "01-09-2025")))

    assert (found.of_own, found.of_standard) == (None, 100)


def test_an_own_timetable_above_the_standard_makes_up_for_nothing() -> None:
    assert share(pupil(own((400, 200, 300, 300, 300), "01-09-2025"))).left_out == 200


@pytest.mark.parametrize(("through", "known"), [("05-09-2025", 5), ("08-09-2025", 6), (None, 0)])
def test_dates_that_nobody_looked_at_are_left_out(through: str | None, known: int) -> None:
    facts = pupil(away("ziek", "01-09-2025", None), at=school(through=through))

    assert (share(facts).days, share(facts).missed) == (known, 300 * known)


def test_a_register_makes_a_date_known() -> None:
    at = school(through=None)
    facts = pupil(away("ziek", "02-09-2025", None), enrolments=[enrolled(at, taken=["02-09-2025", "03-09-2025"])])

    assert (share(facts).days, share(facts).missed) == (2, 600)


def test_exempt_dates_and_dates_before_the_enrolment_are_left_out() -> None:
    facts = pupil(exempt("08-09-2025", "10-09-2025"), enrolments=[enrolled(first="03-09-2025")])

    assert share(facts).days == 5


@pytest.mark.parametrize(
    ("causes", "most", "expected"),
    [
        ({Cause.SICK: 200, Cause.AUTHORISED: 100}, 300, {Cause.SICK: 200, Cause.AUTHORISED: 100}),
        ({Cause.SICK: 200, Cause.AUTHORISED: 200}, 300, {Cause.SICK: 200, Cause.AUTHORISED: 100}),
        ({Cause.SICK: 200, Cause.UNAUTHORISED: 200}, 300, {Cause.UNAUTHORISED: 200, Cause.SICK: 100}),
        ({Cause.UNDECIDED: 400}, 300, {Cause.UNDECIDED: 300}),
    ],
)
def test_parts_of_a_date_are_never_more_than_the_date(
    causes: dict[Cause, int], most: int, expected: dict[Cause, int]
) -> None:
    assert capped(causes, most) == expected


@pytest.mark.parametrize("seed", range(150))
def test_it_agrees_with_the_explanation_of_each_date(seed: int) -> None:
    """The page shows both: what the heat calendar shows as missed is what the percentage counts."""
    facts = random_facts(seed)
    first = min((row.first for row in facts.enrolments), default=FIRST)
    last = first + timedelta(days=300)
    found = looked(facts, first, last)
    known = {
        day.day.toordinal(): day
        for day in days(facts, first, last)
        if day.day.toordinal() in found.standard and day.kind is not Kind.EXEMPT
    }

    assert {ordinal: day.expected for ordinal, day in known.items()} == dict(found.expected)
    assert {ordinal: day.missed for ordinal, day in known.items() if day.missed} == {
        ordinal: sum(causes.values()) for ordinal, causes in found.missed.items()
    }

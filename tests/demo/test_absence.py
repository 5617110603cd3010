"""The absence of everybody else is believable."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise

from thuiszitters.demo.generate import Demo, generate
from thuiszitters.demo.records import Child
from thuiszitters.demo.schools import COLLEGE

TODAY = date(2026, 11, 21)


@lru_cache
def demo() -> Demo:
    return generate(today=TODAY)


def absent(children: list[Child], wanted: int | None = None, months: set[int] | None = None) -> float:
    """Per cent of the pupils absent on a school day, all days or those of a weekday or of some months."""
    gone = expected = 0
    for child in children:
        days = demo().days[child.now.place.brin]
        for day in days.between(max(TODAY - timedelta(days=365), child.now.first), days.complete_through):
            if (wanted is None or day.weekday() == wanted) and (months is None or day.month in months):
                expected += 1
                gone += any(row.whole_days and row.covers(day) for row in child.absences)
    return 100 * gone / expected


def test_some_900_pupils() -> None:
    assert 850 <= len(demo().children) <= 950


def test_five_to_six_per_cent_is_absent_on_a_day() -> None:
    assert 5 <= absent(demo().children) <= 6


def test_winter_has_its_flu() -> None:
    winter, summer = absent(demo().children, months={1, 2}), absent(demo().children, months={5, 6, 9})
    assert winter > 1.5 * summer


def test_mondays_and_fridays_are_emptier() -> None:
    by_weekday = [absent(demo().children, weekday) for weekday in range(5)]
    assert min(by_weekday[0], by_weekday[4]) > max(by_weekday[1:4])


def test_lessons_are_missed_in_vo_only() -> None:
    reasons = Counter(
        (child.now.place.sector, row.reason) for child in demo().children for row in child.absences if row.lesson
    )
    assert {sector for sector, _ in reasons} == {"vo"}
    assert reasons["vo", "ongeoorloofd"] > 100


def test_holidays_are_lengthened_without_leave() -> None:
    calendar = demo().days[COLLEGE.brin].calendar
    luxury = [row for child in demo().children for row in child.absences if row.reason == "luxe"]
    assert len(luxury) > 20
    for row in luxury:
        assert row.last is not None
        around = (row.first - timedelta(days=3), row.last + timedelta(days=3))
        assert not all(calendar.is_school_day(day) for day in around)


def test_no_two_records_claim_the_same_minutes() -> None:
    for child in demo().children:
        whole = [row for row in child.absences if row.whole_days]
        parts = [row for row in child.absences if not row.whole_days]
        for earlier, later in pairwise(whole):
            assert earlier.last is not None
            assert earlier.last < later.first
        assert not [part for part in parts for row in whole if row.covers(part.first)]
        keys = [(row.first, row.lesson) for row in child.absences]
        assert len(keys) == len(set(keys))


def test_numbers_are_no_bsn_and_nobody_shares_one() -> None:
    numbers = [child.number for child in demo().children]
    assert len(set(numbers)) == len(numbers)
    assert {len(number) for number in numbers} == {6}


def test_same_seed_and_date_give_the_same_children() -> None:
    again = generate(today=TODAY)
    assert again.children == demo().children
    assert generate(today=TODAY, seed=7).children != demo().children

"""Public holidays and working days."""

from __future__ import annotations

from datetime import date

import pytest
from dateutil.easter import easter

from attendance.engine.public_holidays import easter_sunday, kings_day, legal_holidays, school_free_days
from attendance.engine.working_days import add_working_days, is_working_day
from tests.attendance.engine.pupils import d


def test_easter_equals_dateutil_for_two_centuries() -> None:
    assert [easter_sunday(year) for year in range(1900, 2100)] == [easter(year) for year in range(1900, 2100)]


@pytest.mark.parametrize(
    ("year", "expected"),
    [(2024, "27-04-2024"), (2025, "26-04-2025"), (2026, "27-04-2026"), (2031, "26-04-2031")],
)
def test_koningsdag_moves_from_sunday_to_saturday(year: int, expected: str) -> None:
    assert kings_day(year) == d(expected)


def test_legal_holidays_of_2026() -> None:
    assert sorted(legal_holidays(2026)) == [
        date(2026, 1, 1),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 4, 27),
        date(2026, 5, 5),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 12, 25),
        date(2026, 12, 26),
    ]


def test_schools_are_also_free_on_the_day_after_ascension() -> None:
    assert set(school_free_days(2026)) - set(legal_holidays(2026)) == {date(2026, 5, 15)}


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        ("24-04-2025", 5, "01-05-2025"),  # the term runs on in the May holiday; Koningsdag is a Saturday
        ("24-04-2025", 0, "24-04-2025"),
        ("26-04-2025", 0, "26-04-2025"),
        ("30-04-2025", 3, "06-05-2025"),  # Bevrijdingsdag, a Monday, is no working day
        ("28-05-2025", 1, "30-05-2025"),  # Ascension is none, the Friday after it is one
        ("02-04-2026", 1, "07-04-2026"),  # Good Friday to Easter Monday
        ("24-12-2025", 1, "29-12-2025"),
        ("31-12-2025", 1, "02-01-2026"),
        ("06-06-2026", 1, "08-06-2026"),  # from a Saturday
    ],
)
def test_add_working_days(start: str, n: int, expected: str) -> None:
    assert add_working_days(d(start), n) == d(expected)


def test_add_working_days_refuses_to_go_back() -> None:
    with pytest.raises(ValueError, match="forward"):
        add_working_days(d("24-04-2025"), -1)


@pytest.mark.parametrize(
    ("day", "expected"),
    [("15-05-2026", True), ("14-05-2026", False), ("16-05-2026", False), ("20-07-2026", True)],
)
def test_is_working_day(day: str, *, expected: bool) -> None:
    assert is_working_day(d(day)) is expected

"""Norms with a period, of the alliance of the school of enrolment, and the calendar reading of weeks."""

from __future__ import annotations

import pytest

from attendance.engine.default_norms import DEFAULT_NORMS, default_norms
from attendance.engine.facts import Norm, Norms, Reading, Rule
from attendance.engine.norm_periods import norm_periods, period_on
from tests.attendance.engine.pupils import away, crossings, d, enrolled, pupil


def norms(*rows: Norm) -> Norms:
    return Norms(rows)


def two_weeks(amount: int, first: str | None = None, last: str | None = None) -> Norm:
    return Norm(
        Rule.HOME_2W,
        amount,
        valid_from=None if first is None else d(first),
        valid_until=None if last is None else d(last),
    )


CHANGES = {
    "one norm": ([two_weeks(10)], ["12-09-2025"]),
    "not valid on the date": ([two_weeks(10, None, "11-09-2025")], []),
    "valid on the last date": ([two_weeks(10, None, "12-09-2025")], ["12-09-2025"]),
    "valid later: the first date on which it is": ([two_weeks(10, "20-09-2025")], ["20-09-2025"]),
    "lowered in the run": ([two_weeks(10, None, "09-09-2025"), two_weeks(5, "10-09-2025")], ["10-09-2025"]),
    "raised before it was reached": ([two_weeks(10, None, "11-09-2025"), two_weeks(12, "12-09-2025")], ["16-09-2025"]),
    "raised after it was reached": ([two_weeks(5, None, "07-09-2025"), two_weeks(12, "08-09-2025")], ["05-09-2025"]),
    "none at all": ([], []),
    "order of rows": ([two_weeks(12, "12-09-2025"), two_weeks(10, None, "11-09-2025")], ["16-09-2025"]),
}


@pytest.mark.parametrize(("rows", "expected"), CHANGES.values(), ids=CHANGES)
def test_norm_valid_on_the_date_of_crossing_decides(rows: list[Norm], expected: list[str]) -> None:
    facts = pupil(away("geoorloofd", "01-09-2025", "26-09-2025"), enrolments=[enrolled(norms=norms(*rows))])

    assert crossings(facts, "30-09-2025") == [f"thuis-2w {day} from 01-09-2025" for day in expected]


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("12-09-2025", ["thuis-2w 14-09-2025 from 01-09-2025"]),  # a Sunday, the run is open
        ("11-09-2025", []),
    ],
)
def test_calendar_reading_of_two_weeks(last: str, expected: list[str]) -> None:
    norm = Norm(Rule.HOME_2W, 10, Reading.CALENDAR, 14)
    facts = pupil(away("geoorloofd", "01-09-2025", last), enrolments=[enrolled(norms=norms(norm))])

    assert crossings(facts, "30-09-2025") == expected


def test_calendar_reading_of_four_weeks_runs_through_the_holiday() -> None:
    norm = Norm(Rule.HOME_4W, 20, Reading.CALENDAR, 28)
    facts = pupil(away("geoorloofd", "01-12-2025", None), enrolments=[enrolled(norms=norms(norm))])

    assert crossings(facts, "27-12-2025") == []
    assert crossings(facts, "28-12-2025") == ["thuis-4w 28-12-2025 from 01-12-2025"]


@pytest.mark.parametrize(
    ("day", "amount"),
    [("31-07-2025", None), ("01-08-2025", 1), ("30-09-2025", 1), ("15-10-2025", 1), ("01-11-2025", 2)],
)
def test_norm_of_the_latest_enrolment_begun(day: str, amount: int | None) -> None:
    rows = (
        enrolled(last="30-09-2025", norms=norms(two_weeks(1))),
        enrolled(first="01-11-2025", norms=norms(two_weeks(2))),
    )

    found = period_on(norm_periods(rows, Rule.HOME_2W), d(day).toordinal())
    assert (found.norm.amount if found else None) == amount


def test_every_rule_has_a_default_norm_with_a_source() -> None:
    assert [row.norm.rule for row in DEFAULT_NORMS] == list(Rule)
    assert all(row.source for row in DEFAULT_NORMS)
    assert len(default_norms().rows) == len(Rule)

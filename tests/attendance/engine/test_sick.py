"""Sick reports: the fourth in twelve lesson weeks and the seventh school day in a row."""

from __future__ import annotations

import pytest

from attendance.engine.evaluate import evaluate
from attendance.engine.facts import Norm, Norms, Rule
from tests.attendance.engine.pupils import NOTHING, away, crossings, d, enrolled, exempt, own, pupil, school


def sick(*days: str) -> list[object]:
    return [away("ziek", day) for day in days]


REPORTS = {
    "four": (sick("01-09-2025", "08-09-2025", "15-09-2025", "22-09-2025"), ["22-09-2025 from 01-09-2025"]),
    "three": (sick("01-09-2025", "08-09-2025", "15-09-2025"), []),
    "a weekend does not part two reports": (
        sick("05-09-2025", "08-09-2025", "15-09-2025", "22-09-2025"),
        [],
    ),
    "in twelve lesson weeks": (
        # 1 September to 28 November are 13 weeks with one of holiday
        sick("05-09-2025", "15-09-2025", "22-09-2025", "24-11-2025"),
        ["24-11-2025 from 05-09-2025"],
    ),
    "in thirteen": (sick("05-09-2025", "15-09-2025", "22-09-2025", "01-12-2025"), []),
    "a part of a day is a report": (
        [*sick("01-09-2025", "08-09-2025", "15-09-2025"), away("ziek", "22-09-2025", minutes=10)],
        ["22-09-2025 from 01-09-2025"],
    ),
    "the count starts again after a crossing": (
        sick("01-09-2025", "03-09-2025", "05-09-2025", "09-09-2025", "11-09-2025", "15-09-2025", "17-09-2025"),
        ["09-09-2025 from 01-09-2025"],
    ),
    "and is reached again": (
        sick(*(f"{day:02}-09-2025" for day in (1, 3, 5, 9, 11, 15, 17, 19))),
        ["09-09-2025 from 01-09-2025", "19-09-2025 from 11-09-2025"],
    ),
    "away for another reason parts two reports": (
        [*sick("01-09-2025", "03-09-2025", "08-09-2025", "15-09-2025"), away("geoorloofd", "02-09-2025")],
        ["15-09-2025 from 01-09-2025"],
    ),
    "exemption parts two reports": (
        [*sick("05-09-2025", "08-09-2025", "15-09-2025", "22-09-2025"), exempt("06-09-2025", "06-09-2025")],
        ["22-09-2025 from 05-09-2025"],
    ),
    "home by agreement does not": (
        [*sick("01-09-2025", "03-09-2025", "08-09-2025", "15-09-2025"), own(NOTHING, "02-09-2025", "02-09-2025")],
        [],
    ),
    "sick on a day off is none": (
        [own((300, 300, 300, 300, 0), "01-09-2025"), *sick("05-09-2025", "08-09-2025", "15-09-2025", "22-09-2025")],
        [],
    ),
}


@pytest.mark.parametrize(("records", "expected"), REPORTS.values(), ids=REPORTS)
def test_sick_reports(records: list[object], expected: list[str]) -> None:
    found = crossings(pupil(*records), "31-12-2025", "ziek-4x")  # type: ignore[arg-type]

    assert found == [f"ziek-4x {row}" for row in expected]


def test_unknown_date_does_not_part_two_reports() -> None:
    records = sick("01-09-2025", "03-09-2025", "08-09-2025", "15-09-2025")

    known = pupil(*records)  # type: ignore[arg-type]
    unknown = pupil(*records, at=school(through="01-09-2025"))  # type: ignore[arg-type]
    assert crossings(known, "30-09-2025", "ziek-4x") == ["ziek-4x 15-09-2025 from 01-09-2025"]
    assert crossings(unknown, "30-09-2025", "ziek-4x") == []


def test_change_of_school_restarts_nothing() -> None:
    facts = pupil(
        *sick("01-09-2025", "08-09-2025", "15-09-2025", "22-09-2025"),  # type: ignore[arg-type]
        enrolments=[enrolled(last="10-09-2025", final=True), enrolled(school(key="11AA00"), first="11-09-2025")],
    )

    assert crossings(facts, "30-09-2025", "ziek-4x") == ["ziek-4x 22-09-2025 from 01-09-2025"]


LONG = {
    "seven": ([away("ziek", "01-09-2025", "09-09-2025")], ["09-09-2025 from 01-09-2025"]),
    "six": ([away("ziek", "01-09-2025", "08-09-2025")], []),
    "once an episode": ([away("ziek", "01-09-2025", "30-09-2025")], ["09-09-2025 from 01-09-2025"]),
    "a part of a day starts the row again": (
        [
            away("ziek", "01-09-2025", "04-09-2025"),
            away("ziek", "05-09-2025", minutes=60),
            away("ziek", "08-09-2025", "16-09-2025"),
        ],
        ["16-09-2025 from 08-09-2025"],
    ),
    "parts that add up do not": (
        [
            away("ziek", "01-09-2025", "04-09-2025"),
            away("ziek", "05-09-2025", minutes=60),
            away("ziek", "05-09-2025", minutes=240),
            away("ziek", "08-09-2025", "09-09-2025"),
        ],
        ["09-09-2025 from 01-09-2025"],
    ),
    "a holiday does not": ([away("ziek", "08-10-2025", "23-10-2025")], ["23-10-2025 from 08-10-2025"]),
    "school days of this pupil": (
        [own((300, 300, 0, 0, 0), "01-09-2025"), away("ziek", "01-09-2025", "22-09-2025")],
        ["22-09-2025 from 01-09-2025"],
    ),
    "another episode, another crossing": (
        [away("ziek", "01-09-2025", "09-09-2025"), away("ziek", "11-09-2025", "19-09-2025")],
        ["09-09-2025 from 01-09-2025", "19-09-2025 from 11-09-2025"],
    ),
    "home by agreement neither counts nor parts": (
        [
            away("ziek", "01-09-2025", "04-09-2025"),
            own(NOTHING, "05-09-2025", "05-09-2025"),
            away("ziek", "08-09-2025", "10-09-2025"),
        ],
        ["10-09-2025 from 01-09-2025"],
    ),
}


@pytest.mark.parametrize(("records", "expected"), LONG.values(), ids=LONG)
def test_sick_days_in_a_row(records: list[object], expected: list[str]) -> None:
    found = crossings(pupil(*records), "31-10-2025", "ziek-7d")  # type: ignore[arg-type]

    assert found == [f"ziek-7d {row}" for row in expected]


def test_norm_lowered_in_an_episode_takes_the_last_dates() -> None:
    rows = (
        Norm(Rule.SICK_7D, 7, valid_until=d("08-09-2025")),
        Norm(Rule.SICK_7D, 5, valid_from=d("09-09-2025")),
    )
    facts = pupil(away("ziek", "02-09-2025", "12-09-2025"), enrolments=[enrolled(norms=Norms(rows))])

    assert crossings(facts, "30-09-2025") == ["ziek-7d 09-09-2025 from 03-09-2025"]


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [("31-08-2025", 0), ("01-09-2025", 1), ("15-09-2025", 3), ("22-09-2025", 0), ("29-09-2025", 1)],
)
def test_reports_that_count(as_of: str, expected: int) -> None:
    facts = pupil(*sick("01-09-2025", "08-09-2025", "15-09-2025", "22-09-2025", "29-09-2025"))  # type: ignore[arg-type]

    assert evaluate(facts, d(as_of)).sick_reports == expected

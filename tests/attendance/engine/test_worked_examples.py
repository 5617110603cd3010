"""The worked examples of docs/rules.md, to the day."""

from __future__ import annotations

import pytest

from attendance.engine.facts import Facts
from tests.attendance.engine.pupils import away, crossings, pupil, school


def at_zuid(*records: object, as_of: str) -> Facts:
    return pupil(*records, at=school("zuid", through=as_of))  # type: ignore[arg-type]


def hours(*days: str) -> list[object]:
    return [away("ongeoorloofd", day, minutes=240) for day in days]


EXAMPLES = {
    "open from 1 December": (
        [away("geoorloofd", "01-12-2025", None)],
        "01-03-2026",
        [
            "thuis-2w 12-12-2025 from 01-12-2025",
            "thuis-4w 09-01-2026 from 01-12-2025",
            "thuis-3m 01-03-2026 from 01-12-2025",
        ],
    ),
    "open from 1 December, a day before 3 months": (
        [away("geoorloofd", "01-12-2025", None)],
        "28-02-2026",
        ["thuis-2w 12-12-2025 from 01-12-2025", "thuis-4w 09-01-2026 from 01-12-2025"],
    ),
    "four times 4 hours in four lesson weeks": (
        hours("29-09-2025", "06-10-2025", "20-10-2025", "31-10-2025"),
        "01-03-2026",
        ["uren-16 31-10-2025 from 29-09-2025"],
    ),
    "four times 4 hours in five lesson weeks": (
        hours("22-09-2025", "06-10-2025", "20-10-2025", "31-10-2025"),
        "01-03-2026",
        [],
    ),
    "six weeks unauthorised": (
        [away("ongeoorloofd", "03-11-2025", "12-12-2025")],
        "12-12-2025",
        [
            "uren-16 06-11-2025 from 03-11-2025",
            "uren-16 13-11-2025 from 07-11-2025",
            "thuis-2w 14-11-2025 from 03-11-2025",
            "uren-16 20-11-2025 from 14-11-2025",
            "uren-16 27-11-2025 from 21-11-2025",
            "lrv 28-11-2025 from 03-11-2025",
            "thuis-4w 28-11-2025 from 03-11-2025",
            "uren-16 04-12-2025 from 28-11-2025",
            "uren-16 11-12-2025 from 05-12-2025",
        ],
    ),
    "sick seven school days": (
        [away("ziek", "01-09-2025", "09-09-2025")],
        "01-10-2025",
        ["ziek-7d 09-09-2025 from 01-09-2025"],
    ),
    "sick six school days": ([away("ziek", "01-09-2025", "08-09-2025")], "01-10-2025", []),
    "four sick reports": (
        [away("ziek", f"{day:02}-09-2025") for day in (1, 2, 8, 15, 22)],
        "01-10-2025",
        ["ziek-4x 22-09-2025 from 01-09-2025"],
    ),
    "sick, partly, and sick again": (
        [
            away("ziek", "01-09-2025", "11-09-2025"),
            away("ziek", "12-09-2025", minutes=120),
            away("ziek", "15-09-2025", "30-09-2025"),
        ],
        "01-10-2025",
        ["ziek-7d 09-09-2025 from 01-09-2025", "thuis-2w 26-09-2025 from 15-09-2025"],
    ),
}


@pytest.mark.parametrize(("records", "as_of", "expected"), EXAMPLES.values(), ids=EXAMPLES)
def test_crossings_of_worked_example(records: list[object], as_of: str, expected: list[str]) -> None:
    assert crossings(at_zuid(*records, as_of=as_of), as_of) == expected


def test_crossings_over_the_summer() -> None:
    facts = pupil(
        away("ongeoorloofd", "22-06-2026", "03-07-2026"),
        away("ongeoorloofd", "17-08-2026", None),
        at=school("noord", through="30-09-2026"),
    )

    assert crossings(facts, "30-09-2026", "thuis-2w", "thuis-4w", "thuis-3m", "lrv") == [
        "thuis-2w 03-07-2026 from 22-06-2026",
        "lrv 28-08-2026 from 22-06-2026",
        "thuis-4w 28-08-2026 from 22-06-2026",
        "thuis-3m 22-09-2026 from 22-06-2026",
    ]
    assert [row.split()[1] for row in crossings(facts, "30-09-2026", "uren-16")] == [
        "25-06-2026",
        "02-07-2026",
        "19-08-2026",
        "26-08-2026",
        "02-09-2026",
        "09-09-2026",
        "16-09-2026",
        "23-09-2026",
        "30-09-2026",
    ]

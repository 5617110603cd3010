"""Sixteen hours in four lesson weeks."""

from __future__ import annotations

from datetime import timedelta

import pytest

from attendance.engine.evaluate import evaluate
from attendance.engine.facts import Absence, Norm, Norms, Rule
from tests.attendance.engine.pupils import NOTHING, away, crossings, d, enrolled, exempt, own, pupil, school


def hours(*days: str, minutes: int = 240) -> list[Absence]:
    return [away("ongeoorloofd", day, minutes=minutes) for day in days]


FOUR = ("01-09-2025", "08-09-2025", "15-09-2025", "22-09-2025")

TABLE = {
    "sixteen hours": (hours(*FOUR), ["22-09-2025 from 01-09-2025"]),
    "a minute less": ([*hours(*FOUR[:3]), *hours(FOUR[3], minutes=239)], []),
    "at most the expected minutes": (hours(*FOUR[:3], minutes=1000), []),
    "authorised and undecided do not count": (
        [*hours(*FOUR[:3]), away("onbekend", FOUR[3], minutes=240), away("geoorloofd", "23-09-2025")],
        [],
    ),
    "window begins on the Monday of the fourth week": (
        hours("02-09-2025", "12-09-2025", "16-09-2025", "26-09-2025"),
        ["26-09-2025 from 02-09-2025"],
    ),
    "one week too far": (hours("29-08-2025", "12-09-2025", "16-09-2025", "26-09-2025"), []),
    "on a free day nothing is missed": (hours("06-09-2025", *FOUR[:3]), []),
    "reached again within seven days: seven days after": (
        # 16 hours on the 4th; again 16 on the 10th, but the 11th is the first date a week later
        [away("ongeoorloofd", "01-09-2025", "10-09-2025")],
        ["04-09-2025 from 01-09-2025", "11-09-2025 from 05-09-2025"],
    ),
    "seven days after is a Saturday: the Monday": (
        [away("ongeoorloofd", "02-09-2025", "11-09-2025")],
        ["05-09-2025 from 02-09-2025", "12-09-2025 from 08-09-2025"],
    ),
    "after a crossing the count starts on the next day": (
        [*hours(*FOUR), *hours("23-09-2025", "29-09-2025", "30-09-2025")],
        ["22-09-2025 from 01-09-2025"],
    ),
    "a new window begins though the four weeks of the old one are not over": (
        [away("ongeoorloofd", "03-10-2025", "09-10-2025"), *hours("10-10-2025", minutes=299)],
        ["08-10-2025 from 03-10-2025"],
    ),
    "restarted, and sixteen again": (
        [*hours(*FOUR), *hours("23-09-2025", "29-09-2025", "30-09-2025", "01-10-2025")],
        ["22-09-2025 from 01-09-2025", "01-10-2025 from 23-09-2025"],
    ),
    "exempt dates have no minutes": ([*hours(*FOUR), exempt("08-09-2025", "08-09-2025")], []),
    "home by agreement has no minutes": ([*hours(*FOUR), own(NOTHING, "08-09-2025", "08-09-2025")], []),
    "own timetable sets the minutes": (
        [own((120,) * 5, "01-09-2025"), away("ongeoorloofd", "01-09-2025", "10-09-2025")],
        ["10-09-2025 from 01-09-2025"],
    ),
    "several on one date add up": (
        [*hours(*FOUR[:3]), *hours(FOUR[3], minutes=120), *hours(FOUR[3], minutes=120)],
        ["22-09-2025 from 01-09-2025"],
    ),
}


@pytest.mark.parametrize(("records", "expected"), TABLE.values(), ids=TABLE)
def test_sixteen_hours(records: list[Absence], expected: list[str]) -> None:
    assert crossings(pupil(*records), "31-10-2025", "uren-16") == [f"uren-16 {row}" for row in expected]


def test_next_crossing_after_seven_days_skips_a_holiday() -> None:
    facts = pupil(away("ongeoorloofd", "02-10-2025", "10-10-2025"), at=school(week=(330,) * 5))

    assert crossings(facts, "31-10-2025", "uren-16") == [
        "uren-16 06-10-2025 from 02-10-2025",
        "uren-16 20-10-2025 from 07-10-2025",
    ]


def test_next_crossing_after_seven_days_skips_an_exempt_date() -> None:
    facts = pupil(away("ongeoorloofd", "01-09-2025", "10-09-2025"), exempt("11-09-2025", "12-09-2025"))

    assert crossings(facts, "31-10-2025", "uren-16")[1:] == ["uren-16 15-09-2025 from 05-09-2025"]


def test_crossing_may_fall_on_an_unknown_date() -> None:
    facts = pupil(away("ongeoorloofd", "01-09-2025", "10-09-2025"), at=school(through=None))

    assert crossings(facts, "31-10-2025", "uren-16")[1:] == ["uren-16 11-09-2025 from 05-09-2025"]


def test_crossing_is_never_on_a_date_without_enrolment() -> None:
    facts = pupil(
        away("ongeoorloofd", "01-09-2025", "10-09-2025"),
        enrolments=[enrolled(last="10-09-2025"), enrolled(first="17-09-2025")],
    )

    assert crossings(facts, "16-09-2025", "uren-16") == ["uren-16 04-09-2025 from 01-09-2025"]
    assert crossings(facts, "17-09-2025", "uren-16")[1:] == ["uren-16 17-09-2025 from 05-09-2025"]


@pytest.mark.parametrize(("lessons", "crossed"), [(15, False), (16, True)])
def test_an_hour_in_vo_is_a_lesson(lessons: int, *, crossed: bool) -> None:
    records = [away("ongeoorloofd", f"{1 + n % 5:02}-09-2025", minutes=50, ref=n) for n in range(lessons)]

    assert bool(crossings(pupil(*records, at=school(hour=50)), "30-09-2025", "uren-16")) is crossed


def test_change_of_school_starts_the_count_again() -> None:
    other = enrolled(school(key="11AA00"), first="15-09-2025")

    moved = pupil(*hours(*FOUR), enrolments=[enrolled(last="12-09-2025"), other])
    stayed = pupil(*hours(*FOUR), enrolments=[enrolled(last="12-09-2025"), enrolled(first="15-09-2025")])
    assert crossings(moved, "30-09-2025", "uren-16") == []
    assert crossings(stayed, "30-09-2025", "uren-16") == ["uren-16 22-09-2025 from 01-09-2025"]


def test_change_of_school_forgets_the_seven_days() -> None:
    facts = pupil(
        away("ongeoorloofd", "01-09-2025", "10-09-2025"),
        enrolments=[enrolled(last="04-09-2025"), enrolled(school(key="11AA00"), first="05-09-2025")],
    )

    assert crossings(facts, "30-09-2025", "uren-16") == [
        "uren-16 04-09-2025 from 01-09-2025",
        "uren-16 10-09-2025 from 05-09-2025",
    ]


def test_lower_norm_is_crossed_on_its_first_school_day() -> None:
    rows = (
        Norm(Rule.HOURS_16, 16, weeks=4, gap_days=7, valid_until=d("19-09-2025")),
        Norm(Rule.HOURS_16, 12, weeks=4, gap_days=7, valid_from=d("20-09-2025")),
    )
    facts = pupil(*hours(*FOUR[:3]), enrolments=[enrolled(norms=Norms(rows))])

    assert crossings(facts, "30-09-2025") == ["uren-16 22-09-2025 from 01-09-2025"]


@pytest.mark.parametrize(
    ("as_of", "used"),
    [
        ("07-09-2025", 240),
        ("21-09-2025", 720),
        ("22-09-2025", 0),  # crossed: the count starts again tomorrow
        ("23-09-2025", 0),
    ],
)
def test_hours_used(as_of: str, used: int) -> None:
    found = evaluate(pupil(*hours(*FOUR)), d(as_of))

    assert (found.unauthorised_minutes, found.hours_minutes) == (used, 960)


def test_hours_used_leave_the_window() -> None:
    facts = pupil(*hours("01-09-2025"))

    assert evaluate(facts, d("28-09-2025")).unauthorised_minutes == 240
    assert evaluate(facts, d("28-09-2025") + timedelta(days=1)).unauthorised_minutes == 0


def test_hours_without_norm() -> None:
    found = evaluate(pupil(*hours(*FOUR), enrolments=[enrolled(norms=Norms(()))]), d("30-09-2025"))

    assert (found.crossings, found.unauthorised_minutes, found.hours_minutes) == ((), 0, 0)

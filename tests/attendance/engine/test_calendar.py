"""School days, lesson weeks and the names of free days."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest

from attendance.engine.calendar import REGIONS, CalendarException, Region, SchoolCalendar, holidays_known_until
from attendance.engine.public_holidays import school_free_days
from tests.attendance.engine.pupils import d

FACTS = Path(__file__).with_name("school_holidays.csv")


def holiday_rows() -> list[dict[str, str]]:
    with FACTS.open(encoding="utf-8") as file:
        return list(csv.DictReader(file, delimiter=";"))


def dates(first: date, last: date) -> list[date]:
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


@pytest.mark.parametrize("region", REGIONS)
def test_school_days_follow_the_published_holidays(region: Region) -> None:
    calendar = SchoolCalendar(region)
    closed = {
        day
        for row in holiday_rows()
        if row["region"] == region
        for day in dates(date.fromisoformat(row["first"]), date.fromisoformat(row["last"]))
    }

    for day in dates(date(2023, 7, 1), date(2030, 12, 31)):
        expected = day.weekday() < 5 and day not in closed and day not in school_free_days(day.year)
        assert calendar.is_school_day(day) is expected, day


@pytest.mark.parametrize("row", holiday_rows(), ids=lambda row: f"{row['region']} {row['first']}")
def test_days_of_a_holiday_have_its_name_or_that_of_the_public_holiday(row: dict[str, str]) -> None:
    calendar = SchoolCalendar(row["region"])  # type: ignore[arg-type]  # the file names the regions

    for day in dates(date.fromisoformat(row["first"]), date.fromisoformat(row["last"])):
        assert calendar.name_of(day) == school_free_days(day.year).get(day, row["name"])


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("year", [2005, 2021, 2031, 2045])
def test_other_years_know_weekends_and_public_holidays_only(region: Region, year: int) -> None:
    calendar = SchoolCalendar(region)

    for day in dates(date(year, 1, 1), date(year, 12, 31)):
        assert calendar.is_school_day(day) is (day.weekday() < 5 and day not in school_free_days(year)), day


@pytest.mark.parametrize(("region", "expected"), [("noord", 1), ("midden", 25), ("zuid", 18)])
def test_known_until_the_end_of_the_last_summer(region: Region, expected: int) -> None:
    assert holidays_known_until(region) == date(2030, 9 if expected == 1 else 8, expected)


def test_unknown_region_is_refused() -> None:
    with pytest.raises(ValueError, match="oost"):
        SchoolCalendar("oost")  # type: ignore[arg-type]


OWN = SchoolCalendar(
    "zuid",
    [
        CalendarException(d("03-11-2025"), d("03-11-2025"), name="studiedag"),
        CalendarException(d("08-12-2025"), d("14-12-2025")),
        CalendarException(d("17-10-2025"), d("19-10-2025"), opened=True, name="inhaaldagen"),
        CalendarException(d("05-05-2026"), d("05-05-2026"), opened=True),
    ],
)


@pytest.mark.parametrize(
    ("day", "is_open", "name"),
    [
        ("31-10-2025", True, ""),
        ("03-11-2025", False, "vrij: studiedag"),
        ("04-11-2025", True, ""),
        ("08-12-2025", False, "vrij"),
        ("16-10-2025", False, "Herfstvakantie"),
        ("17-10-2025", True, ""),
        ("18-10-2025", False, "Herfstvakantie"),  # a Saturday is never open
        ("05-05-2026", True, ""),
        ("14-05-2026", False, "Hemelvaartsdag"),
        ("15-05-2026", False, "Dag na Hemelvaart"),
        ("25-12-2025", False, "Eerste kerstdag"),
        ("24-12-2025", False, "Kerstvakantie"),
        ("22-11-2025", False, ""),
    ],
)
def test_own_exceptions_overrule_region_and_public_holidays(day: str, *, is_open: bool, name: str) -> None:
    assert (OWN.is_school_day(d(day)), OWN.name_of(d(day))) == (is_open, name)


def test_own_exceptions_do_not_change_the_region() -> None:
    assert SchoolCalendar("zuid").is_school_day(d("03-11-2025"))


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("13-10-2025", True),  # only the Friday is open
        ("19-10-2025", True),
        ("08-12-2025", False),
        ("01-12-2025", True),
        ("24-12-2025", False),
    ],
)
def test_lesson_week_has_a_school_day_of_this_school(day: str, *, expected: bool) -> None:
    assert OWN.is_lesson_week(d(day)) is expected


@pytest.mark.parametrize(
    ("day", "weeks", "expected"),
    [
        ("31-10-2025", 4, "29-09-2025"),  # the autumn holiday is skipped
        ("31-10-2025", 1, "27-10-2025"),
        ("27-10-2025", 1, "27-10-2025"),
        ("02-11-2025", 1, "27-10-2025"),  # a Sunday belongs to its week
        ("15-10-2025", 1, "06-10-2025"),  # inside the holiday the own week does not count
        ("05-01-2026", 2, "15-12-2025"),
    ],
)
def test_last_lesson_weeks_of_a_date(day: str, weeks: int, expected: str) -> None:
    assert SchoolCalendar("zuid").lesson_weeks_start(d(day), weeks) == d(expected)


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        ("01-12-2025", "12-12-2025", 10),
        ("01-12-2025", "09-01-2026", 20),
        ("06-12-2025", "07-12-2025", 0),
        ("12-12-2025", "01-12-2025", 0),
    ],
)
def test_school_days_between(first: str, last: str, expected: int) -> None:
    assert SchoolCalendar("zuid").school_days_between(d(first), d(last)) == expected


@pytest.mark.parametrize(
    ("day", "n", "expected"),
    [
        ("19-12-2025", 1, "19-12-2025"),
        ("20-12-2025", 1, "05-01-2026"),
        ("19-12-2025", 2, "05-01-2026"),
        ("01-12-2025", 20, "09-01-2026"),
    ],
)
def test_school_day_on_or_after(day: str, n: int, expected: str) -> None:
    assert SchoolCalendar("zuid").school_day_on_or_after(d(day), n) == d(expected)


@pytest.mark.parametrize(("day", "expected"), [("05-01-2026", "05-01-2026"), ("04-01-2026", "19-12-2025")])
def test_school_day_on_or_before(day: str, expected: str) -> None:
    assert SchoolCalendar("zuid").school_day_on_or_before(d(day)) == d(expected)

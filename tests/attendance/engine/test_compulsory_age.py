"""Compulsory school age, to the day."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from attendance.engine.calendar import SchoolCalendar
from attendance.engine.compulsory_age import (
    CompulsoryAge,
    Duty,
    EndEducation,
    Unknown,
    age_on,
    birthday,
    compulsory_age,
    starts_on,
    twelve_years_end,
)
from tests.attendance.engine.pupils import d

ZUID = SchoolCalendar("zuid")
NOORD = SchoolCalendar("noord")


@pytest.mark.parametrize(
    ("calendar", "born", "expected"),
    [
        (ZUID, "02-09-2010", "01-10-2015"),
        (ZUID, "30-09-2010", "01-10-2015"),
        (ZUID, "01-10-2010", "02-11-2015"),  # 1 November is a Sunday
        (ZUID, "25-11-2020", "01-12-2025"),
        (ZUID, "10-12-2020", "05-01-2026"),  # Christmas holiday
        (NOORD, "15-07-2018", "04-09-2023"),  # August 2023 has no school day in Noord
        (ZUID, "15-07-2022", "06-09-2027"),
        (ZUID, "29-02-2020", "01-04-2025"),  # turns five on 1 March
    ],
)
def test_duty_starts_on_the_first_school_day_of_the_next_month(
    calendar: SchoolCalendar, born: str, expected: str
) -> None:
    assert starts_on(d(born), calendar) == d(expected)


def age(born: str, on: str, **known: Any) -> CompulsoryAge:
    return compulsory_age(d(born), ZUID, d(on), **known)


KNOWN = {"school_years": 0, "enrolled_from": d("01-08-2015")}
SCHOOL_YEARS = (Unknown.SCHOOL_YEARS,)
NO_DIPLOMA = (Unknown.STARTKWALIFICATIE,)

AGES = {
    "the day before": ("25-11-2020", "30-11-2025", {}, Duty.NOT_YET, "30-11-2025", ()),
    "the first day": ("25-11-2020", "01-12-2025", {}, Duty.LEERPLICHTIG, "31-07-2037", SCHOOL_YEARS),
    "16 on the last day of a school year": (
        "31-07-2010",
        "31-07-2026",
        {},
        Duty.LEERPLICHTIG,
        "31-07-2026",
        SCHOOL_YEARS,
    ),
    "the day after": ("31-07-2010", "01-08-2026", {}, Duty.KWALIFICATIEPLICHTIG, "30-07-2028", NO_DIPLOMA),
    "16 a day later: another school year": (
        "01-08-2010",
        "31-07-2027",
        {},
        Duty.LEERPLICHTIG,
        "31-07-2027",
        SCHOOL_YEARS,
    ),
    "twelve full school years": (
        "01-08-2010",
        "31-07-2026",
        {"school_years": 0, "enrolled_from": d("01-08-2014")},
        Duty.LEERPLICHTIG,
        "31-07-2026",
        (),
    ),
    "after twelve full school years": (
        "01-08-2010",
        "01-08-2026",
        {"school_years": 0, "enrolled_from": d("01-08-2014")},
        Duty.KWALIFICATIEPLICHTIG,
        "31-07-2028",
        NO_DIPLOMA,
    ),
    "sixteen comes first": (
        "31-07-2010",
        "01-07-2026",
        {"school_years": 0, "enrolled_from": d("01-08-2016")},
        Duty.LEERPLICHTIG,
        "31-07-2026",
        (),
    ),
    "the day before the 18th birthday": (
        "15-01-2008",
        "14-01-2026",
        {},
        Duty.KWALIFICATIEPLICHTIG,
        "14-01-2026",
        NO_DIPLOMA,
    ),
    "the 18th birthday": ("15-01-2008", "15-01-2026", {}, Duty.NONE, None, ()),
    "born on 29 February, 28 February": (
        "29-02-2008",
        "28-02-2026",
        {},
        Duty.KWALIFICATIEPLICHTIG,
        "28-02-2026",
        NO_DIPLOMA,
    ),
    "born on 29 February, 1 March": ("29-02-2008", "01-03-2026", {}, Duty.NONE, None, ()),
    "the day before the startkwalificatie": (
        "15-10-2008",
        "30-06-2026",
        {"startkwalificatie_on": d("01-07-2026")},
        Duty.KWALIFICATIEPLICHTIG,
        "30-06-2026",
        (),
    ),
    "with a startkwalificatie": (
        "15-10-2008",
        "01-07-2026",
        {"startkwalificatie_on": d("01-07-2026")},
        Duty.NONE,
        None,
        (),
    ),
    "praktijkonderwijs": ("15-10-2008", "01-02-2026", {"end_education": EndEducation.PRO}, Duty.NONE, None, ()),
    "praktijkonderwijs, still leerplichtig": (
        "15-10-2009",
        "01-02-2026",
        {"end_education": EndEducation.PRO, **KNOWN},
        Duty.LEERPLICHTIG,
        "31-07-2026",
        (),
    ),
}


@pytest.mark.parametrize("row", AGES.values(), ids=AGES)
def test_duty_on_a_date(row: tuple[str, str, dict[str, Any], Duty, str | None, tuple[Unknown, ...]]) -> None:
    born, on, known, duty, until, unknown = row

    assert age(born, on, **known) == CompulsoryAge(duty, None if until is None else d(until), unknown)


@pytest.mark.parametrize(
    ("school_years", "enrolled_from", "expected"),
    [
        (0, "01-08-2014", "31-07-2026"),
        (0, "18-08-2025", "31-07-2037"),  # the first school day: still a full year
        (0, "19-08-2025", "31-07-2038"),
        (11, "01-08-2025", "31-07-2026"),
        (10, "01-08-2025", "31-07-2027"),
        (8, "15-01-2026", "31-07-2029"),  # moved in the year: that year was begun elsewhere
    ],
)
def test_end_of_the_twelfth_full_school_year(school_years: int, enrolled_from: str, expected: str) -> None:
    assert twelve_years_end(school_years, d(enrolled_from), ZUID) == d(expected)


@pytest.mark.parametrize(
    ("born", "day", "age"),
    [
        (date(2010, 2, 28), date(2026, 2, 27), 15),
        (date(2010, 2, 28), date(2026, 2, 28), 16),
        (date(2012, 2, 29), date(2026, 2, 28), 13),
        (date(2012, 2, 29), date(2026, 3, 1), 14),
        (date(2012, 2, 29), date(2028, 2, 29), 16),
    ],
)
def test_age_changes_on_the_birthday(born: date, day: date, age: int) -> None:
    assert age_on(born, day) == age
    assert birthday(born, age) <= day < birthday(born, age + 1)

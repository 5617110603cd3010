"""The year of a school: what each day is, what is free by which name, and how much school there is."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.engine.calendar import CalendarException as EngineException
from attendance.engine.calendar import SchoolCalendar
from attendance.facts import calendar_of
from attendance.listings.year_calendar import YearDay, known_year, year_calendar
from attendance.models import CalendarException
from tests import factories
from thuiszitters.accounts.models import School

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)


def cells_of(school: School, year: int) -> dict[date, YearDay]:
    found = year_calendar(school, year, TODAY)
    return {cell.day: cell for month in found.months for week in month.weeks for cell in week.cells if cell}


@pytest.mark.parametrize("region", ["noord", "midden", "zuid"])
@pytest.mark.parametrize("year", range(2022, 2030))
def test_the_year_shows_the_days_that_the_rules_count(region: str, year: int) -> None:
    school = factories.school(region=region, week=(330, 330, 210, 330, 0))
    factories.closed(school, date(year, 9, 6), date(year, 9, 8))
    factories.closed(school, date(year, 12, 27), date(year, 12, 29), kind="open")
    calendar = calendar_of(school)

    found, cells = year_calendar(school, year, TODAY), cells_of(school, year)

    assert list(cells) == [date(year, 8, 1) + timedelta(days=n) for n in range(len(cells))]
    assert max(cells) == date(year + 1, 7, 31)
    lessons = [day for day in cells if calendar.is_school_day(day)]
    assert [day for day, cell in cells.items() if cell.kind in {"lesson", "opened"}] == lessons
    assert found.school_days == len(lessons) == sum(month.school_days for month in found.months)
    assert found.minutes == sum(school.week[day.weekday()] for day in lessons)
    assert found.lesson_weeks == len({day.isocalendar()[:2] for day in lessons})


def test_a_day_has_its_kind_its_name_and_a_symbol_of_its_own() -> None:
    school = factories.school(region="zuid")
    CalendarException.objects.create(
        school=school, first=date(2026, 4, 3), last=date(2026, 4, 3), kind="open", description="toetsdag"
    )
    CalendarException.objects.create(
        school=school, first=date(2026, 2, 2), last=date(2026, 2, 2), kind="vrij", description="studiedag"
    )

    cells = cells_of(school, 2025)

    found = {day: (cells[day].kind, cells[day].text, cells[day].symbol) for day in DAYS}
    assert found == DAYS
    assert [day for day, cell in cells.items() if cell.is_today] == [TODAY]


DAYS = {
    date(2026, 2, 2): ("own", "eigen vrije dag, studiedag", "△"),
    date(2026, 2, 3): ("lesson", "schooldag", ""),
    date(2026, 2, 7): ("weekend", "weekend", ""),
    date(2025, 12, 22): ("holiday", "Kerstvakantie", "○"),
    date(2025, 12, 25): ("public", "Eerste kerstdag", "◇"),
    date(2026, 4, 3): ("opened", "eigen lesdag, toetsdag", "●"),
    date(2026, 4, 6): ("public", "Tweede paasdag", "◇"),
}


def test_free_periods_stand_in_order_by_name_with_their_weekdays() -> None:
    school = factories.school(region="zuid")
    row = factories.closed(school, date(2025, 9, 5), date(2025, 9, 8))
    factories.closed(school, date(2025, 12, 22), date(2025, 12, 23), kind="open")

    periods = year_calendar(school, 2025, TODAY).periods

    assert list(periods) == sorted(periods, key=lambda period: (period.first, period.last))
    found = {period.name: (period.source, period.first, period.last, period.days) for period in periods}
    assert found["eigen vrije dag"] == ("eigen vrije dag", date(2025, 9, 5), date(2025, 9, 8), 2)
    assert found["eigen lesdag"] == ("eigen lesdag", date(2025, 12, 22), date(2025, 12, 23), 2)
    assert found["Herfstvakantie"] == ("schoolvakantie", date(2025, 10, 13), date(2025, 10, 17), 5)
    # Ten weekdays, of which three have a name of their own and two are open.
    assert found["Kerstvakantie"] == ("schoolvakantie", date(2025, 12, 22), date(2026, 1, 2), 5)
    assert found["Koningsdag"][0] in {"feestdag", "schoolvakantie"}
    assert [period.own for period in periods if period.own and period.name == "eigen vrije dag"] == [row]


def test_lesson_weeks_are_numbered_from_the_first_and_a_holiday_has_no_number() -> None:
    found = year_calendar(factories.school(region="zuid"), 2025, TODAY)

    numbers = {cell.day: week.number for month in found.months for week in month.weeks for cell in week.cells if cell}

    assert numbers[date(2025, 8, 15)] is None
    assert numbers[date(2025, 8, 18)] == 1
    assert numbers[date(2025, 10, 10)] == 8
    assert numbers[date(2025, 10, 13)] is None
    assert numbers[date(2025, 10, 20)] == 9
    # One week in two months has one number.
    assert numbers[date(2025, 9, 30)] == numbers[date(2025, 10, 1)]
    assert max(number for number in numbers.values() if number) == found.lesson_weeks


def test_own_days_of_two_school_years_count_in_each_for_their_part() -> None:
    school = factories.school(region="noord")
    factories.closed(school, date(2026, 7, 31), date(2026, 8, 3))

    before, after = (year_calendar(school, year, TODAY) for year in (2025, 2026))

    assert [period.days for period in before.periods if period.own] == [1]
    assert [period.days for period in after.periods if period.own] == [1]
    assert before.own_days == 1


@pytest.mark.parametrize(
    ("day", "year"),
    [
        (date(2021, 7, 31), 2022),
        (date(2022, 8, 1), 2022),
        (date(2026, 7, 31), 2025),
        (date(2026, 8, 1), 2026),
        (date(2030, 7, 31), 2029),
        (date(2030, 8, 1), 2029),
    ],
)
def test_a_day_outside_the_known_years_shows_the_nearest_one(day: date, year: int) -> None:
    assert known_year(day) == year


def test_a_vo_school_counts_in_lessons_too() -> None:
    school = factories.school(sector="vo", lesson_minutes=50)
    found = year_calendar(school, 2025, TODAY)

    assert found.lessons == found.school_days * 6
    assert found.hours == found.school_days * 5
    assert year_calendar(factories.school(), 2025, TODAY).lessons is None


@given(st.dates(date(2025, 8, 1), date(2026, 7, 31)), st.integers(0, 30), st.booleans())
def test_own_days_change_nothing_outside_them(first: date, length: int, opened: bool) -> None:
    last = first + timedelta(days=length)
    plain = SchoolCalendar("midden")
    changed = SchoolCalendar("midden", [EngineException(first, last, opened)])

    for n in range(-40, length + 40):
        day = first + timedelta(days=n)
        if first <= day <= last:
            assert changed.is_school_day(day) == (opened and day.weekday() < 5)
        else:
            assert changed.is_school_day(day) == plain.is_school_day(day)

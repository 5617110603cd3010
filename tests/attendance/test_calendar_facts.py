"""The engine's school days against the holidays typed in, for every date they cover."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given

from tests.attendance.calendars import calendar_of
from tests.attendance.school_holidays_facts import FIRST, HOLIDAYS, LAST, SchoolException, is_school_day
from tests.attendance.strategies import school_exceptions

EVERY_DATE = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]


@pytest.mark.parametrize("region", HOLIDAYS)
def test_school_days_agree_with_holidays_typed_in(region: str) -> None:
    calendar = calendar_of(region)
    assert [day for day in EVERY_DATE if calendar.is_school_day(day) != is_school_day(region, day)] == []


@given(exceptions=school_exceptions())
def test_school_days_agree_when_school_has_exceptions(exceptions: tuple[SchoolException, ...]) -> None:
    calendar = calendar_of("midden", exceptions)
    around = [date(2025, 8, 1) + timedelta(days=n) for n in range(600)]
    found = [day for day in around if calendar.is_school_day(day) != is_school_day("midden", day, exceptions)]
    assert found == []


@given(exceptions=school_exceptions())
def test_lesson_weeks_are_weeks_with_a_school_day(exceptions: tuple[SchoolException, ...]) -> None:
    calendar = calendar_of("zuid", exceptions)
    monday = date(2025, 8, 4)
    for _ in range(80):
        expected = any(is_school_day("zuid", monday + timedelta(days=n), exceptions) for n in range(7))
        assert calendar.is_lesson_week(monday) is expected
        assert calendar.is_lesson_week(monday + timedelta(days=6)) is expected
        monday += timedelta(days=7)

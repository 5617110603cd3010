"""The rules about how long, each on both sides of its boundary."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from attendance.access_rules import emergency_end, ends_soon, extended_last, is_within_term, lapses_at, usual_last

TODAY = date(2026, 1, 14)


def test_the_usual_end_is_whole_weeks_on() -> None:
    assert usual_last(TODAY, weeks=12) == date(2026, 4, 8)


@pytest.mark.parametrize(
    ("last", "fits"),
    [
        (date(2026, 1, 13), False),
        (date(2026, 1, 14), True),
        (date(2026, 7, 15), True),
        (date(2026, 7, 16), False),
    ],
)
def test_a_term_is_from_today_to_26_weeks_on(last: date, fits: bool) -> None:
    assert is_within_term(last, TODAY, most_weeks=26) is fits


@pytest.mark.parametrize(
    ("last", "extended"),
    [
        (date(2026, 1, 14), date(2026, 4, 8)),
        (date(2026, 4, 22), date(2026, 7, 15)),
        (date(2026, 4, 23), date(2026, 7, 15)),
        (date(2026, 7, 15), date(2026, 7, 15)),
        # Given when more was allowed: an extension never shortens.
        (date(2026, 9, 1), date(2026, 9, 1)),
    ],
)
def test_an_extension_stops_at_the_furthest_day(last: date, extended: date) -> None:
    assert extended_last(last, TODAY, weeks=12, most_weeks=26) == extended


@pytest.mark.parametrize(
    ("last", "soon"),
    [
        (date(2026, 1, 13), False),
        (date(2026, 1, 14), True),
        (date(2026, 1, 28), True),
        (date(2026, 1, 29), False),
    ],
)
def test_soon_is_within_two_weeks(last: date, soon: bool) -> None:
    assert ends_soon(last, TODAY) is soon


@pytest.mark.parametrize(
    ("opened", "ends"),
    [
        (datetime(2026, 1, 14, 13, 0, tzinfo=UTC), datetime(2026, 1, 15, 13, 0, tzinfo=UTC)),
        (datetime(2026, 1, 14, 13, 0, 59, tzinfo=UTC), datetime(2026, 1, 15, 13, 0, tzinfo=UTC)),
        # The clock is put forward that night: still 24 hours, which ends at 15:00 by the clock on the wall.
        (datetime(2026, 3, 28, 13, 0, tzinfo=UTC), datetime(2026, 3, 29, 13, 0, tzinfo=UTC)),
    ],
)
def test_an_emergency_lasts_24_hours_to_the_minute(opened: datetime, ends: datetime) -> None:
    assert emergency_end(opened) == ends


def test_a_question_waits_14_days() -> None:
    assert lapses_at(datetime(2026, 1, 14, 9, tzinfo=UTC)) == datetime(2026, 1, 28, 9, tzinfo=UTC)

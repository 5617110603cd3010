"""Dates in words, on both sides of each boundary."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from thuiszitters.accounts.dutch_dates import days_ago, distance, full_date, long_date, period, short_date

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("day", "short", "long"),
    [
        (date(2026, 11, 3), "di 3 nov", "dinsdag 3 november"),
        (date(2026, 1, 1), "do 1 jan", "donderdag 1 januari"),
        (date(2026, 12, 31), "do 31 dec", "donderdag 31 december"),
        (date(2027, 1, 1), "vr 1 jan 2027", "vrijdag 1 januari 2027"),
        (date(2025, 3, 30), "zo 30 mrt 2025", "zondag 30 maart 2025"),
    ],
)
def test_a_date_names_its_year_only_when_it_is_another_one(day: date, short: str, long: str) -> None:
    assert (short_date(day, TODAY), long_date(day, TODAY)) == (short, long)


def test_a_date_in_a_text_that_is_kept_always_names_its_year() -> None:
    assert full_date(TODAY) == "di 24 nov 2026"


@pytest.mark.parametrize(
    ("last", "text"),
    [
        (None, "sinds di 3 nov, tot nader bericht"),
        (date(2026, 11, 3), "di 3 nov"),
        (date(2026, 11, 4), "di 3 nov t/m wo 4 nov"),
        (date(2027, 1, 4), "di 3 nov t/m ma 4 jan 2027"),
    ],
)
def test_a_period(last: date | None, text: str) -> None:
    assert period(date(2026, 11, 3), last, TODAY) == text


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (-2, "2 dagen te laat"),
        (-1, "1 dag te laat"),
        (0, "vandaag"),
        (1, "morgen"),
        (2, "over 2 dagen"),
    ],
)
def test_how_far_a_deadline_is(days: int, text: str) -> None:
    assert distance(TODAY + timedelta(days=days), TODAY) == text


@pytest.mark.parametrize(("days", "text"), [(0, "vandaag"), (1, "gisteren"), (2, "2 dagen geleden")])
def test_how_long_ago_something_was(days: int, text: str) -> None:
    assert days_ago(TODAY - timedelta(days=days), TODAY) == text

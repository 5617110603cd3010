"""Until when an answer may take, and what is weighed before somebody gets a file."""

from __future__ import annotations

from datetime import date

import pytest

from thuiszitters.privacy.entitlement import Asker, concerns_about, due_on, may_be_extended


@pytest.mark.parametrize(
    ("received", "month", "three_months"),
    [
        pytest.param(date(2026, 3, 5), date(2026, 4, 5), date(2026, 6, 5), id="the same date"),
        pytest.param(date(2026, 1, 28), date(2026, 2, 28), date(2026, 4, 28), id="28 January"),
        pytest.param(date(2026, 1, 31), date(2026, 2, 28), date(2026, 4, 30), id="31 January"),
        pytest.param(date(2028, 1, 31), date(2028, 2, 29), date(2028, 4, 30), id="31 January of a leap year"),
        pytest.param(date(2026, 8, 31), date(2026, 9, 30), date(2026, 11, 30), id="31 August"),
        pytest.param(date(2026, 11, 30), date(2026, 12, 30), date(2027, 2, 28), id="extended into February"),
        pytest.param(date(2026, 12, 1), date(2027, 1, 1), date(2027, 3, 1), id="over the year"),
    ],
)
def test_an_answer_is_due_after_a_month_and_extended_after_three(
    received: date, month: date, three_months: date
) -> None:
    """Three months from the day it came, not two from a date that was cut short."""
    assert due_on(received, extended=False) == month
    assert due_on(received, extended=True) == three_months


@pytest.mark.parametrize(
    ("today", "may"),
    [(date(2026, 1, 30), False), (date(2026, 1, 31), True), (date(2026, 2, 28), True), (date(2026, 3, 1), False)],
)
def test_extending_is_told_within_the_first_month(today: date, may: bool) -> None:
    assert may_be_extended(date(2026, 1, 31), today) is may


@pytest.mark.parametrize(
    ("asker", "age", "number", "consent"),
    [
        (Asker.PARENT, 15, 0, False),
        (Asker.PARENT, 16, 1, True),
        (Asker.PARENT, 17, 1, True),
        (Asker.PARENT, 18, 1, True),
        (Asker.PARENT_WITHOUT, 15, 1, True),
        (Asker.PARENT_WITHOUT, 16, 2, True),
        (Asker.PUPIL, 15, 1, False),
        (Asker.PUPIL, 16, 0, False),
        (Asker.PUPIL, 18, 0, False),
        (Asker.REPRESENTATIVE, 15, 1, False),
        (Asker.REPRESENTATIVE, 18, 2, True),
    ],
)
def test_what_has_to_be_weighed(asker: Asker, age: int, number: int, consent: bool) -> None:
    """From 16 the pupil has these rights; from 18 parents see a file only if the pupil says yes."""
    found = concerns_about(asker, age)

    assert (len(found), any(row.needs_consent for row in found)) == (number, consent)

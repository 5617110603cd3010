"""Which dates of a record lie outside all enrolments."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from attendance.listings.data_quality.records import gaps

ONE_DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("spans", "expected"),
    [
        ([], [(1, 10)]),
        ([(1, 10)], []),
        ([(0, 31)], []),
        ([(1, 4)], [(5, 10)]),
        ([(4, 31)], [(1, 3)]),
        ([(1, 3), (4, 10)], []),
        ([(6, 10), (1, 3)], [(4, 5)]),
        ([(20, 30)], [(1, 10)]),
    ],
)
def test_the_dates_outside_all_periods(spans: list[tuple[int, int]], expected: list[tuple[int, int]]) -> None:
    base = date(2025, 12, 31)

    def dates(pairs: list[tuple[int, int]]) -> list[tuple[date, date]]:
        return [(base + first * ONE_DAY, base + last * ONE_DAY) for first, last in pairs]

    assert gaps(base + ONE_DAY, base + 10 * ONE_DAY, dates(spans)) == dates(expected)

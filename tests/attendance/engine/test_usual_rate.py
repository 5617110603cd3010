"""A class that missed far more than it usually does."""

from __future__ import annotations

import pytest

from attendance.engine.usual_rate import Jump, Week, jump

SIX_PERCENT: list[Week] = [(6, 100)] * 8


@pytest.mark.parametrize(
    ("last", "before", "expected"),
    [
        ((24, 100), SIX_PERCENT, Jump(24, 6)),
        # At least ten percentage points: 6 to 16.
        ((16, 100), SIX_PERCENT, Jump(16, 6)),
        ((15, 100), SIX_PERCENT, None),
        # More than twice: 15 is usual, 30 is not more.
        ((30, 100), [(15, 100)] * 8, None),
        ((31, 100), [(15, 100)] * 8, Jump(31, 15)),
        # Where nothing is ever missed, ten per cent is a jump.
        ((10, 100), [(0, 100)] * 8, Jump(10, 0)),
        ((9, 100), [(0, 100)] * 8, None),
        # Less than usual is no jump.
        ((0, 100), [(30, 100)] * 8, None),
        # Weeks of which nothing is known do not count as present; four known ones are enough, three are not.
        ((24, 100), [(6, 100)] * 4 + [(0, 0)] * 4, Jump(24, 6)),
        ((24, 100), [(6, 100)] * 3 + [(0, 0)] * 5, None),
        ((0, 0), SIX_PERCENT, None),
    ],
)
def test_a_jump_is_more_than_twice_the_usual_and_ten_points_more(
    last: Week, before: list[Week], expected: Jump | None
) -> None:
    assert jump(last, before) == expected

"""Morning and afternoon in minutes, on both sides of what is too short to be one."""

from __future__ import annotations

import pytest

from attendance.engine.day_parts import day_parts


@pytest.mark.parametrize(
    ("expected", "morning", "parts"),
    [
        (300, None, (150, 150)),
        (301, None, (151, 150)),
        (300, 200, (200, 100)),
        (120, None, (60, 60)),
        (119, None, None),  # the afternoon would have 59
        (240, 180, (180, 60)),
        (239, 180, None),
        (180, 180, None),  # a day of one morning
        (150, 180, None),
        (300, 59, None),
        (0, None, None),
    ],
)
def test_a_day_is_cut_in_two_when_both_parts_have_an_hour(
    expected: int, morning: int | None, parts: tuple[int, int] | None
) -> None:
    assert day_parts(expected, morning) == parts

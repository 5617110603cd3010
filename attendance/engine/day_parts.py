"""Morning and afternoon in minutes, where absence is kept by the part of the day."""

from __future__ import annotations

SHORTEST = 60
"""A morning or an afternoon with fewer minutes is none: on a short day (a Wednesday) one is there, or not."""


def day_parts(expected: int, morning: int | None = None) -> tuple[int, int] | None:
    """Minutes of the morning and the afternoon of a day with `expected` minutes; None when it cannot be cut in two.

    `morning` is what the school says of its mornings; None: the morning is half, and has the odd minute.
    """
    before = (expected + 1) // 2 if morning is None else morning
    after = expected - before
    return (before, after) if min(before, after) >= SHORTEST else None

"""A week in which a class missed far more than it usually does: an outbreak, or a mistake in the data. No rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from attendance.engine.missed import percentage

WEEKS_BEFORE = 8
"""Lesson weeks that the usual rate is taken over."""
MIN_WEEKS = 4
"""Fewer known weeks say nothing about what is usual."""
TIMES = 2
MORE_PERCENT = 10
"""Percentage points."""

Week = tuple[int, int]
"""Minutes missed, and minutes expected on known school days; nothing expected: nothing is known of that week."""


@dataclass(frozen=True, slots=True)
class Jump:
    """Whole per cent missed in the last week, and usually."""

    last: int
    usual: int


def jump(last: Week, before: Sequence[Week]) -> Jump | None:
    """The jump, when in `last` more than TIMES the share of all known weeks `before` together was missed, and at least
    MORE_PERCENT percentage points more. None when it was not, or too little is known."""
    known = [week for week in before if week[1] > 0]
    missed, expected = last
    if expected <= 0 or len(known) < MIN_WEEKS:
        return None
    missed_before, expected_before = sum(week[0] for week in known), sum(week[1] for week in known)
    now, usual = missed * expected_before, missed_before * expected
    if now <= TIMES * usual or 100 * (now - usual) < MORE_PERCENT * expected * expected_before:
        return None
    return Jump(percentage(missed, expected) or 0, percentage(missed_before, expected_before) or 0)

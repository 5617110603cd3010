"""How long somebody may see a pupil who is not theirs. Pure rules: days and moments in, days and moments out."""

from __future__ import annotations

from datetime import date, datetime, timedelta

EMERGENCY_LASTS = timedelta(hours=24)
ENDS_SOON = timedelta(days=14)
REQUEST_WAITS = timedelta(days=14)
"""A question that nobody answered lapses. For a pupil who does not exist too: silence tells nothing."""
MISSES_STAY = timedelta(days=90)
"""So long a question about a child that nobody knows is kept: its reason can tell of a child all the same."""


def usual_last(today: date, *, weeks: int) -> date:
    """The last day of access that begins today, unless somebody chooses another."""
    return today + timedelta(weeks=weeks)


def is_within_term(last: date, today: date, *, most_weeks: int) -> bool:
    """Whether access may be given (or extended) today up to and including `last`."""
    return today <= last <= today + timedelta(weeks=most_weeks)


def extended_last(last: date, today: date, *, weeks: int, most_weeks: int) -> date:
    """The last day after extending once: `weeks` on from `last`, never further than `most_weeks` from today, and never
    earlier than it was."""
    return max(last, min(max(last, today) + timedelta(weeks=weeks), today + timedelta(weeks=most_weeks)))


def ends_soon(last: date, today: date) -> bool:
    """Whether access that holds ends within two weeks."""
    return today <= last <= today + ENDS_SOON


def emergency_end(opened_at: datetime) -> datetime:
    """The moment from which an emergency opens nothing any more: 24 hours on, on a whole minute, so that the time on
    the screen is the time itself."""
    return (opened_at + EMERGENCY_LASTS).replace(second=0, microsecond=0)


def lapses_at(asked_at: datetime) -> datetime:
    """The moment from which a question that nobody answered has lapsed."""
    return asked_at + REQUEST_WAITS

"""Working days, for terms in law: Monday to Friday without the days of the Algemene termijnenwet.

Not school days: a term runs on through a school holiday.
"""

from __future__ import annotations

from datetime import date, timedelta

from attendance.engine.public_holidays import legal_holidays

SATURDAY = 5


def is_working_day(day: date) -> bool:
    """Whether `day` is a working day."""
    return day.weekday() < SATURDAY and day not in legal_holidays(day.year)


def add_working_days(day: date, n: int) -> date:
    """The n-th working day after `day`, which does not count itself; 0 gives `day` and less is refused."""
    if n < 0:
        message = "a term runs forward"
        raise ValueError(message)
    while n:
        day += timedelta(days=1)
        n -= is_working_day(day)
    return day

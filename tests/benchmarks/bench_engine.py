"""Microseconds of Python a pupil costs the engine, by what is recorded of it.

Run from the top folder: python -m tests.benchmarks.bench_engine
"""

from __future__ import annotations

import sys
import time
import timeit
from collections.abc import Callable
from datetime import date, timedelta

from attendance.engine.calendar import CalendarException, SchoolCalendar
from attendance.engine.default_norms import default_norms
from attendance.engine.evaluate import Clocks, evaluate
from attendance.engine.explain import days
from attendance.engine.facts import Absence, Enrolment, Facts, OwnTimetable, School
from attendance.engine.forecast import forecast, next_on

AS_OF = date(2026, 6, 15)
BUDGET = 200
ROUNDS = 5
SICK = (True, True, True)
UNAUTHORISED = (True, False, False)
UNDECIDED = (True, None, False)


def _enrolment(*exceptions: CalendarException) -> Enrolment:
    school = School("99ZZ00", SchoolCalendar("zuid", exceptions), (300, 300, 210, 300, 300), 60, AS_OF)
    return Enrolment(date(2024, 8, 1), None, school, default_norms())


def _spells(n: int) -> tuple[Absence, ...]:
    """An ordinary year: short illnesses, a few hours missed, coming late."""
    found = []
    for i in range(n):
        day = date(2025, 9, 1) + timedelta(days=i * 280 // n)
        if i % 4 == 1:
            found.append(Absence(day, day, 50, *UNAUTHORISED))
        elif i % 4 == 3:
            found.append(Absence(day, day, 10, *UNDECIDED))
        else:
            found.append(Absence(day, day + timedelta(days=i % 3), None, *SICK))
    return tuple(found)


def pupils() -> dict[str, Facts]:
    """One pupil of each sort that the budgets speak of."""
    plain = (_enrolment(),)
    own_days = (_enrolment(CalendarException(date(2025, 11, 3), date(2025, 11, 3)), *_may_week()),)
    long_ago = date(2026, 1, 5)
    return {
        "no absence": Facts(plain),
        "5 records": Facts(plain, _spells(5)),
        "20 records": Facts(plain, _spells(20)),
        "20 records, school with own free days": Facts(own_days, _spells(20)),
        "5 months sick, open": Facts(plain, (*_spells(5)[:2], Absence(long_ago, None, None, *SICK))),
        "5 months unauthorised, open": Facts(plain, (*_spells(5)[:2], Absence(long_ago, None, None, *UNAUTHORISED))),
        "5 months of half weeks": Facts(plain, _spells(5), (OwnTimetable(long_ago, None, (300, 300, 0, 0, 0)),)),
    }


def _may_week() -> tuple[CalendarException, ...]:
    return (
        CalendarException(date(2026, 4, 20), date(2026, 4, 24)),
        CalendarException(date(2026, 5, 15), date(2026, 5, 15), opened=True),
    )


def _timer(call: Callable[[], object]) -> timeit.Timer:
    # Time of this process, so that others on the machine are counted as little as can be.
    return timeit.Timer(call, timer=time.process_time)


def _microseconds(call: timeit.Timer) -> float:
    number, _ = call.autorange()
    return min(call.repeat(ROUNDS, number)) / number * 1e6


def main() -> int:
    """Print a line a pupil; exit status 1 when the one with 20 records is over its budget."""
    sys.stdout.write(f"{'pupil':<40}{'evaluate':>10}{'next_on':>10}{'forecast':>10}{'a year of days':>16}  (us)\n")
    over = False
    for name, facts in pupils().items():
        evaluated = _microseconds(_timer(lambda facts=facts: evaluate(facts, AS_OF)))  # type: ignore[misc]
        now = Clocks(facts, AS_OF.toordinal())
        alarm = _microseconds(_timer(lambda facts=facts, now=now: next_on(facts, AS_OF, now)))  # type: ignore[misc]
        ahead = _microseconds(_timer(lambda facts=facts: forecast(facts, AS_OF)))  # type: ignore[misc]
        year = _microseconds(_timer(lambda facts=facts: days(facts, date(2025, 8, 1), AS_OF)))  # type: ignore[misc]
        sys.stdout.write(f"{name:<40}{evaluated:>10.1f}{alarm:>10.1f}{ahead:>10.1f}{year:>16.0f}\n")
        over = over or (name == "20 records" and evaluated > BUDGET)
    return int(over)


if __name__ == "__main__":
    raise SystemExit(main())

"""What is still to come."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from attendance.engine.evaluate import Clocks, evaluate
from attendance.engine.facts import Facts, Norm, Norms, Rule
from attendance.engine.forecast import forecast, next_on
from tests.attendance.engine.pupils import (
    NOTHING,
    away,
    d,
    enrolled,
    exempt,
    own,
    pupil,
    school,
)
from tests.attendance.engine.random_pupils import random_facts


def to_come(facts: Facts, as_of: str) -> list[str]:
    return [f"{row.rule} {row.crossed_on:%d-%m-%Y}" for row in forecast(facts, d(as_of))]


FORECASTS = {
    "sick from December": (
        pupil(away("ziek", "01-12-2025", None)),
        "05-12-2025",
        ["thuis-2w 12-12-2025", "thuis-4w 09-01-2026", "thuis-3m 01-03-2026"],
    ),
    "an end in the future is not believed": (
        pupil(away("ziek", "01-12-2025", "08-12-2025")),
        "05-12-2025",
        ["thuis-2w 12-12-2025", "thuis-4w 09-01-2026", "thuis-3m 01-03-2026"],
    ),
    "unauthorised": (
        pupil(away("ongeoorloofd", "01-12-2025", None)),
        "12-12-2025",
        ["lrv 09-01-2026", "thuis-4w 09-01-2026", "thuis-3m 01-03-2026"],
    ),
    "unauthorised after sick": (
        pupil(away("ziek", "01-12-2025", "05-12-2025"), away("ongeoorloofd", "08-12-2025", None)),
        "08-12-2025",
        ["thuis-2w 12-12-2025", "thuis-4w 09-01-2026", "lrv 16-01-2026", "thuis-3m 01-03-2026"],
    ),
    "nothing after the last": (pupil(away("ziek", "01-12-2025", None)), "01-03-2026", []),
    "at school": (pupil(away("ziek", "01-12-2025", "04-12-2025")), "05-12-2025", []),
    "home by agreement": (
        pupil(own(NOTHING, "01-12-2025", "05-12-2025")),
        "05-12-2025",
        ["thuis-2w 12-12-2025", "thuis-4w 09-01-2026", "thuis-3m 01-03-2026"],
    ),
    "the end is final": (
        pupil(away("ziek", "01-12-2025", None), enrolments=[enrolled(last="19-12-2025", final=True)]),
        "05-12-2025",
        ["thuis-2w 12-12-2025"],
    ),
    "an exemption ends it": (
        pupil(away("ziek", "01-12-2025", None), exempt("15-12-2025")),
        "05-12-2025",
        ["thuis-2w 12-12-2025"],
    ),
}


@pytest.mark.parametrize(("facts", "as_of", "expected"), FORECASTS.values(), ids=FORECASTS)
def test_forecast_of_open_runs(facts: Facts, as_of: str, expected: list[str]) -> None:
    assert to_come(facts, as_of) == expected


@pytest.mark.parametrize("seed", range(60))
def test_forecast_is_what_comes_when_the_pupil_stays_away(seed: int) -> None:
    facts = random_facts(seed)
    day = d("01-12-2025") + timedelta(days=seed)

    found = forecast(facts, day)
    now = evaluate(facts, day)
    if now.home is None:
        assert found == ()
    else:
        crossed = {row.rule for row in now.crossings if row.start == now.home.start}
        assert not {row.rule for row in found if row.start == now.home.start} & (crossed - {Rule.LRV})
    assert all(row.crossed_on > day for row in found)


NEXT = {
    "nothing recorded": (pupil(), "01-12-2025", None),
    "back at school": (pupil(away("ziek", "01-09-2025")), "01-12-2025", None),
    "the tenth day": (pupil(away("ziek", "01-12-2025", None)), "10-12-2025", "12-12-2025"),
    "the seventh sick day": (pupil(away("ziek", "01-12-2025", None)), "08-12-2025", "09-12-2025"),
    "the sixth of thirty days makes a fifth": (pupil(away("ziek", "01-12-2025", None)), "05-12-2025", "08-12-2025"),
    "a recorded absence begins": (pupil(away("ziek", "15-12-2025", "16-12-2025")), "01-12-2025", "15-12-2025"),
    "an own timetable begins": (pupil(own((300, 300, 0, 0, 0), "15-12-2025")), "01-12-2025", "15-12-2025"),
    "the hours, seven days on": (pupil(away("ongeoorloofd", "01-09-2025", "10-09-2025")), "10-09-2025", "11-09-2025"),
    "three months on a Sunday": (
        pupil(away("geoorloofd", "01-12-2025", None)),
        "23-02-2026",
        "01-03-2026",
    ),
    "unknown dates keep a run open": (
        pupil(away("geoorloofd", "01-12-2025"), at=school(through="30-11-2025")),
        "25-02-2026",
        "01-03-2026",
    ),
}


@pytest.mark.parametrize(("facts", "as_of", "expected"), NEXT.values(), ids=NEXT)
def test_next_date_on_which_time_alone_does_something(facts: Facts, as_of: str, expected: str | None) -> None:
    assert next_on(facts, d(as_of)) == (None if expected is None else d(expected))


def test_far_away_alarm_is_early() -> None:
    norm = Norm(Rule.HOME_3M, 9)
    facts = pupil(away("geoorloofd", "01-12-2025", None), enrolments=[enrolled(norms=Norms((norm,)))])

    day: date | None = d("01-12-2025")
    seen = 0
    while day is not None and day < d("01-09-2026"):
        day = next_on(facts, day)
        seen += 1
    assert day == d("01-09-2026")
    assert seen == 3


@pytest.mark.parametrize(
    "facts",
    [
        pupil(away("ziek", "01-12-2026")),
        pupil(own((300, 300, 0, 0, 0), "01-12-2026")),
        pupil(own(NOTHING, "01-09-2025"), exempt("01-09-2025", "01-12-2026")),
        pupil(away("ziek", "01-09-2025", "01-12-2026"), enrolments=[enrolled(first="01-11-2026")]),
    ],
    ids=["absence", "timetable", "exemption ends", "enrolment"],
)
def test_what_comes_after_the_horizon_is_not_forgotten(facts: Facts) -> None:
    found = next_on(facts, d("01-12-2025"))

    assert found is not None
    assert found < d("01-12-2026")


def state(facts: Facts, day: date) -> tuple[object, ...]:
    clocks = Clocks(facts, day.toordinal())
    found = evaluate(facts, day)
    runs = {row.start for rows in (clocks.home, clocks.unauthorised) for row in rows}
    return set(found.crossings), runs, found.structural is not None


@pytest.mark.parametrize("seed", range(120))
def test_next_date_is_never_late(seed: int) -> None:
    facts = random_facts(seed)
    day = d("01-10-2025") + timedelta(days=seed % 120)

    alarm = next_on(facts, day)
    crossings, runs, holds = state(facts, day)
    last = day + timedelta(days=90) if alarm is None else alarm - timedelta(days=1)
    while day < last:
        day += timedelta(days=1)
        later_crossings, later_runs, later_holds = state(facts, day)
        assert (later_crossings, later_runs) == (crossings, runs), day
        assert not later_holds or holds, day

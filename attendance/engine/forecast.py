"""What is to come: the next crossings when a pupil stays away, and the date on which time alone does something."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

from attendance.engine.calendar import LATEST
from attendance.engine.evaluate import Clocks
from attendance.engine.facts import Absence, Crossing, Facts, Rule
from attendance.engine.hours import hours_crossings
from attendance.engine.runs import HOME_RULES, Row, home_rows, run_crossings, unauthorised_rows
from attendance.engine.structural_changes import never_suggested, suggestion_changes
from attendance.engine.timeline import Timeline

FORECAST_DAYS = 5 * 366
LOOK_AHEAD_DAYS = 120
"""How far `next_on` looks. When something may come later it gives the last date it looked at: early, but never late."""


def forecast(facts: Facts, as_of: date) -> tuple[Crossing, ...]:
    """The crossings to come of the open run at home and the open unauthorised run, if the pupil stays away.

    The run is extended over future school days with the same kind of absence; other clocks are not looked at.
    """
    today = as_of.toordinal()
    timeline = Timeline(facts, today)
    home = _open(home_rows(timeline))
    if home is None:
        return ()
    unauthorised = _open(unauthorised_rows(timeline))
    ahead = Timeline(_stays_away(facts, as_of, unauthorised=unauthorised is not None), today + FORECAST_DAYS)
    found = run_crossings(ahead, [row for row in home_rows(ahead) if row.start == home.start], HOME_RULES)
    if unauthorised is not None:
        rows = [row for row in unauthorised_rows(ahead) if row.start == unauthorised.start]
        found += run_crossings(ahead, rows, (Rule.LRV,))
    to_come = [crossing for crossing in found if crossing.crossed_on > as_of]
    return tuple(sorted(to_come, key=lambda crossing: (crossing.crossed_on, crossing.rule.value)))


def _open(rows: list[Row]) -> Row | None:
    return rows[-1] if rows and rows[-1].is_open else None


def _stays_away(facts: Facts, as_of: date, *, unauthorised: bool) -> Facts:
    past = [
        replace(row, last=as_of) if row.minutes is None and (row.last is None or row.last > as_of) else row
        for row in facts.absences
        if row.first <= as_of
    ]
    future = Absence(as_of + timedelta(days=1), None, authorised=False if unauthorised else None)
    return replace(facts, absences=(*past, future))


def next_on(facts: Facts, as_of: date, now: Clocks | None = None) -> date | None:
    """The first date after `as_of` on which the same facts give a new crossing, begin a run or change the suggestion.

    May be early, so look again on that date; never late. None when nothing can come without a change of the facts.
    `now`: the clocks of these facts up to `as_of`, when they are at hand.
    """
    if not facts.absences and not facts.timetables:
        return None
    today = as_of.toordinal()
    horizon = min(today + LOOK_AHEAD_DAYS, LATEST)
    now = now or Clocks(facts, today)
    is_past = _is_past(facts, as_of) and _open(now.home) is None
    if is_past and not facts.timetables and not _hours_may_wait(now) and never_suggested(now.timeline, today):
        return None
    timeline = Timeline(facts, horizon)
    dates = [suggestion_changes(timeline, today)]
    if is_past:
        # Nothing runs and nothing will begin: only hours that wait for seven days to pass are left.
        dates += _to_come(hours_crossings(timeline)[0]) if _hours_may_wait(now) else []
    else:
        clocks = Clocks(facts, horizon, timeline)
        dates += _to_come(clocks.crossings)
        dates += [row.start for rows in (clocks.home, clocks.unauthorised, clocks.episodes) for row in rows]
        if _may_come_later(facts, clocks, horizon):
            dates.append(horizon)
    soonest = min((day for day in dates if day > today), default=None)
    return None if soonest is None else date.fromordinal(soonest)


def _hours_may_wait(now: Clocks) -> bool:
    """Whether unauthorised minutes that no crossing used could still reach the norm, all facts being past."""
    if not now.timeline.has_unauthorised:
        return False
    return len(now.timeline.enrolments) > 1 or now.hours.minutes >= now.hours.norm_minutes > 0


def _to_come(crossings: list[Crossing]) -> list[int]:
    return [crossing.crossed_on.toordinal() for crossing in crossings]


def _is_past(facts: Facts, as_of: date) -> bool:
    """Whether nothing recorded, and no norm, begins or goes on after `as_of`."""
    return (
        all(row.minutes is not None or (row.last is not None and row.last <= as_of) for row in facts.absences)
        and all(row.first <= as_of for row in facts.absences)
        and all(row.last is not None and row.last <= as_of for row in facts.timetables)
        and all(
            row.first <= as_of and all(norm.valid_from is None or norm.valid_from <= as_of for norm in row.norms.rows)
            for row in facts.enrolments
        )
    )


def _may_come_later(facts: Facts, clocks: Clocks, horizon: int) -> bool:
    if clocks.hours.minutes or any(_open(rows) for rows in (clocks.home, clocks.unauthorised)):
        return True
    if not clocks.structural.is_quiet() and clocks.structural.piece is not None and clocks.structural.dates().short[-1]:
        return True
    last = date.fromordinal(horizon)
    return any(row.last is None or row.last > last for row in facts.absences) or any(_later(facts, last))


def _later(facts: Facts, last: date) -> Iterator[bool]:
    """Whether something begins to work after `last`: an enrolment or an own timetable starts, or an exemption ends."""
    yield any(enrolment.first > last for enrolment in facts.enrolments)
    for row in facts.timetables:
        yield row.first > last
        if row.last is None or row.last > last:
            yield any(exemption.last is not None and exemption.last >= last for exemption in facts.exemptions)

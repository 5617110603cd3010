"""What the rules say of one pupil as of a date: crossings, open runs and counters."""

from __future__ import annotations

from datetime import date

from attendance.engine.facts import Crossing, Evaluation, Facts, Rule, Run
from attendance.engine.hours import HoursUsed, hours_crossings
from attendance.engine.runs import (
    HOME_RULES,
    Row,
    home_rows,
    months_between,
    run_crossings,
    sick_rows,
    unauthorised_rows,
)
from attendance.engine.sick import long_crossings, report_crossings
from attendance.engine.structural import Structural, timetable_below
from attendance.engine.timeline import Timeline


class Clocks:
    """All clocks of one pupil, run up to the end of a timeline."""

    __slots__ = ("crossings", "episodes", "home", "hours", "sick_reports", "structural", "timeline", "unauthorised")

    def __init__(self, facts: Facts, until: int, timeline: Timeline | None = None) -> None:
        self.timeline = timeline = timeline or Timeline(facts, until)
        self.home = home_rows(timeline)
        self.unauthorised = unauthorised_rows(timeline)
        self.episodes = sick_rows(timeline)
        self.structural = Structural(timeline)
        self.crossings: list[Crossing] = []
        self.hours = HoursUsed(0, 0)
        self.sick_reports = 0
        if timeline.enrolments:
            self._cross()

    def _cross(self) -> None:
        timeline = self.timeline
        found = run_crossings(timeline, self.home, HOME_RULES)
        found += run_crossings(timeline, self.unauthorised, (Rule.LRV,))
        hours, self.hours = hours_crossings(timeline)
        found += hours
        if self.episodes:
            reports, self.sick_reports = report_crossings(timeline, self.episodes)
            found += reports
            found += long_crossings(timeline, self.episodes)
        if len(found) > 1:
            found.sort(key=_order)
        self.crossings = found


def _order(crossing: Crossing) -> tuple[date, str]:
    return crossing.crossed_on, crossing.rule.value


def evaluate(facts: Facts, as_of: date) -> Evaluation:
    """What the rules say of dates up to and including `as_of`, each taken as finished. Repeatable."""
    return evaluation_of(Clocks(facts, as_of.toordinal()), as_of)


def evaluation_of(clocks: Clocks, as_of: date) -> Evaluation:
    """The same, from clocks that ran up to `as_of`."""
    suggestion, share = _suggestion(clocks)
    return Evaluation(
        as_of=as_of,
        crossings=tuple(clocks.crossings),
        home=_open_run(clocks.home, as_of, agreed=True),
        unauthorised=_open_run(clocks.unauthorised, as_of, agreed=False),
        unauthorised_minutes=clocks.hours.minutes,
        hours_minutes=clocks.hours.norm_minutes,
        sick_reports=clocks.sick_reports,
        open_since=_open_since(clocks),
        structural=suggestion,
        structural_share=share,
    )


def _open_run(rows: list[Row], as_of: date, *, agreed: bool) -> Run | None:
    if not rows or not rows[-1].is_open:
        return None
    row = rows[-1]
    start = date.fromordinal(row.start)
    return Run(
        start=start,
        school_days=row.school_days(agreed=agreed),
        calendar_days=row.end - row.start + 1,
        months=months_between(start, as_of),
    )


def _suggestion(clocks: Clocks) -> tuple[Crossing | None, int | None]:
    structural = clocks.structural
    share = structural.share()
    below = timetable_below(structural)
    if share is None or structural.now is None or share < structural.now.norm.amount:
        return below, share
    stretch = structural.stretch()
    if stretch is None or (below is not None and below.crossed_on < stretch.crossed_on):
        return below, share
    return stretch, share


def _open_since(clocks: Clocks) -> date | None:
    starts = [
        row.start
        for rows in (clocks.home, clocks.unauthorised, clocks.episodes)
        for row in rows
        if row.is_open or row.unsure
    ]
    share = clocks.structural.open_since()
    if share is not None:
        starts.append(share)
    return date.fromordinal(min(starts)) if starts else None

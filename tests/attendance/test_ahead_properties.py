"""Laws of what lies ahead and of what is explained: alarm dates, the forecast, and why a date counts."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from hypothesis import given

from attendance.engine.evaluate import evaluate
from attendance.engine.explain import days, explain
from attendance.engine.facts import (
    Absence,
    Crossing,
    Enrolment,
    Evaluation,
    Facts,
    Norm,
    Norms,
    OwnTimetable,
    Reading,
    Rule,
    School,
    Week,
)
from attendance.engine.forecast import forecast, next_on
from tests.attendance import naive
from tests.attendance.calendars import calendar_of
from tests.attendance.strategies import DAYS, DEFAULT_NORMS, ZEROS, Moment, at, moments

ONE_DAY = timedelta(days=1)
AHEAD = 400 * ONE_DAY
IN_SCHOOL_DAYS = (Rule.HOME_2W, Rule.HOME_4W, Rule.LRV)
OF_A_RUN = (*IN_SCHOOL_DAYS, Rule.HOME_3M)


def triple(crossing: Crossing) -> naive.Found:
    return crossing.rule.value, crossing.start, crossing.crossed_on


# Alarm dates


def begun(evaluation: Evaluation) -> tuple[object, ...]:
    """What a clock of a pupil answers for: crossings, and whether there is a suggestion."""
    return evaluation.crossings, evaluation.structural is None


@given(moment=moments())
def test_nothing_changes_before_next_date(moment: Moment) -> None:
    facts, as_of = moment.facts, moment.as_of
    now = evaluate(facts, as_of)
    due = next_on(facts, as_of)
    assert due is None or due > as_of
    quiet = (due - as_of).days - 1 if due else 200
    # Crossings only ever grow, so for them the last quiet date says it all.
    assert evaluate(facts, as_of + quiet * ONE_DAY).crossings == now.crossings
    for n in range(1, min(quiet, 30) + 1):
        then = evaluate(facts, as_of + n * ONE_DAY)
        assert begun(then) == begun(now)
        assert then.home is None or (now.home is not None and then.home.start == now.home.start)


def test_suggestion_that_goes_with_the_enrolment_has_a_next_date() -> None:
    week: Week = (300, 300, 300, 300, 300)
    school = School(1, calendar_of("zuid"), week, complete_through=date(2026, 2, 10))
    facts = Facts(
        enrolments=(Enrolment(date(2025, 8, 25), date(2026, 2, 10), school, Norms(DEFAULT_NORMS)),),
        timetables=(OwnTimetable(date(2025, 8, 25), None, ZEROS),),
    )
    assert evaluate(facts, date(2026, 2, 10)).structural is not None
    assert evaluate(facts, date(2026, 2, 11)).structural is None
    assert next_on(facts, date(2026, 2, 10)) == date(2026, 2, 11)


def test_suggestion_that_goes_on_easter_monday_has_that_as_next_date() -> None:
    week: Week = (300, 300, 300, 300, 300)
    school = School(1, calendar_of("zuid"), week, complete_through=date(2026, 3, 20))
    norms = Norms((Norm(Rule.STRUCTURAL, 20, weeks=5, min_weeks=3),))
    facts = Facts(
        enrolments=(Enrolment(date(2025, 8, 25), None, school, norms),),
        absences=(Absence(date(2026, 3, 2), None, authorised=True),),
    )
    # Only three of the five weeks are known, and the window leaves the first of them on Monday 6 April.
    friday = date(2026, 4, 3)
    assert evaluate(facts, friday).structural is not None
    assert evaluate(facts, date(2026, 4, 5)).structural is not None
    assert evaluate(facts, date(2026, 4, 6)).structural is None
    assert next_on(facts, friday) == date(2026, 4, 6)


# The forecast


def stays_away(facts: Facts, as_of: date, *, authorised: bool | None) -> Facts:
    """The same pupil when all that is planned after `as_of` gives way to whole days of absence."""
    rows = [row if row.last and row.last <= as_of else replace(row, last=as_of) for row in facts.absences]
    past = tuple(row for row in rows if row.first <= as_of)
    return replace(facts, absences=(*past, Absence(as_of + ONE_DAY, None, authorised=authorised)))


@given(moment=moments())
def test_forecast_is_what_naive_rules_find_when_pupil_stays_away(moment: Moment) -> None:
    facts, as_of = moment.facts, moment.as_of
    home, unauthorised = naive.open_runs(facts, as_of)
    expected: list[naive.Found] = []
    if home is not None:
        ahead = stays_away(facts, as_of, authorised=None if unauthorised is None else False)
        starts = {Rule.LRV.value: unauthorised.start if unauthorised else None}
        expected = [
            (rule, start, crossed_on)
            for rule, start, crossed_on in naive.crossings(ahead, as_of + AHEAD)
            if rule in OF_A_RUN and crossed_on > as_of and start == starts.get(rule, home.start)
        ]
    found = [triple(one) for one in forecast(facts, as_of) if one.crossed_on <= as_of + AHEAD]
    assert found == expected


@given(moment=moments())
def test_forecast_comes_true(moment: Moment) -> None:
    facts, as_of = moment.facts, moment.as_of
    authorised = None if evaluate(facts, as_of).unauthorised is None else False
    ahead = stays_away(facts, as_of, authorised=authorised)
    for crossing in forecast(facts, as_of):
        assert crossing in evaluate(ahead, crossing.crossed_on).crossings
        assert crossing not in evaluate(ahead, crossing.crossed_on - ONE_DAY).crossings


# The explanation


@given(moment=moments())
def test_every_date_is_explained_as_naive_rules_see_it(moment: Moment) -> None:
    facts = moment.facts
    explained = days(facts, at(-3), at(DAYS + 10))
    assert [row.day for row in explained] == [at(n) for n in range(-3, DAYS + 11)]
    for row in explained:
        day = naive.day_of(facts, row.day)
        assert (row.kind, row.expected, row.missed, row.unauthorised, row.sick) == (
            day.kind,
            day.expected,
            day.missed,
            day.unauthorised,
            day.sick,
        )


@given(moment=moments())
def test_explanation_counts_what_the_norm_asks(moment: Moment) -> None:
    facts, as_of = moment.facts, moment.as_of
    dates = list(naive.days_until(facts, as_of))
    lengths = {Rule.LRV: {(run.start, run.day): run.school_days for run in naive.unauthorised_run(facts, dates)}}
    home = {(run.start, run.day): run.school_days for run in naive.home_run(facts, dates)}
    for crossing in evaluate(facts, as_of).crossings:
        explained = explain(facts, crossing, as_of)
        counted = [row for row in explained if row.counted]
        assert explained[0].day == crossing.start
        assert explained[-1].day == crossing.crossed_on
        if crossing.rule in IN_SCHOOL_DAYS and crossing.norm.reading is Reading.SCHOOL:
            length = lengths.get(crossing.rule, home)[crossing.start, crossing.crossed_on]
            assert len(counted) == length >= crossing.norm.amount
            if crossing.norm.valid_from is None and len(facts.enrolments) == 1:
                assert length == crossing.norm.amount
        elif crossing.rule is Rule.HOURS_16:
            enrolment = naive.enrolment_on(facts, crossing.crossed_on)
            assert enrolment is not None
            needed = crossing.norm.amount * enrolment.school.hour_minutes
            assert sum(row.unauthorised for row in counted) >= needed
            assert counted[0].day == crossing.start
        elif crossing.rule in (Rule.SICK_4X, Rule.SICK_7D):
            assert len(counted) == crossing.norm.amount
            assert (counted[0].day, counted[-1].day) == (crossing.start, crossing.crossed_on)

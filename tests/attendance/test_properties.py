"""Laws that hold for every pupil: the engine against the naive rules, and against itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random

from dateutil.relativedelta import relativedelta
from hypothesis import assume, given
from hypothesis import strategies as st

from attendance.engine.evaluate import evaluate
from attendance.engine.facts import Facts, Kind, Run
from tests.attendance import naive
from tests.attendance.calendars import closed_too
from tests.attendance.strategies import DAYS, Moment, at, moments

ONE_DAY = timedelta(days=1)


def engine_crossings(facts: Facts, as_of: date) -> list[naive.Found]:
    return [(one.rule.value, one.start, one.crossed_on) for one in evaluate(facts, as_of).crossings]


# Against the naive rules


@given(moment=moments())
def test_crossings_are_those_of_naive_rules(moment: Moment) -> None:
    assert engine_crossings(moment.facts, moment.as_of) == naive.crossings(moment.facts, moment.as_of)


@given(moment=moments())
def test_open_runs_are_those_of_naive_rules(moment: Moment) -> None:
    evaluation = evaluate(moment.facts, moment.as_of)
    expected = [run_of(run) for run in naive.open_runs(moment.facts, moment.as_of)]
    assert [evaluation.home, evaluation.unauthorised] == expected


def run_of(run: naive.RunDay | None) -> Run | None:
    """A run of the naive rules in the words of the engine; months by adding one at a time."""
    if run is None:
        return None
    months = 0
    while run.start + relativedelta(months=months + 1) <= run.day:
        months += 1
    return Run(run.start, run.school_days, (run.day - run.start).days + 1, months)


@given(moment=moments())
def test_norm_of_crossing_is_the_one_valid_on_its_date(moment: Moment) -> None:
    for crossing in evaluate(moment.facts, moment.as_of).crossings:
        assert crossing.norm == naive.norm_on(moment.facts, crossing.rule, crossing.crossed_on)


# Against itself


@given(moment=moments(), chance=st.randoms(use_true_random=False))
def test_order_of_rows_does_not_matter(moment: Moment, chance: Random) -> None:
    facts = moment.facts
    shuffled = Facts(
        enrolments=tuple(chance.sample(facts.enrolments, len(facts.enrolments))),
        absences=tuple(chance.sample(facts.absences, len(facts.absences))),
        timetables=tuple(chance.sample(facts.timetables, len(facts.timetables))),
        exemptions=tuple(chance.sample(facts.exemptions, len(facts.exemptions))),
    )
    assert evaluate(shuffled, moment.as_of) == evaluate(facts, moment.as_of)


@given(moment=moments(), data=st.data())
def test_record_in_two_adjacent_halves_is_the_same(moment: Moment, data: st.DataObject) -> None:
    facts = moment.facts
    long = [record for record in facts.absences if record.minutes is None and record.last != record.first]
    assume(long)
    record = data.draw(st.sampled_from(long))
    last = record.last if record.last is not None else at(DAYS + 200)
    assume(last > record.first)
    cut = record.first + data.draw(st.integers(0, (last - record.first).days - 1)) * ONE_DAY
    halves = (replace(record, last=cut), replace(record, first=cut + ONE_DAY))
    others = tuple(row for row in facts.absences if row is not record)
    assert evaluate(replace(facts, absences=others + halves), moment.as_of) == evaluate(facts, moment.as_of)


@given(moment=moments(), days=st.integers(1, 150))
def test_crossings_as_of_a_date_are_those_up_to_it_of_later(moment: Moment, days: int) -> None:
    later = evaluate(moment.facts, moment.as_of + days * ONE_DAY).crossings
    until_then = tuple(crossing for crossing in later if crossing.crossed_on <= moment.as_of)
    assert evaluate(moment.facts, moment.as_of).crossings == until_then


@given(moment=moments(), other=moments())
def test_evaluating_again_is_the_same(moment: Moment, other: Moment) -> None:
    first = evaluate(moment.facts, moment.as_of)
    evaluate(other.facts, other.as_of)
    evaluate(moment.facts, other.as_of)
    assert evaluate(moment.facts, moment.as_of) == first


@given(moment=moments(), data=st.data())
def test_free_day_inside_a_run_never_makes_it_longer(moment: Moment, data: st.DataObject) -> None:
    facts, as_of = moment.facts, moment.as_of
    run = evaluate(facts, as_of).home
    assume(run is not None)
    assert run is not None
    dates = [run.start + n * ONE_DAY for n in range((as_of - run.start).days + 1)]
    missed = [day for day in dates if naive.day_of(facts, day).kind is Kind.MISSED]
    day = data.draw(st.sampled_from(missed))
    after = evaluate(with_free_day(facts, day), as_of).home
    assert after is None or after.start >= run.start
    assert (after.school_days if after else 0) < run.school_days


def with_free_day(facts: Facts, day: date) -> Facts:
    """The same pupil, when the school of `day` had been closed on it."""
    closing = naive.enrolment_on(facts, day)
    assert closing is not None
    calendar = closed_too(closing.school.calendar, day, at(-400), at(DAYS + 200))
    school = replace(closing.school, calendar=calendar)
    rows = (replace(row, school=school) if row.school is closing.school else row for row in facts.enrolments)
    return replace(facts, enrolments=tuple(rows))

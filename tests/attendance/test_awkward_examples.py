"""Pupils at the edges of the rules, worked out by hand; the engine and the naive rules both have to answer them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from attendance.engine.evaluate import evaluate
from attendance.engine.facts import Absence, Enrolment, Facts, Norms, OwnTimetable, Rule, School
from tests.attendance import naive
from tests.attendance.calendars import calendar_of
from tests.attendance.strategies import DEFAULT_NORMS, ZEROS
from tests.attendance.test_worked_examples import SCHOOL_WEEK, Expected, day, ongeoorloofd, part, pupil, spijbelt, ziek

HERE = School("99ZZ00", calendar_of("zuid"), SCHOOL_WEEK, complete_through=day("2026-07-01"))
THERE = School("99ZZ01", calendar_of("zuid"), SCHOOL_WEEK, complete_through=day("2026-07-01"))
NORMS = Norms(DEFAULT_NORMS)


def authorised(first: str) -> tuple[Absence, ...]:
    return (Absence(day(first), None, authorised=True),)


def enrolled(*periods: tuple[School, str, str | None], final: bool = False) -> tuple[Enrolment, ...]:
    return tuple(
        Enrolment(day(first), day(last) if last else None, school, NORMS, final=final and last is not None)
        for school, first, last in periods
    )


def norm_of(rule: Rule) -> Norms:
    """The norms with that of `rule` beginning on 27 September 2025, a Saturday."""
    begins = day("2025-09-27")
    return Norms(tuple(replace(row, valid_from=begins) if row.rule is rule else row for row in DEFAULT_NORMS))


def under(norms: Norms, absences: tuple[Absence, ...]) -> Facts:
    return Facts((Enrolment(day("2025-08-01"), None, HERE, norms),), absences)


def at_home_by_agreement(facts: Facts, first: str, last: str) -> Facts:
    return replace(facts, timetables=(OwnTimetable(day(first), day(last), ZEROS),))


FOUR_DAYS = spijbelt("2025-11-03", "2025-11-04", "2025-11-12", "2025-11-13")

EXAMPLES: dict[str, tuple[Facts, str, Expected]] = {
    "days at home by agreement do not count as unauthorised and do not end that run": (
        at_home_by_agreement(pupil((ongeoorloofd("2025-11-03", None),), "2025-12-05"), "2025-11-10", "2025-11-14"),
        "2025-12-05",
        [
            ("uren-16", "2025-11-03", "2025-11-06"),
            ("thuis-2w", "2025-11-03", "2025-11-14"),
            ("uren-16", "2025-11-07", "2025-11-19"),
            ("uren-16", "2025-11-20", "2025-11-26"),
            ("thuis-4w", "2025-11-03", "2025-11-28"),
            ("uren-16", "2025-11-27", "2025-12-03"),
            ("lrv", "2025-11-03", "2025-12-05"),
        ],
    ),
    "days at home by agreement do not end a sick episode": (
        at_home_by_agreement(
            pupil((ziek("2025-09-01", "2025-09-04"), ziek("2025-09-09", "2025-09-11")), "2025-09-11"),
            "2025-09-05",
            "2025-09-08",
        ),
        "2025-09-11",
        [("ziek-7d", "2025-09-01", "2025-09-11")],
    ),
    "a day partly ill starts the row of seven again": (
        pupil(
            (
                ziek("2025-09-01", "2025-09-05"),
                Absence(day("2025-09-08"), day("2025-09-08"), 120, authorised=True, sick=True),
                ziek("2025-09-09", "2025-09-17"),
            ),
            "2025-09-17",
        ),
        "2025-09-17",
        [("ziek-7d", "2025-09-09", "2025-09-17")],
    ),
    "after a diploma nobody sits at home": (
        Facts(enrolled((HERE, "2025-08-01", "2025-12-31"), final=True), authorised("2025-12-01")),
        "2026-03-01",
        [("thuis-2w", "2025-12-01", "2025-12-12")],
    ),
    "leaving for who knows where ends nothing": (
        Facts(enrolled((HERE, "2025-08-01", "2025-12-31")), authorised("2025-12-01")),
        "2026-03-01",
        [("thuis-2w", "2025-12-01", "2025-12-12"), ("thuis-3m", "2025-12-01", "2026-03-01")],
    ),
    "another school does not end a run at home": (
        Facts(enrolled((HERE, "2025-08-01", "2025-12-05"), (THERE, "2025-12-10", None)), authorised("2025-12-01")),
        "2025-12-31",
        [("thuis-2w", "2025-12-01", "2025-12-16")],
    ),
    "the hours start again at another school": (
        Facts(enrolled((HERE, "2025-08-01", "2025-11-07"), (THERE, "2025-11-10", None)), FOUR_DAYS),
        "2025-12-31",
        [],
    ),
    "the hours go on at the same school after a gap": (
        Facts(enrolled((HERE, "2025-08-01", "2025-11-07"), (HERE, "2025-11-11", None)), FOUR_DAYS),
        "2025-12-31",
        [("uren-16", "2025-11-03", "2025-11-13")],
    ),
    "a second report of sixteen hours waits seven days, and then for school": (
        pupil(
            (ongeoorloofd("2025-09-29", "2025-10-03"), ongeoorloofd("2025-10-06", "2025-10-08")),
            "2025-10-31",
        ),
        "2025-10-31",
        [("uren-16", "2025-09-29", "2025-10-02"), ("uren-16", "2025-10-03", "2025-10-09")],
    ),
    "the seventh day falls in the autumn holiday: the next school day": (
        pupil(
            (ongeoorloofd("2025-10-01", "2025-10-10"), part("2025-10-21", 60, authorised=True)),
            "2025-10-31",
        ),
        "2025-10-31",
        [("uren-16", "2025-10-01", "2025-10-06"), ("uren-16", "2025-10-07", "2025-10-20")],
    ),
    "a norm that begins while the run is long enough is crossed on its first date": (
        under(norm_of(Rule.HOME_2W), (Absence(day("2025-09-08"), None, authorised=True),)),
        "2025-09-30",
        [("thuis-2w", "2025-09-08", "2025-09-27")],
    ),
    "of five reports the last four are the ones that count": (
        under(
            norm_of(Rule.SICK_4X),
            tuple(ziek(on, on) for on in ("2025-09-01", "2025-09-08", "2025-09-15", "2025-09-22", "2025-09-29")),
        ),
        "2025-09-30",
        [("ziek-4x", "2025-09-08", "2025-09-29")],
    ),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_naive_answers_awkward_example(example: str) -> None:
    facts, as_of, expected = EXAMPLES[example]
    found = [(rule, str(start), str(crossed_on)) for rule, start, crossed_on in naive.crossings(facts, day(as_of))]
    assert found == expected


@pytest.mark.parametrize("example", EXAMPLES)
def test_engine_answers_awkward_example(example: str) -> None:
    facts, as_of, expected = EXAMPLES[example]
    found = [(one.rule.value, str(one.start), str(one.crossed_on)) for one in evaluate(facts, day(as_of)).crossings]
    assert found == expected

"""Every date of a crossing explained."""

from __future__ import annotations

import pytest

from attendance.engine.calendar import CalendarException
from attendance.engine.evaluate import evaluate
from attendance.engine.explain import days, explain
from attendance.engine.facts import Crossing, Day, Facts, Kind, Norm, Norms, Reading, Rule, Why
from tests.attendance.engine.pupils import NOTHING, away, d, enrolled, exempt, own, pupil, school
from tests.attendance.engine.random_pupils import random_facts

WEEK = pupil(
    away("ziek", "01-09-2025", ref=1),
    away("ongeoorloofd", "02-09-2025", minutes=120, ref=2),
    away("geoorloofd", "02-09-2025", minutes=60, ref=3),
    away("elders", "03-09-2025", ref=4),
    away("ziek", "04-09-2025", minutes=300, ref=5),
    own((300, 300, 300, 300, 0), "05-09-2025", "05-09-2025"),
    own(NOTHING, "08-09-2025", "08-09-2025"),
    exempt("09-09-2025", "09-09-2025"),
    away("ziek", "09-09-2025", ref=6),
    enrolments=[
        enrolled(
            school(
                through="09-09-2025",
                exceptions=[CalendarException(d("10-09-2025"), d("10-09-2025"), name="studiedag")],
            ),
            first="01-09-2025",
            last="12-09-2025",
            taken=["12-09-2025"],
        )
    ],
)

EXPECTED = [
    Day(d("31-08-2025"), Kind.NEUTRAL, Why.NOT_ENROLLED),
    Day(d("01-09-2025"), Kind.MISSED, Why.MISSED, expected=300, missed=300, sick=300, refs=(1,)),
    Day(d("02-09-2025"), Kind.ATTENDED, Why.PARTLY, expected=300, missed=180, unauthorised=120, refs=(2, 3)),
    Day(d("03-09-2025"), Kind.ATTENDED, Why.PRESENT, expected=300, refs=(4,)),
    Day(d("04-09-2025"), Kind.MISSED, Why.MISSED, expected=300, missed=300, sick=300, refs=(5,)),
    Day(d("05-09-2025"), Kind.NEUTRAL, Why.DAY_OFF),
    Day(d("06-09-2025"), Kind.NEUTRAL, Why.WEEKEND),
    Day(d("07-09-2025"), Kind.NEUTRAL, Why.WEEKEND),
    Day(d("08-09-2025"), Kind.MISSED, Why.HOME_BY_AGREEMENT),
    Day(d("09-09-2025"), Kind.EXEMPT, Why.EXEMPT),
    Day(d("10-09-2025"), Kind.NEUTRAL, Why.CLOSED, note="vrij: studiedag"),
    Day(d("11-09-2025"), Kind.UNKNOWN, Why.NOT_KNOWN, expected=300),
    Day(d("12-09-2025"), Kind.ATTENDED, Why.PRESENT, expected=300),
    Day(d("13-09-2025"), Kind.NEUTRAL, Why.NOT_ENROLLED),
]


def test_each_kind_of_day_with_its_reason() -> None:
    assert list(days(WEEK, d("31-08-2025"), d("13-09-2025"))) == EXPECTED


def test_covered_date_without_known_data_was_attended() -> None:
    facts = pupil(
        away("elders", "01-09-2025", minutes=10),
        away("ziek", "02-09-2025", minutes=10),
        at=school(through=None),
    )

    found = days(facts, d("01-09-2025"), d("03-09-2025"))
    assert [day.why for day in found] == [Why.PRESENT, Why.PARTLY, Why.NOT_KNOWN]


def only(facts: Facts, rule: Rule, as_of: str) -> Crossing:
    return next(row for row in evaluate(facts, d(as_of)).crossings if row.rule is rule)


HOME = pupil(own((300, 300, 300, 300, 0), "01-12-2025"), away("ziek", "01-12-2025", None, ref=7))
EXAMPLES = {
    Rule.HOME_2W: (HOME, 12, 10),
    Rule.HOME_4W: (HOME, 40, 20),
    Rule.HOME_3M: (HOME, 91, 91),
    Rule.LRV: (pupil(away("ongeoorloofd", "01-09-2025", None)), 26, 20),
    Rule.HOURS_16: (
        pupil(*(away("ongeoorloofd", f"{day:02}-09-2025", minutes=240) for day in (1, 8, 15, 22))),
        22,
        4,
    ),
    Rule.SICK_4X: (pupil(*(away("ziek", f"{day:02}-09-2025") for day in (1, 2, 8, 15, 22))), 22, 4),
    Rule.SICK_7D: (HOME, 10, 7),
}


@pytest.mark.parametrize(("rule", "example"), EXAMPLES.items(), ids=EXAMPLES)
def test_every_date_from_start_to_crossing(rule: Rule, example: tuple[Facts, int, int]) -> None:
    facts, length, counted = example

    crossing = only(facts, rule, "01-06-2026")
    found = explain(facts, crossing, d("01-06-2026"))
    assert (found[0].day, found[-1].day) == (crossing.start, crossing.crossed_on)
    assert (len(found), sum(day.counted for day in found)) == (length, counted)
    assert found[-1].counted
    assert found[0].counted


def test_calendar_reading_counts_every_date() -> None:
    norms = Norms((Norm(Rule.HOME_2W, 10, Reading.CALENDAR, 14),))
    facts = pupil(away("ziek", "01-12-2025", None), enrolments=[enrolled(norms=norms)])

    found = explain(facts, only(facts, Rule.HOME_2W, "31-12-2025"), d("31-12-2025"))
    assert sum(day.counted for day in found) == len(found) == 14


def test_home_by_agreement_does_not_count_for_the_unauthorised_run() -> None:
    facts = pupil(away("ongeoorloofd", "01-09-2025", None), own(NOTHING, "08-09-2025", "12-09-2025"))

    found = explain(facts, only(facts, Rule.LRV, "31-10-2025"), d("31-10-2025"))
    assert sum(day.counted for day in found) == 20
    assert {day.why for day in found if not day.counted} == {Why.WEEKEND, Why.HOME_BY_AGREEMENT}


def test_explanation_of_a_crossing_that_no_longer_holds_shows_what_is_missing() -> None:
    before = pupil(away("ziek", "01-09-2025", "12-09-2025"))
    after = pupil(away("ziek", "01-09-2025", "11-09-2025"))

    found = explain(after, only(before, Rule.HOME_2W, "30-09-2025"), d("30-09-2025"))
    assert (found[-1].why, found[-1].counted, sum(day.counted for day in found)) == (Why.PRESENT, False, 9)


def test_nothing_is_explained_after_as_of() -> None:
    crossing = only(HOME, Rule.HOME_2W, "31-12-2025")

    assert explain(HOME, crossing, d("05-12-2025"))[-1].day == d("05-12-2025")


def test_structural_counts_known_dates_that_were_missed_or_left_out() -> None:
    facts = pupil(
        away("ziek", "01-09-2025", "12-09-2025"),
        away("ziek", "15-09-2025", minutes=60),
        own((300, 300, 300, 300, 200), "15-09-2025", "21-09-2025"),
        enrolments=[enrolled(first="25-08-2025", last="30-09-2025")],
    )
    suggested = evaluate(facts, d("22-09-2025")).structural
    assert suggested is not None

    found = explain(facts, Crossing(Rule.STRUCTURAL, d("25-08-2025"), d("01-10-2025"), suggested.norm), d("01-10-2025"))
    assert [day.day for day in found if day.counted] == [
        *(d(f"{day:02}-09-2025") for day in (1, 2, 3, 4, 5, 8, 9, 10, 11, 12, 15, 19)),
    ]


@pytest.mark.parametrize("seed", range(40))
def test_counted_dates_of_a_crossing_reach_its_norm(seed: int) -> None:
    facts = random_facts(seed)
    as_of = d("01-03-2026")

    for crossing in evaluate(facts, as_of).crossings:
        found = explain(facts, crossing, as_of)
        counted = [day for day in found if day.counted]
        if crossing.rule in {Rule.HOME_2W, Rule.HOME_4W, Rule.LRV, Rule.SICK_7D, Rule.SICK_4X}:
            assert len(counted) == crossing.norm.amount, crossing
        elif crossing.rule is Rule.HOURS_16:
            assert sum(day.unauthorised for day in counted) >= crossing.norm.amount * 50
        else:
            assert len(counted) == len(found)


def test_hours_outside_the_own_timetable_are_not_missed() -> None:
    facts = pupil(own((0, 180, 0, 180, 0), "01-02-2026"), away("ongeoorloofd", "02-02-2026", "03-02-2026"))

    found = days(facts, d("02-02-2026"), d("03-02-2026"))
    assert [(day.why, day.unauthorised) for day in found] == [(Why.DAY_OFF, 0), (Why.MISSED, 180)]

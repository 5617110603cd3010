"""The run at home and the unauthorised run, on both sides of each boundary.

Zuid, 2025-26: school begins on Monday 18 August; autumn holiday 11-19 October, Christmas 20 December-4 January,
spring 14-22 February; Monday 1 September is a school day.
"""

from __future__ import annotations

import random
from datetime import date

import pytest
from dateutil.relativedelta import relativedelta

from attendance.engine.calendar import CalendarException
from attendance.engine.evaluate import evaluate
from attendance.engine.facts import Facts, Norm, Norms, Rule, Run
from attendance.engine.runs import add_months, months_between
from tests.attendance.engine.pupils import (
    NOTHING,
    away,
    crossings,
    d,
    enrolled,
    exempt,
    own,
    pupil,
    school,
)

MON_TUE = (300, 300, 0, 0, 0)


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        ("11-09-2025", []),
        ("12-09-2025", ["thuis-2w 12-09-2025 from 01-09-2025"]),
        ("25-09-2025", ["thuis-2w 12-09-2025 from 01-09-2025"]),
        ("26-09-2025", ["thuis-2w 12-09-2025 from 01-09-2025", "thuis-4w 26-09-2025 from 01-09-2025"]),
    ],
)
def test_weeks_at_home_are_ten_and_twenty_school_days(last: str, expected: list[str]) -> None:
    assert crossings(pupil(away("geoorloofd", "01-09-2025", last)), "01-11-2025") == expected


@pytest.mark.parametrize("as_of", ["11-09-2025", "12-09-2025"])
def test_as_of_ignores_what_lies_beyond_it(as_of: str) -> None:
    found = crossings(pupil(away("geoorloofd", "01-09-2025", None)), as_of)

    assert found == (["thuis-2w 12-09-2025 from 01-09-2025"] if as_of == "12-09-2025" else [])


@pytest.mark.parametrize("reason", ["ziek", "onbekend", "ongeoorloofd", "geoorloofd"])
def test_run_at_home_does_not_ask_for_the_reason(reason: str) -> None:
    facts = pupil(away(reason, "01-09-2025", "05-09-2025"), away("geoorloofd", "08-09-2025", "12-09-2025"))

    assert crossings(facts, "01-10-2025", "thuis-2w") == ["thuis-2w 12-09-2025 from 01-09-2025"]


THREE_MONTHS = {
    "on a Sunday, open": ("01-12-2025", None, "01-03-2026", True),
    "the day before": ("01-12-2025", None, "28-02-2026", False),
    "back on the Monday after": ("01-12-2025", "27-02-2026", "31-03-2026", True),
    "back on the Friday before": ("01-12-2025", "26-02-2026", "31-03-2026", False),
    "30 November, shorter month": ("28-11-2025", None, "28-02-2026", True),
    "in the summer holiday": ("20-04-2026", None, "20-07-2026", True),
}


@pytest.mark.parametrize(("first", "last", "as_of", "crossed"), THREE_MONTHS.values(), ids=THREE_MONTHS)
def test_three_months_follow_the_calendar(first: str, last: str | None, as_of: str, *, crossed: bool) -> None:
    found = crossings(pupil(away("geoorloofd", first, last)), as_of, "thuis-3m")

    due = d(first) + relativedelta(months=3)
    assert found == ([f"thuis-3m {due:%d-%m-%Y} from {first}"] if crossed else [])


def test_three_months_are_crossed_without_enrolment() -> None:
    facts = pupil(
        away("geoorloofd", "01-12-2025", None),
        enrolments=[enrolled(last="31-01-2026"), enrolled(first="01-04-2026")],
    )

    assert crossings(facts, "01-03-2026", "thuis-3m") == ["thuis-3m 01-03-2026 from 01-12-2025"]


def test_three_months_are_not_crossed_after_a_final_end() -> None:
    ended = pupil(away("geoorloofd", "01-12-2025", None), enrolments=[enrolled(last="28-02-2026", final=True)])
    on_last_day = pupil(away("geoorloofd", "01-12-2025", None), enrolments=[enrolled(last="01-03-2026", final=True)])

    assert crossings(ended, "01-04-2026", "thuis-3m") == []
    assert crossings(on_last_day, "01-04-2026", "thuis-3m") == ["thuis-3m 01-03-2026 from 01-12-2025"]


def test_run_after_a_final_end_is_another_run() -> None:
    facts = pupil(
        away("geoorloofd", "01-09-2025", None),
        enrolments=[enrolled(last="05-09-2025", final=True), enrolled(first="08-09-2025")],
    )

    assert crossings(facts, "30-09-2025", "thuis-2w") == ["thuis-2w 19-09-2025 from 08-09-2025"]


def test_run_is_open_on_the_last_day_of_a_final_enrolment_only() -> None:
    facts = pupil(away("geoorloofd", "01-09-2025", None), enrolments=[enrolled(last="05-09-2025", final=True)])

    assert evaluate(facts, d("05-09-2025")).home == Run(d("01-09-2025"), 5, 5, 0)
    assert evaluate(facts, d("06-09-2025")).home is None


BETWEEN = {
    "weekend and holiday go on": ([away("ziek", "06-10-2025", "24-10-2025")], "24-10-2025 from 06-10-2025"),
    "one attended day ends it": (
        [away("ziek", "01-09-2025", "11-09-2025"), away("ziek", "15-09-2025", "26-09-2025")],
        "26-09-2025 from 15-09-2025",
    ),
    "an hour at school ends it": (
        [
            away("ziek", "01-09-2025", "11-09-2025"),
            away("ziek", "12-09-2025", minutes=240),
            away("ziek", "15-09-2025", "26-09-2025"),
        ],
        "26-09-2025 from 15-09-2025",
    ),
    "parts that add up to the day do not": (
        [
            away("ziek", "01-09-2025", "11-09-2025"),
            away("ziek", "12-09-2025", minutes=180),
            away("onbekend", "12-09-2025", minutes=60),
            away("ongeoorloofd", "12-09-2025", minutes=70),
        ],
        "12-09-2025 from 01-09-2025",
    ),
    "taught elsewhere ends it": (
        [
            away("ziek", "01-09-2025", "11-09-2025"),
            away("elders", "12-09-2025"),
            away("ziek", "15-09-2025", "26-09-2025"),
        ],
        "26-09-2025 from 15-09-2025",
    ),
    "an exempt weekend ends it": (
        [
            away("ziek", "01-09-2025", "05-09-2025"),
            exempt("06-09-2025", "07-09-2025"),
            away("ziek", "08-09-2025", "19-09-2025"),
        ],
        "19-09-2025 from 08-09-2025",
    ),
    "absent in a weekend starts nothing": ([away("ziek", "30-08-2025", "12-09-2025")], "12-09-2025 from 01-09-2025"),
    "home by agreement is missed": (
        [away("ziek", "01-09-2025", "05-09-2025"), own(NOTHING, "08-09-2025", "12-09-2025")],
        "12-09-2025 from 01-09-2025",
    ),
    "home by agreement alone": ([own(NOTHING, "30-08-2025", "12-09-2025")], "12-09-2025 from 01-09-2025"),
    "a day off in the own timetable counts": (
        [own(MON_TUE, "01-09-2025"), away("ziek", "01-09-2025", "09-09-2025")],
        "12-09-2025 from 01-09-2025",
    ),
    "the run starts on a day that is missed, not on a day off": (
        [own(MON_TUE, "01-09-2025"), away("ziek", "03-09-2025", "30-09-2025")],
        "19-09-2025 from 08-09-2025",
    ),
    "exactly one split in two": (
        [away("ziek", "01-09-2025", "04-09-2025"), away("ziek", "05-09-2025", "12-09-2025")],
        "12-09-2025 from 01-09-2025",
    ),
}


@pytest.mark.parametrize(("records", "expected"), BETWEEN.values(), ids=BETWEEN)
def test_what_lies_between_two_missed_dates(records: list[object], expected: str) -> None:
    assert crossings(pupil(*records), "24-10-2025", "thuis-2w") == [f"thuis-2w {expected}"]  # type: ignore[arg-type]


def test_days_off_alone_do_not_keep_a_run_open() -> None:
    facts = pupil(own(MON_TUE, "01-09-2025"), away("ziek", "01-09-2025", "02-09-2025"))

    assert evaluate(facts, d("07-09-2025")).home == Run(d("01-09-2025"), 5, 7, 0)
    assert evaluate(facts, d("08-09-2025")).home is None


def test_study_day_of_the_school_is_not_a_school_day() -> None:
    closed = school(exceptions=[CalendarException(d("04-09-2025"), d("04-09-2025"), name="studiedag")])

    found = crossings(pupil(away("ziek", "01-09-2025", None), at=closed), "30-09-2025", "thuis-2w")
    assert found == ["thuis-2w 15-09-2025 from 01-09-2025"]


def test_wednesday_without_lessons_in_the_standard_timetable_counts_in_a_run() -> None:
    at = school(week=(300, 300, 0, 300, 300))

    found = crossings(pupil(away("ziek", "01-09-2025", None), at=at), "30-09-2025", "thuis-2w")
    assert found == ["thuis-2w 12-09-2025 from 01-09-2025"]


UNKNOWN = {
    "known: the run ends": ("31-10-2025", (), [], []),
    "unknown dates go on and do not count": ("05-09-2025", (), [], ["thuis-2w 26-09-2025 from 01-09-2025"]),
    "no complete through: every date is later": (None, (), [], ["thuis-2w 26-09-2025 from 01-09-2025"]),
    "the register of one of them was taken": ("05-09-2025", ("10-09-2025",), [], []),
    "the register of the missed days was taken": (
        "31-08-2025",
        ("04-09-2025",),
        [],
        ["thuis-2w 26-09-2025 from 01-09-2025"],
    ),
    "a part of the day is knowledge": ("05-09-2025", (), [away("ziek", "11-09-2025", minutes=10)], []),
    "taught elsewhere is knowledge": ("05-09-2025", (), [away("elders", "11-09-2025")], []),
    "taught elsewhere for a minute is knowledge": ("05-09-2025", (), [away("elders", "11-09-2025", minutes=1)], []),
    "elsewhere in the weekend says nothing": (
        "05-09-2025",
        (),
        [away("elders", "13-09-2025", "14-09-2025")],
        ["thuis-2w 26-09-2025 from 01-09-2025"],
    ),
}


@pytest.mark.parametrize(("through", "taken", "extra", "expected"), UNKNOWN.values(), ids=UNKNOWN)
def test_unknown_dates(through: str | None, taken: tuple[str, ...], extra: list[object], expected: list[str]) -> None:
    # At home 1-5 and 22-26 September; nothing was recorded of the two weeks between them.
    at = enrolled(school(through=through), taken=taken)
    records = [away("ziek", "01-09-2025", "05-09-2025"), away("ziek", "22-09-2025", "26-09-2025"), *extra]

    assert crossings(pupil(*records, enrolments=[at]), "26-09-2025", "thuis-2w") == expected  # type: ignore[arg-type]


def test_days_off_count_among_unknown_dates() -> None:
    facts = pupil(own(MON_TUE, "01-09-2025"), away("ziek", "01-09-2025"), at=school(through=None))

    assert evaluate(facts, d("14-09-2025")).home == Run(d("01-09-2025"), 7, 14, 0)


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("01-12-2025", Run(d("01-12-2025"), 1, 1, 0)),
        ("07-12-2025", Run(d("01-12-2025"), 5, 7, 0)),
        ("31-12-2025", Run(d("01-12-2025"), 15, 31, 0)),
        ("01-01-2026", Run(d("01-12-2025"), 15, 32, 1)),
        ("01-03-2026", Run(d("01-12-2025"), 50, 91, 3)),
    ],
)
def test_open_run_has_both_lengths(as_of: str, expected: Run) -> None:
    assert evaluate(pupil(away("geoorloofd", "01-12-2025", None)), d(as_of)).home == expected


LRV = {
    "twenty school days": ([away("ongeoorloofd", "01-09-2025", "26-09-2025")], ["26-09-2025 from 01-09-2025"]),
    "nineteen": ([away("ongeoorloofd", "01-09-2025", "25-09-2025")], []),
    "not yet decided is not unauthorised": ([away("onbekend", "01-09-2025", None)], []),
    "a sick day is attended here": (
        [
            away("ongeoorloofd", "01-09-2025", "11-09-2025"),
            away("ziek", "12-09-2025"),
            away("ongeoorloofd", "15-09-2025", "10-10-2025"),
        ],
        ["10-10-2025 from 15-09-2025"],
    ),
    "a day of two reasons is attended here": (
        [
            away("ongeoorloofd", "01-09-2025", "11-09-2025"),
            away("ongeoorloofd", "12-09-2025", minutes=150),
            away("geoorloofd", "12-09-2025", minutes=150),
            away("ongeoorloofd", "15-09-2025", "26-09-2025"),
        ],
        [],
    ),
    "parts that add up": (
        [
            away("ongeoorloofd", "01-09-2025", "11-09-2025"),
            away("ongeoorloofd", "12-09-2025", minutes=150),
            away("ongeoorloofd", "12-09-2025", minutes=150),
            away("ongeoorloofd", "15-09-2025", "26-09-2025"),
        ],
        ["26-09-2025 from 01-09-2025"],
    ),
    "home by agreement neither counts nor ends": (
        [
            away("ongeoorloofd", "01-09-2025", "05-09-2025"),
            own(NOTHING, "08-09-2025", "12-09-2025"),
            away("ongeoorloofd", "15-09-2025", "03-10-2025"),
        ],
        ["03-10-2025 from 01-09-2025"],
    ),
    "a day off in the own timetable counts": (
        [own(MON_TUE, "01-09-2025"), away("ongeoorloofd", "01-09-2025", "23-09-2025")],
        ["26-09-2025 from 01-09-2025"],
    ),
    "exemption ends it": (
        [away("ongeoorloofd", "01-09-2025", "30-09-2025"), exempt("13-09-2025", "13-09-2025")],
        [],
    ),
}


@pytest.mark.parametrize(("records", "expected"), LRV.values(), ids=LRV)
def test_unauthorised_run(records: list[object], expected: list[str]) -> None:
    found = crossings(pupil(*records), "10-10-2025", "lrv")  # type: ignore[arg-type]

    assert found == [f"lrv {row}" for row in expected]


def test_unauthorised_run_goes_on_over_unknown_dates_without_counting() -> None:
    records = [away("ongeoorloofd", "01-09-2025", "12-09-2025"), away("ongeoorloofd", "22-09-2025", "03-10-2025")]

    known = pupil(*records)
    unknown = pupil(*records, at=school(through="31-08-2025"))
    assert crossings(known, "03-10-2025", "lrv") == []
    assert crossings(unknown, "03-10-2025", "lrv") == ["lrv 03-10-2025 from 01-09-2025"]


def moved(second: str = "15-09-2025", last: str = "12-09-2025") -> Facts:
    north = school("noord", key="11AA00")
    return pupil(
        away("ongeoorloofd", "01-09-2025", None),
        enrolments=[enrolled(last=last), enrolled(north, first=second)],
    )


def test_change_of_school_goes_on_with_the_calendar_of_each_date() -> None:
    # Noord has its autumn holiday a week later: 18-26 October.
    facts = moved("06-10-2025", "03-10-2025")

    assert evaluate(facts, d("17-10-2025")).home == Run(d("01-09-2025"), 35, 47, 1)
    assert evaluate(facts, d("24-10-2025")).home == Run(d("01-09-2025"), 35, 54, 1)


def test_gap_between_enrolments_is_neutral_and_has_no_school_days() -> None:
    found = crossings(moved("22-09-2025", "05-09-2025"), "30-09-2025", "thuis-2w")

    assert found == ["thuis-2w 26-09-2025 from 01-09-2025"]


def test_absence_outside_any_enrolment_counts_for_nothing() -> None:
    facts = pupil(away("ziek", "01-06-2025", None), enrolments=[enrolled(first="15-09-2025")])

    assert crossings(facts, "26-09-2025") == [
        "ziek-7d 23-09-2025 from 15-09-2025",
        "thuis-2w 26-09-2025 from 15-09-2025",
    ]


def test_pupil_without_enrolment_has_nothing() -> None:
    found = evaluate(pupil(away("ziek", "01-09-2025", None), enrolments=[]), d("01-10-2025"))

    assert (found.crossings, found.home, found.structural, found.structural_share, found.hours_minutes) == (
        (),
        None,
        None,
        None,
        0,
    )


def test_months_equal_relativedelta() -> None:
    chance = random.Random(1)
    for _ in range(2000):
        start = date.fromordinal(chance.randrange(737000, 742000))
        months = chance.randrange(0, 30)
        later = start + relativedelta(months=months)
        assert add_months(start, months) == later
        assert months_between(start, later) >= months
        assert months_between(start, later - relativedelta(days=1)) == months - 1


def test_home_by_agreement_in_a_weekend_is_no_run() -> None:
    assert (
        evaluate(pupil(own(NOTHING, "06-09-2025", "07-09-2025"), at=school(through=None)), d("07-09-2025")).home is None
    )


def test_school_without_lessons_misses_nothing() -> None:
    closed = pupil(away("ongeoorloofd", "01-09-2025", None), at=school(week=NOTHING))

    found = evaluate(closed, d("31-10-2025"))
    assert (found.crossings, found.home, found.structural_share) == ((), None, None)


def test_norm_on_a_day_is_the_one_valid_then() -> None:
    rows = Norms((Norm(Rule.LRV, 20, valid_until=d("31-08-2025")), Norm(Rule.LRV, 15, valid_from=d("01-09-2025"))))

    assert [norm.amount for day in ("31-08-2025", "01-09-2025") if (norm := rows.on(Rule.LRV, d(day)))] == [20, 15]
    assert rows.on(Rule.SICK_7D, d("01-09-2025")) is None


def test_records_that_overlap_all_the_same_count_a_date_once() -> None:
    facts = pupil(away("ziek", "01-09-2025", "11-09-2025"), away("geoorloofd", "03-09-2025", "04-09-2025"))

    assert evaluate(facts, d("11-09-2025")).home == Run(d("01-09-2025"), 9, 11, 0)

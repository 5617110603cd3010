"""The structural suggestion: 20 per cent or more missed in six lesson weeks, or an own timetable below the standard.

A week is 1500 minutes; six known weeks from Monday 1 September to Friday 10 October are 9000, a fifth of that 1800.
"""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from attendance.engine.evaluate import evaluate
from attendance.engine.facts import Facts, Norm, Norms, Rule
from tests.attendance.engine.pupils import away, d, enrolled, exempt, own, pupil, school
from tests.attendance.engine.random_pupils import random_facts

SHORT_WEEK = (300, 300, 300, 300, 240)


def suggestion(facts: Facts, as_of: str) -> tuple[str, str] | None:
    found = evaluate(facts, d(as_of)).structural
    return None if found is None else (f"{found.start:%d-%m-%Y}", f"{found.crossed_on:%d-%m-%Y}")


@pytest.mark.parametrize(("minutes", "share"), [(299, 19), (300, 20)])
def test_share_of_six_lesson_weeks(minutes: int, share: int) -> None:
    facts = pupil(away("ziek", "01-09-2025", "05-09-2025"), away("ziek", "10-10-2025", minutes=minutes))

    found = evaluate(facts, d("10-10-2025"))
    assert found.structural_share == share
    # On the Thursday the sick week is 1500 of 8700: only the last day makes it a fifth.
    assert suggestion(facts, "10-10-2025") == (("01-09-2025", "10-10-2025") if share == 20 else None)


def test_suggestion_begins_on_the_first_day_of_the_unbroken_stretch() -> None:
    facts = pupil(away("ziek", "01-09-2025", "19-09-2025"), enrolments=[enrolled(first="01-09-2025")])

    # Three known weeks are needed, the third begins on 15 September; on the 10th of October it is half of six weeks.
    assert suggestion(facts, "12-09-2025") is None
    assert suggestion(facts, "15-09-2025") == ("30-06-2025", "15-09-2025")
    assert suggestion(facts, "10-10-2025") == ("30-06-2025", "15-09-2025")


def test_suggestion_goes_when_the_window_moves_on() -> None:
    facts = pupil(away("ziek", "01-09-2025", "10-09-2025"))

    assert evaluate(facts, d("10-10-2025")).structural is not None
    assert evaluate(facts, d("24-10-2025")).structural is None


def test_too_little_is_known_for_a_share() -> None:
    stale = pupil(away("ziek", "01-09-2025", None), at=school(through="12-09-2025"))
    newly = pupil(away("ziek", "01-09-2025", None), enrolments=[enrolled(first="01-09-2025")])

    assert evaluate(newly, d("14-09-2025")).structural_share is None
    assert evaluate(newly, d("15-09-2025")).structural_share == 100
    assert evaluate(stale, d("26-09-2025")).structural_share == 50  # two weeks of holiday back to school, two at home
    assert evaluate(stale, d("10-10-2025")).structural_share is None


def test_unknown_dates_are_left_out_even_when_a_record_covers_them() -> None:
    at = school(through="19-09-2025")

    found = evaluate(pupil(away("ziek", "22-09-2025", None), at=at), d("10-10-2025"))
    assert found.structural_share == 0


def test_taken_register_makes_a_date_known() -> None:
    taken = [f"{day:02}-09-2025" for day in (1, 8, 15)]
    at = enrolled(school(through=None), first="01-09-2025", taken=taken)

    found = evaluate(pupil(away("ziek", "08-09-2025"), enrolments=[at]), d("15-09-2025"))
    assert found.structural_share == 33


def test_exempt_dates_are_left_out() -> None:
    facts = pupil(away("ziek", "01-09-2025", "05-09-2025"), exempt("08-09-2025", "19-09-2025"))

    assert evaluate(facts, d("10-10-2025")).structural_share == 25


def test_pupil_without_absence_has_a_share_of_nothing() -> None:
    assert evaluate(pupil(), d("10-10-2025")).structural_share == 0
    assert evaluate(pupil(at=school(through=None)), d("10-10-2025")).structural_share is None
    assert evaluate(pupil(enrolments=[enrolled(first="29-09-2025")]), d("10-10-2025")).structural_share is None


@pytest.mark.parametrize(
    ("as_of", "expected"),
    [
        ("31-08-2025", None),
        ("01-09-2025", ("01-09-2025", "01-09-2025")),
        ("03-10-2025", ("01-09-2025", "01-09-2025")),
        ("04-10-2025", None),
    ],
)
def test_own_timetable_below_the_standard(as_of: str, expected: tuple[str, str] | None) -> None:
    assert suggestion(pupil(own(SHORT_WEEK, "01-09-2025", "03-10-2025")), as_of) == expected


def test_own_timetable_that_moves_hours_is_not_below() -> None:
    assert suggestion(pupil(own((330, 300, 300, 300, 270), "01-09-2025")), "03-10-2025") is None


def test_own_timetable_under_exemption_suggests_nothing() -> None:
    assert suggestion(pupil(own(SHORT_WEEK, "01-09-2025"), exempt("01-09-2025")), "03-10-2025") is None


def test_what_an_own_timetable_leaves_out_is_in_the_share() -> None:
    facts = pupil(own((300, 300, 300, 0, 0), "29-09-2025"), away("ziek", "29-09-2025"))

    # Two weeks of the six: twice 600 left out and 300 missed, of 9000.
    assert evaluate(facts, d("10-10-2025")).structural_share == 1500 * 100 // 9000


def test_earlier_stretch_goes_before_a_later_timetable() -> None:
    facts = pupil(
        away("ziek", "01-09-2025", "26-09-2025"),
        own(SHORT_WEEK, "29-09-2025"),
    )

    found = suggestion(facts, "10-10-2025")
    assert found is not None
    assert d(found[1]) < d("29-09-2025")


def share_by_hand(facts: Facts, on: date) -> tuple[int | None, bool]:
    """The share in the last six lesson weeks, counted day by day, and whether it reaches the norm."""
    here = [row for row in facts.enrolments if row.first <= on and (row.last is None or on <= row.last)]
    if not here:
        return None, False
    day = here[0].school.calendar.lesson_weeks_start(on, 6)
    short = standard = 0
    weeks = set()
    while day <= on:
        for row in facts.enrolments:
            inside = row.first <= day and (row.last is None or day <= row.last)
            free = any(gone.first <= day and (gone.last is None or day <= gone.last) for gone in facts.exemptions)
            through = row.school.complete_through
            known = day in row.taken or (through is not None and day <= through)
            if inside and not free and known and row.school.calendar.is_school_day(day):
                of = row.school.week[day.weekday()]
                expected = of
                for table in facts.timetables:
                    if table.first <= day and (table.last is None or day <= table.last):
                        expected = table.week[day.weekday()]
                gone_minutes = 0
                for record in facts.absences:
                    if record.counts and record.minutes is not None and record.first == day:
                        gone_minutes += record.minutes
                    elif record.counts and record.minutes is None and record.first <= day:
                        gone_minutes += expected if record.last is None or day <= record.last else 0
                standard += of
                short += min(gone_minutes, expected) + max(of - expected, 0)
                weeks.add(day.isocalendar()[:2])
        day += timedelta(days=1)
    if not standard or len(weeks) < 3:
        return None, False
    return short * 100 // standard, short * 5 >= standard


@pytest.mark.parametrize("seed", range(150))
def test_share_and_stretch_equal_counting_by_hand(seed: int) -> None:
    facts = random_facts(seed)
    day = d("01-11-2025") + timedelta(days=seed % 97)

    found = evaluate(facts, day)
    share, holds = share_by_hand(facts, day)
    assert found.structural_share == share
    if found.structural is not None and found.structural.start != found.structural.crossed_on:
        first = found.structural.crossed_on
        assert holds
        assert share_by_hand(facts, first)[1]
        enrolment = next(row for row in facts.enrolments if row.first <= first)
        if enrolment.first < first and len(facts.enrolments) == 1:
            before = enrolment.school.calendar.school_day_on_or_before(first - timedelta(days=1))
            assert before < enrolment.first or not share_by_hand(facts, before)[1]


def test_stretch_of_a_whole_school_year() -> None:
    facts = pupil(away("geoorloofd", "01-09-2025", "01-06-2026"), enrolments=[enrolled(first="01-08-2025")])

    # Known from 18 August: 300 of 3300 minutes on 1 September, 900 of 3900 on the 3rd.
    assert suggestion(facts, "01-06-2026") == ("16-06-2025", "03-09-2025")


@pytest.mark.parametrize(
    ("first_amount", "expected"),
    [
        (10, "08-09-2025"),  # the third week of the school year in Noord
        (90, "06-10-2025"),  # six weeks with nothing but absence
        (101, "13-10-2025"),  # never reached: only the second norm is
    ],
)
def test_stretch_follows_the_norm_of_each_date(first_amount: int, expected: str) -> None:
    rows = (
        Norm(Rule.STRUCTURAL, first_amount, weeks=6, min_weeks=3, valid_until=d("12-10-2025")),
        Norm(Rule.STRUCTURAL, 20, weeks=6, min_weeks=3, valid_from=d("13-10-2025")),
    )
    at = enrolled(school("noord"), norms=Norms(rows))

    found = suggestion(pupil(away("geoorloofd", "01-09-2025", None), enrolments=[at]), "17-10-2025")
    assert found is not None
    assert found[1] == expected


def test_stretch_begins_where_no_norm_was_valid_before() -> None:
    norm = Norm(Rule.STRUCTURAL, 20, weeks=6, min_weeks=3, valid_from=d("07-10-2025"))
    facts = pupil(away("geoorloofd", "01-09-2025", None), enrolments=[enrolled(norms=Norms((norm,)))])

    assert suggestion(facts, "06-10-2025") is None
    assert suggestion(facts, "10-10-2025") == ("01-09-2025", "07-10-2025")


def test_suggestion_waits_for_the_first_school_day_of_a_new_norm() -> None:
    norm = Norm(Rule.STRUCTURAL, 20, weeks=6, min_weeks=3, valid_from=d("11-10-2025"))
    facts = pupil(away("geoorloofd", "01-09-2025", None), enrolments=[enrolled(norms=Norms((norm,)))])

    assert evaluate(facts, d("19-10-2025")).structural_share == 100
    assert suggestion(facts, "19-10-2025") is None
    assert suggestion(facts, "20-10-2025") == ("08-09-2025", "20-10-2025")

"""Evaluating pupils: crossings are stored once, and corrections move, withdraw or restore them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from attendance.models import Absence, Crossing, CrossingChange, Pupil, PupilClock
from attendance.services.clocks import evaluate_pupil, evaluate_pupils
from attendance.services.marks import mark_dirty
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_follow_up(settings: Settings) -> None:
    """What the apps above do with a crossing is no matter of this file."""
    settings.FOLLOW_UP_TASKS = ()


MONDAY = date(2026, 1, 12)
TODAY = date(2026, 2, 9)
CAUSE = "proef"


def at_home(first: date = MONDAY, last: date | None = None, code: str = "geoorloofd") -> Absence:
    """A pupil at a school whose data is complete, absent from `first`."""
    child = factories.pupil(factories.school(complete_through=TODAY))
    return factories.absence(child, first, last, code)


def standing() -> list[tuple[str, date, date]]:
    rows = Crossing.objects.standing().exclude(rule="structureel").order_by("crossed_on", "rule")
    return list(rows.values_list("rule", "start", "crossed_on"))


def changes() -> list[tuple[str, date, date]]:
    rows = CrossingChange.objects.exclude(crossing__rule="structureel").order_by("pk")
    return list(rows.values_list("kind", "old_start", "old_crossed_on"))


def test_crossing_is_stored_with_what_it_rests_on() -> None:
    absence = at_home()

    outcome = evaluate_pupil(absence.pupil_id, today=date(2026, 1, 23), cause=CAUSE)

    row = Crossing.objects.get(rule="thuis-2w")
    assert row in outcome.created
    assert (row.start, row.crossed_on, row.cause, row.revision) == (MONDAY, date(2026, 1, 23), CAUSE, 1)
    assert row.norm is not None
    assert row.norm_text == f"10 schooldagen niet op school ({row.norm.source})"
    assert row.evidence[0] == ["2026-01-12", "missed", "missed", 1, ""]
    assert row.evidence[5] == ["2026-01-17", "neutral", "weekend", 0, ""]
    assert len(row.evidence) == 12


@pytest.mark.parametrize(("today", "expected"), [(date(2026, 1, 22), 0), (date(2026, 1, 23), 1)])
def test_crossing_comes_on_its_day_and_not_before(today: date, expected: int) -> None:
    absence = at_home()

    evaluate_pupil(absence.pupil_id, today=today, cause=CAUSE)

    assert len(standing()) == expected


def test_evaluating_twice_stores_once() -> None:
    absence = at_home()
    evaluate_pupil(absence.pupil_id, today=TODAY, cause=CAUSE)
    before = list(Crossing.objects.order_by("pk").values())

    outcome = evaluate_pupil(absence.pupil_id, today=TODAY, cause="nog eens")

    assert not outcome.changed
    assert list(Crossing.objects.order_by("pk").values()) == before
    assert not CrossingChange.objects.exists()


def test_correction_of_the_start_moves_the_crossings() -> None:
    absence = at_home()
    evaluate_pupil(absence.pupil_id, today=TODAY, cause=CAUSE)
    codes = set(Crossing.objects.exclude(rule="structureel").values_list("code", flat=True))
    absence.first = MONDAY + timedelta(days=1)
    absence.save()

    outcome = evaluate_pupil(absence.pupil_id, today=TODAY, cause="een dag later")

    assert standing() == [("thuis-2w", date(2026, 1, 13), date(2026, 1, 26)), ("thuis-4w", date(2026, 1, 13), TODAY)]
    assert changes() == [("moved", MONDAY, date(2026, 1, 23)), ("moved", MONDAY, date(2026, 2, 6))]
    assert set(Crossing.objects.exclude(rule="structureel").values_list("code", flat=True)) == codes
    assert {row.revision for row in outcome.moved} == {2}
    assert Crossing.objects.get(rule="thuis-2w").evidence[0][0] == "2026-01-13"


def test_correction_of_a_day_inside_moves_only_the_later_date() -> None:
    absence = at_home()
    evaluate_pupil(absence.pupil_id, today=TODAY, cause=CAUSE)
    factories.closed(absence.pupil.enrolments.get().place, date(2026, 2, 3))

    evaluate_pupil(absence.pupil_id, today=TODAY, cause="studiedag")

    assert standing() == [("thuis-2w", MONDAY, date(2026, 1, 23)), ("thuis-4w", MONDAY, TODAY)]
    assert changes() == [("moved", MONDAY, date(2026, 2, 6))]


def test_crossing_is_withdrawn_and_restored() -> None:
    absence = at_home()
    evaluate_pupil(absence.pupil_id, today=TODAY, cause=CAUSE)
    code = Crossing.objects.get(rule="thuis-4w").code
    Absence.objects.update(last=date(2026, 2, 5))
    evaluate_pupil(absence.pupil_id, today=TODAY, cause="beter gemeld")

    row = Crossing.objects.get(rule="thuis-4w")
    assert row.withdrawn_at is not None
    assert (row.withdrawn_cause, row.revision) == ("beter gemeld", 2)
    assert [rule for rule, *_ in standing()] == ["thuis-2w"]
    assert not evaluate_pupil(absence.pupil_id, today=TODAY, cause="nog eens").changed

    Absence.objects.update(last=None)
    outcome = evaluate_pupil(absence.pupil_id, today=TODAY, cause="toch niet")

    row = Crossing.objects.get(rule="thuis-4w")
    assert outcome.restored == [row]
    assert (row.code, row.withdrawn_at, row.withdrawn_cause, row.revision) == (code, None, "", 3)
    assert [kind for kind, *_ in changes()] == ["withdrawn", "restored"]


def test_sixteen_hours_move_together_when_the_first_day_falls_out() -> None:
    absence = at_home(last=date(2026, 1, 23), code="ongeoorloofd")
    evaluate_pupil(absence.pupil_id, today=TODAY, cause=CAUSE)
    assert [row for row in standing() if row[0] == "uren-16"] == [
        ("uren-16", MONDAY, date(2026, 1, 15)),
        ("uren-16", date(2026, 1, 16), date(2026, 1, 22)),
    ]
    Absence.objects.update(first=date(2026, 1, 13))

    evaluate_pupil(absence.pupil_id, today=TODAY, cause="een dag later")

    assert [row for row in standing() if row[0] == "uren-16"] == [
        ("uren-16", date(2026, 1, 13), date(2026, 1, 16)),
        ("uren-16", date(2026, 1, 19), date(2026, 1, 23)),
    ]
    assert Crossing.objects.filter(rule="uren-16").count() == 2


def test_crossing_under_a_norm_of_the_alliance_keeps_it() -> None:
    absence = at_home()
    school = absence.pupil.enrolments.get().school
    school.alliance = factories.alliance()
    school.save()
    own = factories.norm("thuis-2w", 5, school.alliance, valid_from=date(2026, 1, 1))

    evaluate_pupil(absence.pupil_id, today=TODAY, cause=CAUSE)

    row = Crossing.objects.get(rule="thuis-2w")
    assert (row.crossed_on, row.norm) == (date(2026, 1, 16), own)
    assert row.norm_text == "5 schooldagen niet op school (test)"


# The suggestion


def suggestions() -> list[tuple[date, date, bool]]:
    rows = Crossing.objects.filter(rule="structureel").order_by("start")
    return [(row.start, row.crossed_on, row.withdrawn_at is None) for row in rows]


def test_suggestion_stays_when_time_goes_on_and_goes_with_the_facts() -> None:
    absence = at_home(last=date(2026, 1, 23))
    evaluate_pupil(absence.pupil_id, today=date(2026, 1, 23), cause=CAUSE)
    [(start, crossed_on, stands)] = suggestions()
    assert (crossed_on, stands) == (date(2026, 1, 19), True)

    later = date(2026, 4, 10)
    absence.pupil.enrolments.get().place.__class__.objects.update(complete_through=later)
    evaluate_pupil(absence.pupil_id, today=later, cause=CAUSE)
    assert suggestions() == [(start, crossed_on, True)]

    Absence.objects.update(last=MONDAY)
    evaluate_pupil(absence.pupil_id, today=later, cause="was er wel")
    assert suggestions() == [(start, crossed_on, False)]

    Absence.objects.update(last=date(2026, 1, 23))
    evaluate_pupil(absence.pupil_id, today=later, cause="toch niet")
    assert suggestions() == [(start, crossed_on, True)]


def test_suggestion_from_an_own_timetable_below_the_standard() -> None:
    child = factories.pupil(factories.school(complete_through=TODAY))
    factories.own_timetable(child, (300, 300, 0, 300, 300), date(2026, 2, 2))

    evaluate_pupil(child.pk, today=TODAY, cause=CAUSE)
    evaluate_pupil(child.pk, today=TODAY, cause=CAUSE)

    assert suggestions() == [(date(2026, 2, 2), date(2026, 2, 2), True)]


def test_suggestion_of_before_the_enrolment_does_not_change_places_for_ever() -> None:
    """On the 9th the own timetable of before the enrolment gives one suggestion, later the share gives another."""
    child = factories.pupil()
    factories.enrolment(child, factories.school(complete_through=TODAY), first=date(2025, 8, 25))
    factories.own_timetable(child, (0, 150, 150, 150, 150), date(2025, 8, 8), date(2025, 10, 7))
    factories.own_timetable(child, (0, 0, 0, 0, 0), date(2025, 10, 8))
    evaluate_pupil(child.pk, today=TODAY, cause=CAUSE)
    once = suggestions(), Crossing.objects.get(rule="structureel").revision
    evaluate_pupil(child.pk, today=TODAY, cause=CAUSE)
    evaluate_pupil(child.pk, today=TODAY, cause=CAUSE)
    assert (suggestions(), Crossing.objects.get(rule="structureel").revision) == once


# The clock


def test_clock_says_what_runs_and_when_to_look_again() -> None:
    absence = at_home()

    evaluate_pupil(absence.pupil_id, today=date(2026, 1, 14), cause=CAUSE)

    clock = PupilClock.objects.get()
    assert (clock.dirty, clock.evaluated_on) == (False, date(2026, 1, 14))
    assert (clock.run_since, clock.run_school_days, clock.open_since) == (MONDAY, 3, clock.open_since)
    assert clock.next_on is not None
    assert clock.next_on <= date(2026, 1, 23)


def test_clock_with_hours_that_lists_show_is_counted_again_each_monday() -> None:
    few, many = (at_home(MONDAY, last, "ongeoorloofd") for last in (date(2026, 1, 13), date(2026, 1, 14)))

    evaluate_pupils([few.pupil_id, many.pupil_id], today=date(2026, 1, 16), cause=CAUSE)

    assert few.pupil.clock.unauthorised_minutes == 600
    assert many.pupil.clock.unauthorised_minutes == 900
    assert many.pupil.clock.next_on == date(2026, 1, 19)
    assert few.pupil.clock.next_on != date(2026, 1, 19)


def test_pupil_evaluated_later_is_not_set_back() -> None:
    absence = at_home()
    evaluate_pupil(absence.pupil_id, today=date(2026, 1, 23), cause=CAUSE)

    evaluate_pupil(absence.pupil_id, today=date(2026, 1, 23), finished=date(2026, 1, 22), cause=CAUSE)

    assert [rule for rule, *_ in standing()] == ["thuis-2w"]
    assert PupilClock.objects.get().evaluated_on == date(2026, 1, 23)


def test_clock_of_a_machine_that_was_ahead_is_set_right() -> None:
    absence = at_home()
    evaluate_pupil(absence.pupil_id, today=date(2026, 2, 6), cause=CAUSE)

    evaluate_pupil(absence.pupil_id, today=date(2026, 1, 22), finished=date(2026, 1, 21), cause=CAUSE)

    assert PupilClock.objects.get().evaluated_on == date(2026, 1, 22)
    assert standing() == []


def test_mark_makes_a_clock_and_its_cause_is_kept() -> None:
    absence = at_home()

    assert mark_dirty([absence.pupil_id, absence.pupil_id, 0], cause="rooster gewijzigd") == 1
    assert mark_dirty([absence.pupil_id], cause="kalender gewijzigd") == 1

    clock = PupilClock.objects.get()
    assert (clock.dirty, clock.dirty_cause, clock.evaluated_on) == (True, "kalender gewijzigd", None)


def test_queries_do_not_follow_the_number_of_pupils() -> None:
    school = factories.school(complete_through=TODAY)
    children = [factories.pupil(in_group=factories.group(school)) for _ in range(4)]
    for child in children:
        factories.absence(child, MONDAY, None, "ongeoorloofd")
    counts = []
    for ids in ([children[0].pk], [child.pk for child in children[1:]]):
        with CaptureQueriesContext(connection) as queries:
            evaluate_pupils(ids, today=TODAY, cause=CAUSE)
        counts.append(len(queries))
    with CaptureQueriesContext(connection) as again:
        evaluate_pupils([child.pk for child in children], today=TODAY, cause=CAUSE)

    assert len(standing()) == 4 * len(standing_of(children[0]))
    assert counts[0] == counts[1]
    assert len(again) < counts[0]


def standing_of(child: Pupil) -> list[Crossing]:
    return list(child.crossings.standing().exclude(rule="structureel"))


def broken_pupil() -> Pupil:
    """A pupil the rules fail on: nobody can be sick zero days in a row."""
    school = factories.school(alliance=factories.alliance(), complete_through=TODAY)
    factories.norm("ziek-7d", 0, school.alliance)
    return factories.absence(factories.pupil(school), MONDAY, MONDAY).pupil


def test_pupil_that_cannot_be_evaluated_does_not_stop_the_others(caplog: pytest.LogCaptureFixture) -> None:
    broken, fine = broken_pupil(), at_home().pupil

    outcome = evaluate_pupils([broken.pk, fine.pk], today=TODAY, cause=CAUSE)

    assert (outcome.failed, outcome.evaluated) == ([broken.pk], 1)
    assert f"pupil {broken.pk} cannot be evaluated" in caplog.text
    assert PupilClock.objects.get(pupil=broken).dirty
    assert len(standing_of(fine)) == 2


def test_pupil_without_anything_to_count_gets_no_clock() -> None:
    child = factories.pupil(factories.school())

    evaluate_pupil(child.pk, today=TODAY, cause=CAUSE)

    assert not PupilClock.objects.exists()

"""Lessons become records of absence: what is stored, what is left alone, and when a day is known."""

from __future__ import annotations

from datetime import date

import pytest

from attendance.models import Absence, Group, LessonMark, LessonTaken, Pupil, PupilClock, SettledAbsence
from attendance.services.absences import AbsenceError, Content, change_absence, close_absence, withdraw_absence
from attendance.services.clocks import evaluate_pupil
from attendance.services.lessons import cancel_lesson, close_day, give_reason
from attendance.services.schools import declare_complete
from tests import factories
from tests.attendance.lessons import PRESENT, TODAY, absent, is_known, late, records, take, vo_school
from thuiszitters.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> Group:
    return factories.group(vo_school(), "2A")


@pytest.fixture
def pupil(group: Group) -> Pupil:
    return factories.pupil(in_group=group)


@pytest.fixture
def teacher(group: Group) -> User:
    return factories.teacher(group)


# The child's safety


def test_one_teacher_who_misses_a_pupil_does_not_end_the_run_at_home(group: Group, pupil: Pupil, teacher: User) -> None:
    """At home from Monday 15 December to Tuesday. On Wednesday one of four teachers took the lesson."""
    factories.absence(pupil, date(2025, 12, 15), date(2026, 1, 13))
    evaluate_pupil(pupil.pk, today=TODAY, cause="test")

    take(group, teacher, 1, {pupil: absent()})

    clock = PupilClock.objects.get(pupil=pupil)
    assert clock.run_since == date(2025, 12, 15)
    assert records(pupil) == [(0, None, "ziek")]
    assert not is_known(group)


def test_being_seen_in_one_lesson_ends_the_run_at_home(group: Group, pupil: Pupil, teacher: User) -> None:
    factories.absence(pupil, date(2025, 12, 15), date(2026, 1, 13))
    evaluate_pupil(pupil.pk, today=TODAY, cause="test")
    take(group, teacher, 1, {pupil: absent()})

    take(group, teacher, 2)

    assert PupilClock.objects.get(pupil=pupil).run_since is None
    assert records(pupil)[1:] == [(1, 50, "onbekend")]
    assert not is_known(group)  # of others it still is not


def test_a_day_missed_altogether_counts_once_all_lessons_are_accounted_for(
    group: Group, pupil: Pupil, teacher: User
) -> None:
    factories.absence(pupil, date(2025, 12, 15), date(2026, 1, 13))
    evaluate_pupil(pupil.pk, today=TODAY, cause="test")
    before = PupilClock.objects.get(pupil=pupil).run_school_days

    for lesson in (1, 2, 3):
        take(group, teacher, lesson, {pupil: absent()})
    assert PupilClock.objects.get(pupil=pupil).run_school_days == before
    cancel_lesson(group=group, day=TODAY, lesson=4, by=teacher, today=TODAY)

    assert PupilClock.objects.get(pupil=pupil).run_school_days == before + 1
    assert records(pupil)[1:] == [(0, None, "onbekend")]
    assert is_known(group)


def test_a_day_on_which_no_lesson_took_place_says_nothing(group: Group, pupil: Pupil, teacher: User) -> None:
    factories.absence(pupil, date(2025, 12, 15), date(2026, 1, 13))
    evaluate_pupil(pupil.pk, today=TODAY, cause="test")

    for lesson in (1, 2, 3, 4):
        cancel_lesson(group=group, day=TODAY, lesson=lesson, by=teacher, today=TODAY)

    assert not is_known(group)
    assert PupilClock.objects.get(pupil=pupil).run_since == date(2025, 12, 15)


def test_silence_is_presence_once_all_lessons_are_taken(group: Group, pupil: Pupil, teacher: User) -> None:
    factories.absence(pupil, date(2025, 12, 15), date(2026, 1, 13))
    evaluate_pupil(pupil.pk, today=TODAY, cause="test")

    for lesson in (1, 2, 3, 4):
        assert not is_known(group)
        take(group, teacher, lesson)

    assert is_known(group)
    assert PupilClock.objects.get(pupil=pupil).run_since is None


def test_silence_about_a_pupil_with_a_timetable_of_their_own_is_no_presence(
    group: Group, pupil: Pupil, teacher: User
) -> None:
    """100 of 200 minutes, in lessons that nobody knows: somebody has to say whether they came."""
    factories.own_timetable(pupil, (100,) * 5, factories.SCHOOL_YEAR)

    for lesson in (1, 2, 3, 4):
        take(group, teacher, lesson)
    assert not is_known(group)
    take(group, teacher, 4, {pupil: PRESENT})

    assert is_known(group)
    assert records(pupil) == []


def test_who_is_expected_at_no_lesson_holds_nothing_up(group: Group, pupil: Pupil, teacher: User) -> None:
    factories.own_timetable(pupil, (100, 100, 0, 100, 100), factories.SCHOOL_YEAR)
    exempt = factories.pupil(in_group=group)
    factories.exemption(exempt, factories.SCHOOL_YEAR)

    for lesson in (1, 2, 3, 4):
        take(group, teacher, lesson, {exempt: absent()})

    assert is_known(group)
    assert records(exempt) == []


# Closing the day


def test_closing_the_day_asks_of_who_was_never_seen_whether_they_came(
    group: Group, pupil: Pupil, teacher: User
) -> None:
    came = factories.pupil(in_group=group)
    take(group, teacher, 1, {pupil: absent("ziek"), came: absent()})

    close_day(group=group, day=TODAY, away=[pupil.pk], by=teacher, today=TODAY)

    assert records(pupil) == [(0, None, "ziek")]
    assert records(came) == [(1, 50, "onbekend")]
    assert is_known(group)
    assert LessonTaken.objects.filter(group=group, day=TODAY).count() == 4


def test_closing_tells_of_a_pupil_whom_no_lesson_mentions(group: Group, pupil: Pupil, teacher: User) -> None:
    factories.own_timetable(pupil, (100,) * 5, factories.SCHOOL_YEAR)
    for lesson in (1, 2, 3, 4):
        take(group, teacher, lesson)

    close_day(group=group, day=TODAY, away=[pupil.pk], by=teacher, today=TODAY)

    assert records(pupil) == [(0, None, "onbekend")]
    assert is_known(group)


def test_a_day_without_any_lesson_taken_cannot_be_closed(group: Group, pupil: Pupil, teacher: User) -> None:
    with pytest.raises(AbsenceError, match="Vul eerst één les in"):
        close_day(group=group, day=TODAY, away=[], by=teacher, today=TODAY)
    assert not is_known(group)


def test_closing_refuses_somebody_of_whom_more_is_known_by_now(group: Group, pupil: Pupil, teacher: User) -> None:
    take(group, teacher, 1, {pupil: absent()})
    take(group, teacher, 2)

    with pytest.raises(AbsenceError, match="intussen iets anders bekend"):
        close_day(group=group, day=TODAY, away=[pupil.pk], by=teacher, today=TODAY)
    assert LessonTaken.objects.count() == 2


# Corrections


def test_a_correction_of_a_lesson_settles_the_day_again_and_keeps_what_was(
    group: Group, pupil: Pupil, teacher: User
) -> None:
    for lesson in (1, 2, 3, 4):
        take(group, teacher, lesson, {pupil: absent()})
    assert records(pupil) == [(0, None, "onbekend")]

    take(group, teacher, 3, {pupil: None})

    assert records(pupil) == [(1, 50, "onbekend"), (2, 50, "onbekend"), (4, 50, "onbekend")]
    assert Absence.objects.filter(pupil=pupil, withdrawn_by=teacher).count() == 1
    replaced = LessonMark.objects.get(pupil=pupil, lesson=3)
    assert (replaced.seen, replaced.replaced_by) == ("afwezig", teacher)


def test_taking_a_lesson_again_changes_nothing(group: Group, pupil: Pupil, teacher: User) -> None:
    marks = {pupil: late()}
    take(group, teacher, 1, marks)  # type: ignore[arg-type]
    before = [list(model.objects.values_list("pk", flat=True)) for model in (Absence, LessonMark, SettledAbsence)]

    take(group, teacher, 1, marks)  # type: ignore[arg-type]

    assert [
        list(model.objects.values_list("pk", flat=True)) for model in (Absence, LessonMark, SettledAbsence)
    ] == before
    assert records(pupil) == [(1, 10, "telaat")]
    assert Absence.objects.get().versions.count() == 0


def test_a_cancelled_lesson_can_be_taken_after_all(group: Group, pupil: Pupil, teacher: User) -> None:
    cancel_lesson(group=group, day=TODAY, lesson=1, by=teacher, today=TODAY)
    take(group, teacher, 1, {pupil: late()})

    assert not LessonTaken.objects.get().cancelled
    assert records(pupil) == [(1, 10, "telaat")]


def test_a_reason_that_is_given_later_goes_to_every_lesson_without_one(
    group: Group, pupil: Pupil, teacher: User
) -> None:
    mentor = factories.mentor(group)
    take(group, teacher, 1, {pupil: absent()})
    take(group, teacher, 2, {pupil: absent("geoorloofd")})
    take(group, teacher, 3, {pupil: absent()})
    take(group, teacher, 4)

    give_reason(group=group, day=TODAY, pupil_id=pupil.pk, reason=factories.reason("ziek"), by=mentor, today=TODAY)

    assert records(pupil) == [(1, 50, "ziek"), (2, 50, "geoorloofd"), (3, 50, "ziek")]


# What others recorded stands


def test_a_record_of_others_is_not_rewritten(group: Group, pupil: Pupil, teacher: User) -> None:
    factories.absence(pupil, date(2026, 1, 12))
    for lesson in (1, 2, 3):
        take(group, teacher, lesson, {pupil: absent()})

    take(group, teacher, 4)  # seen, while it says ill until further notice

    assert records(pupil) == [(0, None, "ziek")]
    assert SettledAbsence.objects.count() == 0


def test_a_record_that_somebody_changed_by_hand_is_theirs(group: Group, pupil: Pupil, teacher: User) -> None:
    take(group, teacher, 1, {pupil: absent()})
    take(group, teacher, 2, {pupil: absent()})
    take(group, teacher, 3)
    lesson = Absence.objects.get(lesson=1)
    content = Content(TODAY, TODAY, factories.reason("geoorloofd"), 50, 1)
    change_absence(absence=lesson, content=content, by=factories.mentor(group), today=TODAY)

    take(group, teacher, 1, {pupil: absent("ziek")})

    assert records(pupil) == [(1, 50, "geoorloofd"), (2, 50, "onbekend")]


def test_a_record_that_somebody_withdrew_by_hand_stays_away(group: Group, pupil: Pupil, teacher: User) -> None:
    take(group, teacher, 1, {pupil: absent()})
    take(group, teacher, 2, {pupil: absent()})
    take(group, teacher, 3)
    withdraw_absence(absence=Absence.objects.get(lesson=1), by=factories.mentor(group), today=TODAY)

    take(group, teacher, 4)
    assert records(pupil) == [(2, 50, "onbekend")]
    take(group, teacher, 1, {pupil: absent("ziek")})  # something new is said

    assert records(pupil) == [(1, 50, "ziek"), (2, 50, "onbekend")]


def test_a_day_that_an_import_completes_makes_silence_presence(group: Group, pupil: Pupil, teacher: User) -> None:
    declare_complete(school=group.school, through=TODAY)
    group.refresh_from_db()

    take(group, teacher, 1, {pupil: absent()})

    assert records(pupil) == [(1, 50, "onbekend")]
    assert not is_known(group)  # no need


def test_when_a_record_of_others_goes_what_the_lessons_say_counts(group: Group, pupil: Pupil, teacher: User) -> None:
    """Were it not so, silence would make the pupil present: the register of the day was taken."""
    record = factories.absence(pupil, date(2026, 1, 12))
    for lesson in (1, 2, 3, 4):
        take(group, teacher, lesson, {pupil: absent("ziek")})
    assert is_known(group)

    withdraw_absence(absence=record, by=factories.mentor(group), today=TODAY)

    assert [(row.first, row.last, row.minutes) for row in Absence.objects.standing()] == [(TODAY, TODAY, None)]
    assert PupilClock.objects.get(pupil=pupil).run_since == TODAY


def test_who_is_back_in_the_third_lesson_has_missed_two(group: Group, pupil: Pupil, teacher: User) -> None:
    record = factories.absence(pupil, date(2026, 1, 12))
    for lesson in (1, 2):
        take(group, teacher, lesson, {pupil: absent("ziek")})
    take(group, teacher, 3)

    close_absence(absence=record, back_on=TODAY, by=factories.mentor(group), today=TODAY)

    assert records(pupil) == [(0, None, "ziek"), (1, 50, "ziek"), (2, 50, "ziek")]


def test_a_day_that_somebody_decided_by_hand_is_not_filled_up_again(group: Group, pupil: Pupil, teacher: User) -> None:
    for lesson in (1, 2, 3, 4):
        take(group, teacher, lesson, {pupil: absent()})
    content = Content(TODAY, TODAY, factories.reason("geoorloofd"), 100)

    change_absence(absence=Absence.objects.get(), content=content, by=factories.mentor(group), today=TODAY)
    take(group, teacher, 4, {pupil: absent("ziek")})

    assert records(pupil) == [(0, 100, "geoorloofd")]

"""Lessons that cannot be, and lessons in any order."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import permutations
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from attendance.facts import facts_of
from attendance.models import Absence, Group, LessonMark, LessonTaken, Pupil, RegisterTaken
from attendance.services.absences import AbsenceError
from attendance.services.lessons import MarkedMeanwhile, cancel_lesson, take_lesson
from tests import factories
from tests.attendance.lessons import TODAY, absent, is_known, late, records, take, vo_school
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


# What cannot be


def test_what_cannot_be_is_refused_and_nothing_is_saved(group: Group, pupil: Pupil, teacher: User) -> None:
    stranger = factories.pupil(in_group=factories.group(group.school))
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("nog moet komen", {"day": TODAY + timedelta(days=1)}),
        ("geen schooldag", {"day": date(2026, 1, 11)}),
        ("geen schooldag", {"day": date(2025, 12, 23)}),
        ("geen les 0", {"lesson": 0}),
        ("geen les 5", {"lesson": 5}),
        ("zat die dag niet in", {"marks": {stranger.pk: absent()}}),
        ("hoogstens 49 minuten", {"marks": {pupil.pk: late(50)}}),
    ]
    for text, changed in wrong:
        asked: dict[str, Any] = {"day": TODAY, "lesson": 1, "marks": {}} | changed
        with pytest.raises(AbsenceError, match=text):
            take_lesson(group=group, by=teacher, today=TODAY, **asked)

    assert (LessonTaken.objects.count(), LessonMark.objects.count()) == (0, 0)


def test_a_short_last_lesson_sets_the_most_somebody_can_be_late(group: Group, pupil: Pupil, teacher: User) -> None:
    """180 minutes on Friday: the fourth lesson has 30."""
    friday = date(2026, 1, 9)
    with pytest.raises(AbsenceError, match="hoogstens 29 minuten"):
        take(group, teacher, 4, {pupil: late(30)}, friday)
    take(group, teacher, 4, {pupil: late(29)}, friday)

    assert records(pupil) == [(4, 29, "telaat")]


def test_a_primary_school_has_no_lessons(teacher: User) -> None:
    group = factories.group(factories.school())
    with pytest.raises(AbsenceError, match="geen lessen"):
        take(group, teacher, 1)


def test_a_mark_that_changed_meanwhile_is_not_written_over(group: Group, pupil: Pupil, teacher: User) -> None:
    take(group, teacher, 1, {pupil: absent()})

    with pytest.raises(MarkedMeanwhile, match="Sam"):
        take_lesson(
            group=group,
            day=TODAY,
            lesson=1,
            marks={pupil.pk: late()},
            known={pupil.pk: None},
            by=factories.mentor(group),
            today=TODAY,
        )

    assert LessonMark.objects.standing().get().seen == "afwezig"


# In any order

SEEN = st.sampled_from(["", "onbekend", "ziek", "late", "cancelled"])


class InAnyOrder(TestCase):
    @settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    @given(st.lists(SEEN, min_size=4, max_size=4), st.permutations([1, 2, 3, 4]))
    def test_the_order_in_which_lessons_are_taken_does_not_matter(self, seen: list[str], order: list[int]) -> None:
        group = factories.group(vo_school())
        teacher = factories.teacher(group)
        pupils = [factories.pupil(in_group=group) for _ in range(2)]
        marks = {"": None, "onbekend": absent(), "ziek": absent("ziek"), "late": late()}
        found = []
        for pupil, lessons in zip(pupils, ([1, 2, 3, 4], order), strict=True):
            LessonTaken.objects.all().delete()
            RegisterTaken.objects.all().delete()
            for lesson in lessons:
                if seen[lesson - 1] == "cancelled":
                    cancel_lesson(group=group, day=TODAY, lesson=lesson, by=teacher, today=TODAY)
                else:
                    take(group, teacher, lesson, {pupil: marks[seen[lesson - 1]]})
            found.append((records(pupil), is_known(group)))
            Absence.objects.all().delete()
            LessonMark.objects.all().delete()

        assert found[0] == found[1]


def test_any_order_of_a_day_missed_altogether_gives_one_record(group: Group, teacher: User) -> None:
    pupils = []
    for order in list(permutations([1, 2, 3, 4]))[::5]:
        own = factories.group(group.school)
        pupil = factories.pupil(in_group=own)
        pupils.append(pupil)
        for lesson in order:
            take(own, teacher, lesson, {pupil: absent()})

    assert {tuple(records(pupil)) for pupil in pupils} == {((0, None, "onbekend"),)}
    facts = facts_of([pupils[0].pk])[pupils[0].pk]
    assert [(row.first, row.minutes) for row in facts.absences] == [(TODAY, None)]

"""A record over a day of lessons goes, by an import or a register: what the teachers saw counts again."""

from __future__ import annotations

from datetime import date
from io import BytesIO
from typing import Any

import pytest

from attendance.importing.run import run_import
from attendance.importing.undo import undo_import
from attendance.models import Group, Pupil, PupilClock
from attendance.services.clocks import evaluate_pupil
from attendance.services.lesson_catch_up import catch_up_lessons
from tests import factories
from tests.attendance.lessons import TODAY, absent, is_known, records, take, vo_school
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def group() -> Group:
    return factories.group(vo_school(), "2A")


@pytest.fixture
def pupil(group: Group) -> Pupil:
    """At home since Monday 15 December, up to yesterday as far as the records say."""
    found = factories.pupil(in_group=group)
    factories.absence(found, date(2025, 12, 15), date(2026, 1, 13))
    evaluate_pupil(found.pk, today=TODAY, cause="test")
    return found


@pytest.fixture
def teacher(group: Group) -> User:
    return factories.teacher(group)


def test_an_import_that_is_undone_leaves_the_pupil_at_home(group: Group, pupil: Pupil, teacher: User) -> None:
    """The file said ill; the teachers missed the pupil too, and took every lesson. Silence is no presence."""
    file = BytesIO(f"leerlingnummer;van;tot;reden\n{pupil.number};2026-01-14;2026-01-14;ziek\n".encode())
    result = run_import(kind="absences", file=file, today=TODAY, school=group.school)
    for lesson in (1, 2, 3, 4):
        take(group, teacher, lesson, {pupil: absent()})
    assert is_known(group)
    assert records(pupil)[1:] == [(0, None, "ziek")]
    assert result.register_import is not None

    undo_import(
        register_import=result.register_import,
        by=factories.member(Role.ADMINISTRATIE, group.school),
        today=TODAY,
        progress=None,
    )

    assert records(pupil)[1:] == [(0, None, "onbekend")]
    assert PupilClock.objects.get(pupil=pupil).run_since == date(2025, 12, 15)


def test_it_may_be_repeated_and_asks_once_when_there_is_nothing(
    group: Group, pupil: Pupil, teacher: User, django_assert_num_queries: Any
) -> None:
    for lesson in (1, 2, 3, 4):
        take(group, teacher, lesson, {pupil: absent()})
    before = records(pupil)

    with django_assert_num_queries(1):
        catch_up_lessons([pupil.pk], by=None, today=TODAY)

    assert records(pupil) == before

"""Two people, or a person and an import, save the same class at the same moment. On PostgreSQL, several rounds each."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from threading import Barrier, Thread

import pytest
from django.db import connection, connections, transaction

from attendance.models import Absence, Group, Pupil, RegisterTaken
from attendance.services.locks import lock_pupils
from attendance.services.registers import Mark, RegisterChangedError, register_of, take_register
from tests import factories
from thuiszitters.accounts.models import User

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
MONDAY = date(2026, 1, 12)
ROUNDS = 8


def at_once(*acts: Callable[[], object]) -> list[bool]:
    """Run these at the same moment, each with its own connection: which were told that others came first."""
    start = Barrier(len(acts))
    told = [False] * len(acts)
    broken: list[BaseException] = []

    def run(index: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except RegisterChangedError:
            told[index] = True
        except BaseException as error:  # noqa: BLE001 - a thread that dies must be heard
            broken.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(index, act)) for index, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert connection.vendor == "postgresql"
    assert broken == []
    return told


def a_class() -> tuple[Group, list[Pupil]]:
    group = factories.group(factories.school())
    return group, [factories.pupil(in_group=group) for _ in range(3)]


def saves(group: Group, pupil: Pupil, code: str, by: User) -> Callable[[], object]:
    """Somebody who saw that the pupil was there marks them absent."""
    mark = Mark(factories.reason(code))
    return partial(
        take_register,
        group=group,
        day=MONDAY,
        marks={pupil.pk: mark},
        by=by,
        today=MONDAY,
        seen={pupil.pk: "present"},
    )


def reasons_of(*pupils: Pupil) -> list[str]:
    rows = Absence.objects.standing().filter(pupil__in=pupils).order_by("pupil")
    return list(rows.values_list("reason__code", flat=True))


def test_of_two_marks_for_one_pupil_one_is_saved_and_the_other_is_told() -> None:
    first, second = factories.user(), factories.user()
    for _ in range(ROUNDS):
        group, (pupil, *_rest) = a_class()

        told = at_once(saves(group, pupil, "ziek", first), saves(group, pupil, "ongeoorloofd", second))

        assert sorted(told) == [False, True]
        assert reasons_of(pupil) == ["ongeoorloofd" if told[0] else "ziek"]
        assert RegisterTaken.objects.get(group=group).taken_by == (second if told[0] else first)


def test_marks_for_different_pupils_of_one_class_are_both_saved() -> None:
    first, second = factories.user(), factories.user()
    for _ in range(ROUNDS):
        group, (one, other, _rest) = a_class()

        told = at_once(saves(group, one, "ziek", first), saves(group, other, "ongeoorloofd", second))

        assert told == [False, False]
        assert reasons_of(one, other) == ["ziek", "ongeoorloofd"]
        assert RegisterTaken.objects.filter(group=group).count() == 1


def test_an_import_that_comes_between_is_not_overwritten() -> None:
    """It locks its pupils before it writes, as every writer does."""
    by = factories.user()
    for _ in range(ROUNDS):
        group, (pupil, *_rest) = a_class()

        def bring(pupil: Pupil = pupil) -> None:
            with transaction.atomic():
                lock_pupils([pupil.pk])
                if not Absence.objects.standing().filter(pupil=pupil).exists():
                    factories.absence(pupil, MONDAY, None, "ziek")

        told = at_once(saves(group, pupil, "ongeoorloofd", by), bring)

        assert reasons_of(pupil) == ["ziek" if told[0] else "ongeoorloofd"]


def test_nothing_of_a_save_that_was_told_remains() -> None:
    group, (pupil, other, _rest) = a_class()
    factories.absence(pupil, MONDAY, MONDAY)
    marks = {pupil.pk: None, other.pk: Mark(factories.reason("ziek"))}
    seen = {pupil.pk: "absent:ongeoorloofd", other.pk: "present"}

    with pytest.raises(RegisterChangedError) as told:
        take_register(group=group, day=MONDAY, marks=marks, by=factories.user(), today=MONDAY, seen=seen)

    assert told.value.pupils == {pupil.pk}
    assert [line.mark for line in register_of(group, MONDAY) if line.pupil == other] == [None]
    assert not RegisterTaken.objects.exists()

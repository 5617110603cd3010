"""One absence for a group: all or nobody, once, nothing overwritten, and taken back as one."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from attendance.models import Absence, AbsenceVersion, Crossing, Group, GroupAbsence, Pupil
from attendance.services.absences import AbsenceError, Content, change_absence
from attendance.services.clocks import evaluate_pupils
from attendance.services.group_absences import (
    GroupConflict,
    GroupRecorded,
    record_group,
    records_in_the_way,
    take_back_group,
)
from tests import factories
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)
MONDAY, TUESDAY, FRIDAY = date(2026, 1, 12), date(2026, 1, 13), date(2026, 1, 16)


@pytest.fixture(autouse=True)
def no_follow_up(settings: Settings) -> None:
    settings.FOLLOW_UP_TASKS = []


@pytest.fixture
def group() -> Group:
    return factories.group(factories.school(complete_through=TUESDAY))


@pytest.fixture
def by(group: Group) -> User:
    return factories.member(Role.ADMINISTRATIE, group.school)


def pupils_of(group: Group, number: int = 3) -> list[Pupil]:
    return [factories.pupil(in_group=group) for _ in range(number)]


def excursion(first: date = MONDAY, last: date = MONDAY, minutes: int | None = None, code: str = "elders") -> Content:
    return Content(first, last, factories.reason(code), minutes)


def record(pupils: list[Pupil], by: User, content: Content | None = None) -> GroupRecorded:
    ids = [child.pk for child in pupils]
    return record_group(code=uuid4(), pupil_ids=ids, content=content or excursion(), by=by, today=TODAY)


def test_each_pupil_gets_a_record_of_its_own(group: Group, by: User) -> None:
    pupils = pupils_of(group)

    recorded = record(pupils, by, excursion(last=TUESDAY))

    rows = Absence.objects.order_by("pupil").values_list("pupil", "first", "last", "entered_by", "group_absence")
    assert list(rows) == [(child.pk, MONDAY, TUESDAY, by.pk, recorded.group_absence.pk) for child in pupils]
    assert recorded.is_new


def test_the_same_code_again_records_nothing(group: Group, by: User) -> None:
    pupils = pupils_of(group)
    code = uuid4()
    for _ in range(2):
        recorded = record_group(
            code=code, pupil_ids=[child.pk for child in pupils], content=excursion(), by=by, today=TODAY
        )

    assert not recorded.is_new
    assert Absence.objects.count() == 3
    assert GroupAbsence.objects.count() == 1


def test_one_pupil_with_a_record_stops_all(group: Group, by: User) -> None:
    pupils = pupils_of(group)
    factories.absence(pupils[1], MONDAY, MONDAY)

    with pytest.raises(GroupConflict, match="Nog niets opgeslagen") as caught:
        record(pupils, by)

    assert list(caught.value.pupil_ids) == [pupils[1].pk]
    assert Absence.objects.count() == 1
    assert not GroupAbsence.objects.exists()


@pytest.mark.parametrize(
    ("standing", "content", "is_in_the_way"),
    [
        (Content(MONDAY, MONDAY, None), (MONDAY, MONDAY, None), True),  # type: ignore[arg-type]
        (Content(MONDAY, None, None), (FRIDAY, FRIDAY, None), True),  # type: ignore[arg-type]
        (Content(MONDAY, None, None), (date(2026, 1, 9), date(2026, 1, 9), None), False),  # type: ignore[arg-type]
        (Content(MONDAY, MONDAY, None), (TUESDAY, TUESDAY, None), False),  # type: ignore[arg-type]
        (Content(MONDAY, MONDAY, None, 60, 3), (MONDAY, MONDAY, 60), False),  # type: ignore[arg-type]
        (Content(MONDAY, MONDAY, None, 60), (MONDAY, MONDAY, 60), True),  # type: ignore[arg-type]
        (Content(MONDAY, MONDAY, None, 60, 3), (MONDAY, MONDAY, None), True),  # type: ignore[arg-type]
    ],
)
def test_what_is_in_the_way(
    standing: Content, content: tuple[date, date, int | None], is_in_the_way: bool, group: Group
) -> None:
    (child,) = pupils_of(group, 1)
    factories.absence(child, standing.first, standing.last, minutes=standing.minutes, lesson=standing.lesson)

    found = records_in_the_way([child.pk], excursion(*content))

    assert list(found) == ([child.pk] if is_in_the_way else [])


@pytest.mark.parametrize(
    "content", [(TUESDAY, MONDAY, None), (MONDAY, TUESDAY, 60), (MONDAY, MONDAY, 0), (MONDAY, MONDAY, None, "telaat")]
)
def test_a_record_that_cannot_be_is_refused(
    content: tuple[date, date, int | None, str], group: Group, by: User
) -> None:
    with pytest.raises(AbsenceError):
        record(pupils_of(group), by, excursion(*content))
    assert not Absence.objects.exists()


def test_nobody_is_no_group(by: User) -> None:
    with pytest.raises(AbsenceError, match="Vink"):
        record([], by)


def test_signals_come_and_go_with_the_group(group: Group, by: User) -> None:
    pupils = pupils_of(group)
    recorded = record(pupils, by, excursion(date(2025, 12, 15), TUESDAY, code="geoorloofd"))
    assert Crossing.objects.standing().filter(rule="thuis-2w").count() == 3

    taken = take_back_group(group=recorded.group_absence, by=by, today=TODAY, why="Verkeerde klas")

    assert Crossing.objects.standing().count() == 0
    assert len(taken.withdrawn) == 3
    assert {row.why for row in AbsenceVersion.objects.all()} == {"Verkeerde klas"}


def test_taking_back_leaves_what_was_changed_since(group: Group, by: User) -> None:
    pupils = pupils_of(group)
    made = record(pupils, by, excursion(last=FRIDAY)).group_absence
    changed = pupils[0].absences.get()
    change_absence(absence=changed, content=excursion(last=TUESDAY), by=by, today=TODAY)

    taken = take_back_group(group=made, by=by, today=TODAY)
    again = take_back_group(group=made, by=by, today=TODAY)

    assert list(Absence.objects.standing()) == [changed]
    assert taken.kept == [changed]
    assert (again.withdrawn, again.kept) == ([], [changed])
    made.refresh_from_db()
    assert made.withdrawn_by == by


def test_queries_do_not_follow_the_number_of_pupils(group: Group, by: User) -> None:
    counts = []
    for number in (1, 3, 40):
        pupils = pupils_of(group, number)
        evaluate_pupils([child.pk for child in pupils], today=TODAY, cause="test")
        with CaptureQueriesContext(connection) as recording:
            made = record(pupils, by).group_absence
        with CaptureQueriesContext(connection) as taking:
            take_back_group(group=made, by=by, today=TODAY)
        counts.append((len(recording), len(taking)))

    assert counts[0] == counts[1] == counts[2]


def test_a_group_is_seen_by_who_may_know_all_of_it(group: Group, by: User) -> None:
    """A mentor of one of two classes could otherwise take back what is not theirs."""
    other = factories.group(group.school)
    made = record([*pupils_of(group, 1), *pupils_of(other, 1)], by).group_absence

    assert list(GroupAbsence.objects.visible_to(by)) == [made]
    assert list(GroupAbsence.objects.visible_to(factories.mentor(group))) == []
    assert list(GroupAbsence.objects.visible_to(factories.mentor(other, factories.mentor(group)))) == [made]
    assert list(GroupAbsence.objects.visible_to(factories.member(Role.COO, factories.school()))) == []

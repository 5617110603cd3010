"""The mentor's week: what is counted, what is asked, and what one action solves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.contrib.messages import get_messages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendance.engine.lesson_day import Mark, Seen
from attendance.listings.lesson_week import PupilWeek, lesson_week
from attendance.models import Absence, Group, LessonMark, Pupil
from attendance.services.absences import withdraw_absence
from attendance.services.lessons import cancel_lesson, take_lesson
from attendance.services.schools import declare_complete
from tests import factories
from thuiszitters.accounts.models import User

pytestmark = pytest.mark.django_db
MONDAY, TUESDAY, TODAY = date(2026, 1, 12), date(2026, 1, 13), date(2026, 1, 14)


@pytest.fixture(autouse=True)
def a_wednesday() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def group() -> Group:
    return factories.group(factories.school((200,) * 5, sector="vo", lesson_minutes=50), "2A")


@pytest.fixture
def mentor(group: Group, client: Client) -> User:
    person = factories.mentor(group)
    client.force_login(person)
    return person


@pytest.fixture
def pupil(group: Group) -> Pupil:
    return factories.pupil(in_group=group)


def take(  # noqa: PLR0917 - a lesson has that much to it
    group: Group, by: User, lesson: int, pupil: Pupil | None = None, code: str = "onbekend", day: date = TODAY
) -> None:
    mark = (
        Mark(Seen.LATE, factories.reason(code), 10) if code == "telaat" else Mark(Seen.ABSENT, factories.reason(code))
    )
    take_lesson(group=group, day=day, lesson=lesson, marks={pupil.pk: mark} if pupil else {}, by=by, today=TODAY)


def row_of(group: Group) -> PupilWeek:
    (row,) = lesson_week(group, MONDAY, TODAY).named
    return row


def url(name: str, group: Group, day: date = TODAY) -> str:
    return reverse(f"attendance:{name}", kwargs={"code": group.code, "day": day})


def kinds(row: PupilWeek) -> list[str]:
    """A symbol a lesson, a word a day."""
    return ["".join(mark.symbol for mark in day) for day in row.days]


def test_lessons_are_counted_by_reason_with_minutes_late(group: Group, mentor: User, pupil: Pupil) -> None:
    take(group, mentor, 1, pupil, "onbekend", MONDAY)
    take(group, mentor, 2, pupil, "geoorloofd", MONDAY)
    take(group, mentor, 3, pupil, "telaat", MONDAY)
    cancel_lesson(group=group, day=MONDAY, lesson=4, by=mentor, today=TODAY)
    take(group, mentor, 1, pupil, "onbekend", TUESDAY)

    row = row_of(group)

    assert kinds(row) == ["●●◐–", "●???", "????"]
    assert (row.missed, [count for _, count in row.reasons]) == (3, [2, 1])
    assert (row.late, row.late_times) == (10, 1)
    assert row.doubts == ("di 13 jan",)


def test_a_day_that_others_recorded_counts_each_lesson_that_took_place(
    group: Group, mentor: User, pupil: Pupil
) -> None:
    factories.absence(pupil, MONDAY, TUESDAY)
    cancel_lesson(group=group, day=MONDAY, lesson=4, by=mentor, today=TODAY)

    row = row_of(group)

    assert kinds(row) == ["●●●–", "●●●●", "????"]
    assert (row.missed, row.reasons) == (7, (("ziek", 7),))


def test_lessons_of_an_import_are_shown_as_well(group: Group, mentor: User, pupil: Pupil) -> None:
    factories.part_of_day(pupil, MONDAY, 50, "ongeoorloofd", lesson=2)
    factories.part_of_day(pupil, MONDAY, 10, "telaat", lesson=3)
    factories.part_of_day(pupil, MONDAY, 20, "ziek", lesson=4)
    declare_complete(school=group.school, through=TUESDAY)
    group.refresh_from_db()

    row = row_of(group)

    assert kinds(row) == ["✓●◐◐", "✓✓✓✓", "????"]
    assert (row.missed, row.late) == (1, 10)


def test_who_missed_nothing_is_only_counted(group: Group, mentor: User, pupil: Pupil) -> None:
    take(group, mentor, 1)

    page = lesson_week(group, MONDAY, TODAY)

    assert (page.named, page.others) == ((), 1)


def test_days_with_lessons_not_taken_are_named_until_they_are_known(group: Group, mentor: User, pupil: Pupil) -> None:
    for lesson in (1, 2, 3, 4):
        take(group, mentor, lesson, day=MONDAY)
        cancel_lesson(group=group, day=TODAY, lesson=lesson, by=mentor, today=TODAY)
    take(group, mentor, 2, day=TUESDAY)

    page = lesson_week(group, MONDAY, TODAY)

    assert [(row.day, row.open_lessons) for row in page.not_taken] == [(TUESDAY, (1, 3, 4))]
    declare_complete(school=group.school, through=TUESDAY)
    group.refresh_from_db()
    assert lesson_week(group, MONDAY, TODAY).not_taken == []


def test_a_pupil_whom_no_lesson_mentions_holds_up_the_day_by_name(group: Group, mentor: User, pupil: Pupil) -> None:
    factories.own_timetable(pupil, (100,) * 5, factories.SCHOOL_YEAR)
    for lesson in (1, 2, 3, 4):
        take(group, mentor, lesson, day=MONDAY)

    first = lesson_week(group, MONDAY, TODAY).not_taken[0]

    assert (first.day, first.open_lessons, first.unheard, first.can_close) == (MONDAY, (), (pupil,), True)


def test_one_action_gives_the_reason_of_a_day(group: Group, mentor: User, pupil: Pupil, client: Client) -> None:
    take(group, mentor, 1, pupil)
    take(group, mentor, 2, pupil)
    take(group, mentor, 3)
    (asked,) = row_of(group).unknown
    assert asked.text == "wo 14 jan, les 1, 2"

    answer = client.post(url("lesson_reason", group), {"pupil": pupil.code, "day": asked.day, "reason": "ziek"})

    assert answer["Location"] == url("lesson_week", group, MONDAY)
    assert row_of(group).unknown == ()
    rows = Absence.objects.standing().values_list("lesson", "reason__code")
    assert sorted(rows) == [(1, "ziek"), (2, "ziek")]


def test_one_action_gives_the_reason_of_a_record_of_more_days(
    group: Group, mentor: User, pupil: Pupil, client: Client
) -> None:
    record = factories.absence(pupil, MONDAY, TUESDAY, "onbekend")
    (asked,) = row_of(group).unknown
    assert asked.record == record
    sent = {"pupil": pupil.code, "record": record.code, "reason": "geoorloofd"}

    client.post(url("lesson_reason", group), sent)
    again = client.post(url("lesson_reason", group), sent)

    record.refresh_from_db()
    assert (record.reason.code, record.first, record.last) == ("geoorloofd", MONDAY, TUESDAY)
    assert record.versions.count() == 1
    assert said(again)[-1].startswith("Iemand anders gaf intussen een reden")


def said(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


@pytest.mark.parametrize("reason", ["", "onbekend", "telaat", "verzonnen"])
def test_a_reason_that_is_none_changes_nothing(
    reason: str, group: Group, mentor: User, pupil: Pupil, client: Client
) -> None:
    take(group, mentor, 1, pupil)

    client.post(url("lesson_reason", group), {"pupil": pupil.code, "day": TODAY, "reason": reason})

    assert LessonMark.objects.get().reason == factories.reason("onbekend")


def test_a_pupil_of_another_class_gets_no_reason_here(group: Group, mentor: User, client: Client) -> None:
    other = factories.pupil(in_group=factories.group(group.school))
    record = factories.absence(other, MONDAY, TUESDAY, "onbekend")

    answer = client.post(url("lesson_reason", group), {"pupil": other.code, "record": record.code, "reason": "ziek"})

    assert answer.status_code == 404
    record.refresh_from_db()
    assert record.reason.code == "onbekend"


def test_where_lessons_and_records_differ_is_told(group: Group, mentor: User, pupil: Pupil) -> None:
    factories.absence(pupil, MONDAY, MONDAY)
    take(group, mentor, 2, day=MONDAY)
    take(group, mentor, 1, pupil, day=TUESDAY)
    take(group, mentor, 2, day=TUESDAY)
    withdraw_absence(absence=Absence.objects.get(first=TUESDAY), by=mentor, today=TODAY)
    factories.part_of_day(pupil, TODAY, 50, "ziek", lesson=3)
    take(group, mentor, 3)

    assert [conflict.text for conflict in row_of(group).conflicts] == [
        "ma 12 jan: was er in les 2, maar staat als ziek ma 12 jan",
        "di 13 jan: de melding is ingetrokken, maar in de les staat nog afwezig",
        "wo 14 jan: was er in les 3, maar staat die les als ziek",
    ]


def test_where_lessons_and_records_agree_nothing_is_told(group: Group, mentor: User, pupil: Pupil) -> None:
    factories.absence(pupil, MONDAY, TODAY)
    take(group, mentor, 2, pupil, "ziek", MONDAY)
    factories.part_of_day(factories.pupil(in_group=group), MONDAY, 10, "telaat", lesson=2)

    assert [row.conflicts for row in lesson_week(group, MONDAY, TODAY).named] == [(), ()]


def test_a_pupil_is_there_on_the_days_they_were_in_the_class(group: Group, mentor: User) -> None:
    pupil = factories.pupil()
    factories.enrolment(pupil, group.school, group=group, first=TUESDAY)
    factories.absence(pupil, TUESDAY, TUESDAY)

    assert kinds(row_of(group)) == ["––––", "●●●●", "????"]


def test_weeks_follow_each_other_up_to_this_one(group: Group, mentor: User, client: Client) -> None:
    page = client.get(url("lesson_week", group)).context["page"]
    before = client.get(url("lesson_week", group, MONDAY - timedelta(days=3))).context["page"]

    assert (page.monday, page.previous, page.following) == (MONDAY, MONDAY - timedelta(days=7), None)
    assert (before.monday, before.following) == (MONDAY - timedelta(days=7), MONDAY)
    assert [row.day for row in page.days] == [MONDAY, TUESDAY, TODAY]


def test_a_holiday_week_says_so(group: Group, mentor: User, client: Client) -> None:
    assert "Geen schooldagen in deze week" in client.get(url("lesson_week", group, date(2025, 12, 24))).content.decode()


def test_the_week_takes_the_same_queries_for_1_30_and_300_pupils(group: Group, mentor: User, client: Client) -> None:
    def add(number: int) -> None:
        for _ in range(number):
            child = factories.pupil(in_group=group)
            factories.absence(child, MONDAY, MONDAY, "onbekend")
            factories.part_of_day(child, TUESDAY, 50, "onbekend", lesson=1)

    found = []
    for more in (1, 29, 270):
        add(more)
        with CaptureQueriesContext(connection) as counted:
            assert client.get(url("lesson_week", group)).status_code == 200
        found.append(len(counted))

    assert found[0] == found[1] == found[2]
    assert found[0] <= 30

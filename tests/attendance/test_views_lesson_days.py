"""Closing a day of lessons, the list of classes that somebody teaches, and how much the pages ask of the database."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendance.engine.lesson_day import Mark, Seen
from attendance.models import Absence, Group, GroupTeacher, Pupil, RegisterTaken
from attendance.services.lessons import take_lesson
from tests import factories
from thuiszitters.accounts.models import User

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)
"""A Wednesday, with four lessons of 50 minutes."""


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def group() -> Group:
    return factories.group(factories.school((200,) * 5, sector="vo", lesson_minutes=50), "2A")


@pytest.fixture
def teacher(group: Group, client: Client) -> User:
    person = factories.teacher(group)
    client.force_login(person)
    return person


@pytest.fixture
def mentor(group: Group) -> User:
    return factories.mentor(group)


def url(name: str, group: Group, **more: object) -> str:
    return reverse(f"attendance:{name}", kwargs={"code": group.code, "day": TODAY} | more)


def lesson_url(group: Group, lesson: int = 1, day: date = TODAY) -> str:
    return url("lesson_take", group, lesson=lesson, day=day)


def take(group: Group, by: User, lesson: int, pupil: Pupil | None = None, code: str = "onbekend") -> None:
    seen = {pupil.pk: Mark(Seen.ABSENT, factories.reason(code))} if pupil else {}
    take_lesson(group=group, day=TODAY, lesson=lesson, marks=seen, by=by, today=TODAY)


# Closing the day


def test_closing_asks_for_an_answer_about_each_pupil_in_doubt(group: Group, mentor: User, client: Client) -> None:
    pupil, there = factories.pupil(in_group=group), factories.pupil(in_group=group)
    take(group, mentor, 1, pupil)
    client.force_login(mentor)
    page = client.get(url("day_close", group))
    assert [row[0] for row in page.context["forms"]] == [pupil]

    refused = client.post(url("day_close", group))
    assert "Kies of deze leerling er nog was." in refused.content.decode()
    assert not RegisterTaken.objects.exists()
    client.post(url("day_close", group), {f"{pupil.code.hex}-was": "away"})

    assert RegisterTaken.objects.filter(group=group, day=TODAY).exists()
    assert [(row.pupil, row.minutes) for row in Absence.objects.standing()] == [(pupil, None)]
    assert there not in Pupil.objects.filter(absences__isnull=False)


def test_a_teacher_does_not_close_the_day(group: Group, teacher: User, client: Client) -> None:
    take(group, teacher, 1)

    assert client.post(url("day_close", group)).status_code == 403
    assert "Rond de dag af" not in client.get(lesson_url(group)).content.decode()


# Queries


def queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as found:
        assert client.get(address).status_code == 200
    return len(found)


def test_a_lesson_takes_the_same_queries_for_1_and_3_pupils(group: Group, mentor: User, client: Client) -> None:
    client.force_login(mentor)

    def add() -> None:
        pupil = factories.pupil(in_group=group)
        take(group, mentor, 1, pupil)
        factories.own_timetable(pupil, (100,) * 5, factories.SCHOOL_YEAR)

    add()
    one = queries(client, lesson_url(group, 2))
    for _ in range(2):
        add()

    assert queries(client, lesson_url(group, 2)) == one
    assert one <= 25


def test_the_list_takes_the_same_queries_for_1_and_3_classes(group: Group, teacher: User, client: Client) -> None:
    address = reverse("attendance:own_lessons")
    one = queries(client, address)
    for _ in range(2):
        other = factories.group(group.school)
        GroupTeacher.objects.create(group=other, user=teacher, first=factories.SCHOOL_YEAR)

    assert len(client.get(address).context["groups"]) == 3
    assert queries(client, address) == one
    assert one <= 15


def test_the_list_leaves_out_a_day_of_which_all_is_known(group: Group, teacher: User, client: Client) -> None:
    address = reverse("attendance:own_lessons")
    yesterday = date(2026, 1, 13)

    def days() -> list[date]:
        return [row.day for row in client.get(address).context["groups"][0].days]

    assert days() == [TODAY, yesterday]
    RegisterTaken.objects.create(group=group, day=yesterday, taken_by=teacher)
    assert days() == [TODAY]

"""What runs by itself: dates that come, marks, the weekly check. Twice is once."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
import time_machine
from celery import shared_task
from django.conf import settings as project_settings
from django.db import connection, transaction
from kombu.exceptions import OperationalError
from pytest_django import Settings

from attendance import tasks
from attendance.models import Absence, Crossing, Pupil, PupilClock
from attendance.services.clocks import evaluate_pupil, evaluate_pupils
from attendance.services.due import evaluate_due, evaluate_unseen
from attendance.services.follow_up import send_tasks
from attendance.services.marks import mark_dirty
from attendance.services.rebuild import id_ranges, rebuild
from tests import factories

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
MONDAY = date(2026, 1, 12)
TENTH = date(2026, 1, 23)
ONE_DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def no_follow_up(settings: Settings) -> None:
    settings.FOLLOW_UP_TASKS = ()


def at_home(first: date = MONDAY) -> Pupil:
    child = factories.pupil(factories.school(complete_through=date(2026, 1, 9)))
    factories.absence(child, first, None, "geoorloofd")
    return child


def rules() -> list[tuple[str, date]]:
    rows = Crossing.objects.standing().exclude(rule="structureel").order_by("crossed_on", "rule")
    return list(rows.values_list("rule", "crossed_on"))


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("now", "found"),
    [
        ("2026-01-23 23:50", []),
        ("2026-01-24 00:10", []),
        ("2026-01-24 04:50", []),
        ("2026-01-24 05:00", [("thuis-2w", TENTH)]),
        ("2026-01-26 09:00", [("thuis-2w", TENTH)]),
        ("2026-02-07 05:10", [("thuis-2w", TENTH), ("thuis-4w", date(2026, 2, 6))]),
    ],
)
def test_crossing_by_time_is_there_the_morning_after(now: str, found: list[tuple[str, date]]) -> None:
    child = at_home()
    evaluate_pupil(child.pk, today=MONDAY, cause="begin")

    with time_machine.travel(datetime.fromisoformat(now).replace(tzinfo=AMSTERDAM)):
        tasks.evaluate_due()
        tasks.evaluate_due()

    assert rules() == found
    assert {row.cause for row in Crossing.objects.all()} <= {"een nieuwe dag"}


@pytest.mark.django_db
@pytest.mark.parametrize("night", [date(2026, 3, 29), date(2026, 10, 25)], ids=["clock forward", "clock back"])
def test_day_is_over_at_the_same_hour_when_the_clock_is_changed(night: date) -> None:
    instants = [datetime(night.year, night.month, night.day, tzinfo=AMSTERDAM).timestamp() + 600 * n for n in range(60)]
    ends = []
    for instant in instants:
        with time_machine.travel(instant):
            ends.append((datetime.now(AMSTERDAM).hour, tasks.last_finished_day()))

    assert ends == [(hour, night - ONE_DAY if hour >= 5 else night - 2 * ONE_DAY) for hour, _ in ends]
    assert [day for _, day in ends] == sorted(day for _, day in ends)


@pytest.mark.django_db
def test_nobody_is_looked_at_before_the_date_comes() -> None:
    child = at_home()
    evaluate_pupil(child.pk, today=MONDAY, cause="begin")
    next_on = PupilClock.objects.get().next_on
    assert next_on is not None

    assert evaluate_due(today=next_on, finished=next_on - ONE_DAY).evaluated == 0
    assert evaluate_due(today=next_on, finished=next_on).evaluated == 1
    assert evaluate_due(today=next_on, finished=next_on).evaluated == 0


@pytest.mark.django_db
def test_mark_is_taken_away_and_names_the_cause() -> None:
    child = at_home()
    mark_dirty([child.pk], cause="rooster gewijzigd")

    assert evaluate_due(today=TENTH, finished=TENTH).created == 1 + Crossing.objects.filter(rule="structureel").count()
    assert Crossing.objects.get(rule="thuis-2w").cause == "rooster gewijzigd"
    assert evaluate_due(today=TENTH, finished=TENTH).evaluated == 0


@pytest.mark.django_db
def test_rows_that_came_in_past_the_services_are_found() -> None:
    seen, unseen = at_home(), at_home()
    zeros = factories.pupil(factories.school())
    factories.own_timetable(zeros, (0, 0, 0, 0, 0), MONDAY)
    factories.pupil(factories.school())
    evaluate_pupil(seen.pk, today=TENTH, cause="begin")

    totals = evaluate_unseen(today=TENTH, finished=TENTH)

    assert totals.evaluated == 2
    assert set(Crossing.objects.filter(rule="thuis-2w").values_list("pupil", flat=True)) == {
        seen.pk,
        unseen.pk,
        zeros.pk,
    }
    assert evaluate_unseen(today=TENTH, finished=TENTH).evaluated == 0


@pytest.mark.django_db
def test_pupil_whose_rows_cannot_be_read_is_logged_and_the_others_go_on(caplog: pytest.LogCaptureFixture) -> None:
    broken, fine = at_home(), at_home()
    mark_dirty([broken.pk, fine.pk], cause="proef")
    place = broken.enrolments.get().place
    place.region = "oost"
    place.save()

    totals = evaluate_due(today=TENTH, finished=TENTH)

    assert (totals.evaluated, totals.failed) == (1, [broken.pk])
    assert f"pupil {broken.pk} cannot be evaluated" in caplog.text
    assert list(PupilClock.objects.filter(dirty=True)) == [PupilClock.objects.get(pupil=broken)]
    assert list(Crossing.objects.filter(rule="thuis-2w").values_list("pupil", flat=True)) == [fine.pk]


# The weekly check


@pytest.mark.django_db
@time_machine.travel("2026-01-25 06:00")
def test_weekly_check_finds_nothing_when_the_clocks_agree(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    at_home()
    tasks.check_clocks()
    caplog.clear()

    tasks.check_clocks()

    assert "the clocks of 1 pupils agree with the rules" in caplog.text
    assert "did not agree" not in caplog.text


@pytest.mark.django_db
@time_machine.travel("2026-01-25 06:00")
def test_weekly_check_repairs_and_logs_what_was_changed_past_the_services(caplog: pytest.LogCaptureFixture) -> None:
    child = at_home()
    tasks.check_clocks()
    caplog.clear()
    Absence.objects.filter(pupil=child).update(first=date(2026, 1, 13))

    tasks.check_clocks()

    assert rules() == []
    assert "did not agree with the rules" in caplog.text
    assert "1 withdrawn" in caplog.text


# Telling the apps above

told: list[str] = []


@shared_task(name="tests.listen")
def listen() -> None:
    told.append("told")


@pytest.fixture
def listening(settings: Settings) -> Iterator[list[str]]:
    settings.FOLLOW_UP_TASKS = ("tests.listen",)
    told.clear()
    yield told
    told.clear()


@pytest.mark.django_db
def test_follow_up_is_sent_once_after_a_change_and_not_without(listening: list[str]) -> None:
    children = [at_home(), at_home()]

    with transaction.atomic():
        evaluate_pupils([child.pk for child in children], today=TENTH, cause="proef")
        assert listening == []
    assert listening == ["told"]

    evaluate_pupils([child.pk for child in children], today=TENTH, cause="proef")
    assert listening == ["told"]


@shared_task(name="tests.queue_is_down")
def queue_is_down() -> None:
    raise OperationalError("connection refused")


def test_queue_that_is_down_is_logged_and_breaks_nothing(
    settings: Settings, listening: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    send_tasks(["tests.queue_is_down", "tests.no_such_task", "tests.listen"])

    assert "could not send tests.queue_is_down: the queue does not answer" in caplog.text
    assert "could not send tests.no_such_task: there is no such task" in caplog.text
    assert listening == ["told"]


def test_every_task_of_the_schedule_exists() -> None:
    names = {entry["task"] for entry in project_settings.CELERY_BEAT_SCHEDULE.values()}

    assert {"attendance.evaluate_due", "attendance.check_clocks"} <= names
    assert tasks.evaluate_due.name == "attendance.evaluate_due"
    assert tasks.check_clocks.name == "attendance.check_clocks"


# The rebuild


@pytest.mark.parametrize(("first", "last", "pieces"), [(1, 1, 1), (1, 1, 16), (5, 104, 16), (1, 7, 3), (10, 11, 4)])
def test_ranges_hold_every_id_once(first: int, last: int, pieces: int) -> None:
    ids = [pk for start, stop in id_ranges(first, last, pieces) for pk in range(start, stop)]

    assert ids == list(range(first, last + 1))


@pytest.mark.django_db
def test_rebuild_of_nobody_is_nothing() -> None:
    assert rebuild(today=TENTH, finished=TENTH, cause="proef").evaluated == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("round_", range(5))
def test_evaluating_at_the_same_time_stores_once(round_: int) -> None:
    factories.add_defaults()
    children = [at_home() for _ in range(3)]
    ids = [child.pk for child in children]
    barrier = Barrier(4)
    failures: list[Exception] = []

    def run(order: list[int]) -> None:
        try:
            barrier.wait()
            mark_dirty(order, cause="proef")
            evaluate_pupils(order, today=TENTH, cause="proef")
        except Exception as error:
            failures.append(error)
            raise
        finally:
            connection.close()

    threads = [Thread(target=run, args=(order,)) for order in (ids, ids[::-1], ids[1:], ids[:1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert Crossing.objects.filter(rule="thuis-2w").count() == 3
    assert PupilClock.objects.filter(dirty=True).count() == 0


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_rebuild_in_two_processes_finds_the_same() -> None:
    factories.add_defaults()
    children = [at_home() for _ in range(20)]

    totals = rebuild(today=TENTH, finished=TENTH, cause="proef", processes=2)

    assert totals.evaluated == 20
    assert Crossing.objects.filter(rule="thuis-2w").count() == len(children)
    assert rebuild(today=TENTH, finished=TENTH, cause="proef", processes=1).changed == 0

"""While the past is played, everything takes it for now."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from celery import current_app
from django.template import Context, Template
from django.utils import timezone

from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record
from thuiszitters.demo.moment import played_on

DAY = date(2024, 5, 6)


@pytest.mark.django_db
def test_the_log_says_that_it_was_then() -> None:
    """Its column holds on to the function that tells the time."""
    with played_on(DAY, 11, 30):
        entry = record(Kind.RIGHTS, "iets")
    assert timezone.localtime(entry.at).replace(microsecond=0, tzinfo=None) == datetime(2024, 5, 6, 11, 30)  # noqa: DTZ001 - read off a clock here


def test_each_thing_comes_after_the_one_before() -> None:
    with played_on(DAY):
        first, second = timezone.now(), timezone.now()
    assert first < second
    assert timezone.now().year > DAY.year


def test_nothing_is_handed_to_the_queue_meanwhile() -> None:
    current_app.autodiscover_tasks(force=True)
    task = current_app.tasks["privacy.sweep"]
    with played_on(DAY):
        assert task.apply_async() is None


def test_django_knows_a_moment_when_it_sees_one() -> None:
    told = Template("{% load tz %}{{ at|localtime|date:'H:i' }}")
    with played_on(DAY):
        assert told.render(Context({"at": datetime(2024, 5, 6, 9, tzinfo=UTC)})) == "11:00"


@pytest.mark.parametrize(
    ("now", "hours"),
    [
        ("23:30", ["07:00", "10:00", "17:00", "18:00"]),
        ("18:05", ["07:00", "10:00", "17:00", "18:00"]),
        ("18:04", ["07:00", "10:00", "17:00", "17:59"]),
        ("12:00", ["07:00", "10:00", "11:50", "11:55"]),
        ("09:00", ["07:00", "08:15", "08:50", "08:55"]),
        ("06:00", ["05:00", "05:15", "05:50", "05:55"]),
        ("00:30", ["00:07", "00:10", "00:20", "00:25"]),
        ("00:00", ["00:07", "00:10", "00:17", "00:18"]),
    ],
)
def test_what_is_played_on_today_is_over(now: str, hours: list[str]) -> None:
    hour, minute = map(int, now.split(":"))
    at = datetime(DAY.year, DAY.month, DAY.day, hour, minute, tzinfo=timezone.get_default_timezone())
    found = []
    with time_machine.travel(at, tick=False):
        for played in (7, 10, 17, 18):
            with played_on(DAY, played):
                found.append(f"{timezone.localtime():%H:%M}")
    assert found == hours


@pytest.mark.parametrize("days", [-1, 1])
def test_on_another_day_everything_is_at_its_hour(days: int) -> None:
    at = datetime(DAY.year, DAY.month, DAY.day, 9, tzinfo=UTC)
    with time_machine.travel(at, tick=False), played_on(DAY + timedelta(days=days), 18):
        assert f"{timezone.localtime():%H:%M}" == "18:00"

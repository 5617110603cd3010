"""While the past is played, everything takes it for now."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
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

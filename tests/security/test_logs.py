"""No child in an address, a title, a header, a cookie, a log or a job."""

from __future__ import annotations

import inspect
import json
import logging
import re
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.conf import settings
from django.utils.log import AdminEmailHandler

from attendance.models import Pupil
from tests.access_table import TODAY, World
from tests.pages import is_own
from tests.security.forms import pages_of, read
from tests.security.worlds import MARK, filled, logged_in
from thuiszitters import celery_app
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.origin import Origin, acting
from thuiszitters.logs import LineFormatter, WithoutWords, json_formatter

SAYS_WHICH = re.compile(r"(?:\w+_)?(?:id|ids|code|codes)")
HARMLESS = {("accounts.tell_of_new_browser", "browser"), ("accounts.tell_of_new_browser", "at")}
"""What a mail about a new browser tells: its kind, and the time."""
NUMBER = "L987654"


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def record_of_an_error(*args: Any, message: str = "it failed") -> logging.LogRecord:
    """As the logger of a view or a job makes one; the exception quotes a row, as those of a database do."""

    def look_up() -> None:
        raise KeyError(MARK)

    def store() -> None:
        try:
            look_up()
        except KeyError as cause:
            raise ValueError(f"Key (number)=({NUMBER}) of {MARK} already exists") from cause

    try:
        store()
    except ValueError as error:
        found = (type(error), error, error.__traceback__)
    return logging.LogRecord("django.request", logging.ERROR, __file__, 1, message, args, found)


def told(record: logging.LogRecord, formatter: logging.Formatter) -> str:
    assert WithoutWords().filter(record)
    return formatter.format(record)


def test_a_line_of_the_server_is_json_with_the_request() -> None:
    with acting(Origin("11111111-2222-3333-4444-555555555555")):
        line = json.loads(told(record_of_an_error(), json_formatter()))

    assert line["request_id"] == "11111111-2222-3333-4444-555555555555"
    assert (line["level"], line["logger"], line["event"]) == ("error", "django.request", "it failed")
    assert line["timestamp"].endswith("Z")
    assert "builtins.ValueError" in line["exception"]
    assert "builtins.KeyError" in line["exception"]
    assert "record_of_an_error" in line["exception"]


@pytest.mark.parametrize("formatter", [json_formatter(), LineFormatter("{message}", style="{")], ids=["json", "line"])
def test_an_exception_loses_its_words(formatter: logging.Formatter) -> None:
    as_argument = record_of_an_error(ValueError(MARK), message="could not: %s")
    of_celery = record_of_an_error(
        {"name": "cases.mail", "exc": f"ValueError({MARK!r})", "args": f"({MARK!r},)", "traceback": MARK},
        message="Task %(name)s failed: %(exc)s %(args)s %(traceback)s",
    )

    for record in (record_of_an_error(), as_argument, of_celery):
        text = told(record, formatter)
        assert "ValueError" in text
        assert (MARK in text, NUMBER in text) == (False, False)


def test_errors_are_mailed_to_nobody() -> None:
    loggers = [logging.getLogger(name) for name in (None, *logging.root.manager.loggerDict)]

    assert [row.name for row in loggers for handler in row.handlers if isinstance(handler, AdminEmailHandler)] == []
    assert settings.ADMINS == []


def test_jobs_are_told_which_row_and_not_who() -> None:
    """What waits in the queue can be read by whoever keeps the queue, and stays in its log."""
    celery_app.loader.import_default_modules()
    own = {name: task for name, task in celery_app.tasks.items() if is_own(task.__module__)}
    told_more = {
        (name, parameter)
        for name, task in own.items()
        for parameter in inspect.signature(task.run).parameters
        if not SAYS_WHICH.fullmatch(parameter)
    }

    assert len(own) > 15
    assert told_more == HARMLESS


@pytest.mark.django_db
@pytest.mark.parametrize("role", sorted(Role))
def test_a_child_is_named_on_the_page_alone(role: Role, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    world = filled(World())
    Pupil.objects.update(first_name=MARK, surname=MARK, surname_key=MARK.lower(), number=NUMBER)
    client = logged_in(world.somebody(role))
    found, named = [], 0
    for name, address in pages_of(role, world, "get").items():
        answer = client.get(address)
        page = read(answer, address)
        named += MARK in getattr(answer, "content", b"").decode(errors="replace")
        told_elsewhere = {
            "titel": page.title,
            "adressen": " ".join(page.links + [form.action for form in page.forms]),
            "headers": str(answer.headers),
            "cookies": str(answer.cookies),
        }
        found += [(name, where) for where, text in told_elsewhere.items() if MARK in text or NUMBER in text]
    logged = [row.getMessage() for row in caplog.records if MARK in row.getMessage() or NUMBER in row.getMessage()]

    assert found == []
    assert [row for row in logged if not row.startswith("(0.0")] == []
    assert named > 5 or role not in {Role.COO, Role.MENTOR}

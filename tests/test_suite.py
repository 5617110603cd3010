"""The suite's own promises: hooks run, nothing leaves this machine, settings are the tests'."""

from __future__ import annotations

import contextlib
import socket
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction
from pytest_socket import SocketConnectBlockedError

from attendance.engine.facts import Rule
from attendance.models import NormRow


@pytest.mark.django_db
def test_hook_runs_when_the_outermost_block_ends() -> None:
    told: list[str] = []

    with transaction.atomic():
        with transaction.atomic():
            transaction.on_commit(lambda: told.append("inner"))
        assert told == []
        transaction.on_commit(lambda: told.append("outer"))

    assert told == ["inner", "outer"]


@pytest.mark.django_db
def test_hook_runs_at_once_outside_a_block() -> None:
    told: list[str] = []

    transaction.on_commit(lambda: told.append("now"))

    assert told == ["now"]


@pytest.mark.django_db
def test_hook_is_dropped_with_the_block_that_failed() -> None:
    told: list[str] = []

    with transaction.atomic():
        with contextlib.suppress(DatabaseError), transaction.atomic():
            transaction.on_commit(lambda: told.append("failed"))
            raise DatabaseError
        transaction.on_commit(lambda: told.append("kept"))

    assert told == ["kept"]


@pytest.mark.django_db(transaction=True)
def test_hook_runs_once_on_a_real_commit() -> None:
    told: list[str] = []

    with transaction.atomic():
        transaction.on_commit(lambda: told.append("real"))

    assert told == ["real"]
    assert not connection.in_atomic_block


@pytest.mark.parametrize("time", ["first", "second"])
@pytest.mark.django_db(transaction=True)
def test_first_rows_are_there_after_a_test_that_committed(time: str) -> None:
    assert NormRow.objects.count() == len(Rule)


def test_other_machines_are_out_of_reach() -> None:
    # It warns before it refuses, and a warning is an error here: either stops the call.
    with pytest.raises((SocketConnectBlockedError, UserWarning), match=r"192\.0\.2\.1"), socket.socket() as client:
        client.connect(("192.0.2.1", 80))


def test_settings_are_those_of_the_tests() -> None:
    assert settings.CELERY_TASK_ALWAYS_EAGER is True
    assert settings.DEBUG is False
    assert not Path(settings.VAR_DIR).is_relative_to(settings.BASE_DIR)
    assert Path(settings.MEDIA_ROOT).is_relative_to(settings.VAR_DIR)

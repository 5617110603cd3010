"""What holds for every test: what it may reach, what it needs, and that what follows a commit really follows."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import redis
from django.core.cache import cache
from django.db.backends.base.operations import BaseDatabaseOperations

from tests import needs
from tests.commit_hooks import commit_hooks_run
from tests.second_steps import everybody_gives_one

REQUIRE_ALL = os.environ.get("REQUIRE_ALL", "") not in {"", "0"}
"""Whether a test that would be skipped has to fail: so that CI cannot grow quiet."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip what needs something that is not here; start each test with what every installation starts with.

    First of all: tests that commit then come after all others, which would find the tables empty.
    """
    reasons = needs.missing()
    for item in items:
        # A parameter called page, browser or context asks for Playwright's fixture of that name, and pytest then moves
        # the tests with a browser among those that come before anything is committed.
        # (The names of its fixtures are no longer told by then; what it is called with is.)
        called_with = getattr(getattr(item, "callspec", None), "params", ())
        if "browser_name" in called_with and not item.get_closest_marker("browser"):
            raise pytest.UsageError(f"{item.nodeid}: noem een parameter anders dan page, browser of context.")
        for marker, reason in reasons.items():
            if item.get_closest_marker(marker):
                item.add_marker(pytest.mark.skip(reason=reason))
        keep_first_rows(item)


def keep_first_rows(item: pytest.Item) -> None:
    """A test that commits empties the tables afterwards, norms and reasons included: the next one gets them back."""
    mark = item.get_closest_marker("django_db")
    options = dict(mark.kwargs) if mark else {}
    if options.get("transaction") or {"transactional_db", "live_server"} & set(getattr(item, "fixturenames", ())):
        options |= {"transaction": True, "serialized_rollback": True}
        item.add_marker(pytest.mark.django_db(**options), append=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """With REQUIRE_ALL a skip, from wherever it comes, is a failure."""
    report = yield
    if REQUIRE_ALL and report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"
        report.longrepr = f"{item.nodeid} is overgeslagen, en REQUIRE_ALL staat aan: {report.longrepr}"
    return report


@pytest.fixture(autouse=True)
def hooks_follow_a_commit() -> Iterator[None]:
    """What is given to on_commit runs."""
    with commit_hooks_run():
        yield


@pytest.fixture(autouse=True, scope="session")
def emptying_opens_the_log() -> Iterator[None]:
    """SQLite's tables are emptied row by row after a test that commits, which the log refuses unless it is open."""
    empty = BaseDatabaseOperations.execute_sql_flush

    def opened(self: BaseDatabaseOperations, sql_list: list[str]) -> None:
        if self.connection.vendor == "sqlite":
            door = [line for line in sql_list if "audit_opening" in line]
            rest = [line for line in sql_list if "audit_opening" not in line]
            sql_list = ["INSERT INTO audit_opening DEFAULT VALUES;", *rest, *door]
        empty(self, sql_list)

    with mock.patch.object(BaseDatabaseOperations, "execute_sql_flush", opened):
        yield


@pytest.fixture(autouse=True)
def second_steps_are_given() -> Iterator[None]:
    """Who is logged in by a test has just given a password and a second step, unless the test is about that: see
    tests/second_steps.py."""
    with everybody_gives_one():
        yield


@pytest.fixture(autouse=True)
def empty_cache() -> None:
    """No test sees what another has cached: rate limits of logging in, for one."""
    cache.clear()


@pytest.fixture
def redis_url() -> Iterator[str]:
    """A database in a real Redis, empty before and after, for one test at a time; only for tests marked `redis`."""
    url = needs.redis_url()
    client = redis.Redis.from_url(url)
    with (Path(tempfile.gettempdir()) / "thuiszitters-test-redis.lock").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)  # tests run side by side, and would take each other's messages
        client.flushdb()
        yield url
        client.flushdb()
    client.close()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Playwright drives the Chromium of the machine, which asks nothing of the world of its own accord."""
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []
    return {"executable_path": needs.chromium(), "args": [*quiet, *sandbox]}


@pytest.fixture(scope="session")
def browser_context_args() -> dict[str, Any]:
    """A reader in the Netherlands."""
    return {"locale": "nl-NL", "timezone_id": "Europe/Amsterdam", "viewport": {"width": 1280, "height": 900}}

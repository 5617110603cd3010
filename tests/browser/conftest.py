"""A browser in front of the real application: who is logged in, at which width, and what may never happen meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from threading import Lock
from typing import Any
from unittest import mock

import pytest
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.db import connection, connections
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.test import Client
from playwright.sync_api import BrowserContext, ConsoleMessage, Page
from pytest_django.live_server_helper import LiveServer

from thuiszitters.accounts.models import User

PATIENCE_MS = 20_000
"""How long a page may take: this may run beside much else."""

Open = Callable[..., Page]
"""(path, user=None, width=1280) → the page that somebody sees there; in a browser window of its own for each person."""


@pytest.fixture(scope="session", autouse=True)
def one_connection(django_db_setup: None, request: pytest.FixtureRequest) -> None:
    """Playwright leaves an event loop running in this thread, in which Django would look for other connections.

    Those know nothing of the first rows that a test which commits gets back; so all keep the ones there are.
    """
    before = {kept.alias: kept for kept in connections.all()}
    request.getfixturevalue("playwright")
    for alias, kept in before.items():
        connections[alias] = kept


@pytest.fixture(autouse=True)
def one_request_at_a_time() -> Iterator[None]:
    """SQLite in memory is one connection that the threads of the server share: their transactions must not mingle."""
    if connection.vendor != "sqlite":
        yield
        return
    turn, answer = Lock(), WSGIHandler.get_response

    def in_turn(self: WSGIHandler, request: HttpRequest) -> HttpResponseBase:
        with turn:
            return answer(self, request)

    with mock.patch.object(WSGIHandler, "get_response", in_turn):
        yield


@pytest.fixture
def open_as(live_server: LiveServer, new_context: Callable[..., BrowserContext]) -> Iterator[Open]:
    """Opens pages as somebody. Afterwards no page may have complained: of a script that failed or was refused by the
    Content-Security-Policy, or of something that could not be loaded."""
    complaints: list[str] = []
    windows: dict[int | None, Page] = {}

    def window(user: User | None) -> Page:
        context = new_context(base_url=live_server.url)
        context.set_default_timeout(PATIENCE_MS)
        if user is not None:
            context.add_cookies([session_cookie(user, live_server.url)])  # type: ignore[list-item]
        opened = context.new_page()
        opened.on("console", lambda said: complaints.append(said.text) if is_complaint(said) else None)
        opened.on("pageerror", lambda error: complaints.append(str(error)))
        return opened

    def open_page(path: str, user: User | None = None, width: int = 1280) -> Page:
        key = user.pk if user else None
        if key not in windows:
            windows[key] = window(user)
        windows[key].set_viewport_size({"width": width, "height": 900})
        windows[key].goto(path, wait_until="networkidle")
        return windows[key]

    yield open_page
    assert complaints == []


EXPECTED = ("status of 400", "status of 502", "ERR_INTERNET_DISCONNECTED")
"""No complaint: a form that comes back to be mended, and what a test does to the connection to see what is kept."""


def is_complaint(said: ConsoleMessage) -> bool:
    """Whether the browser tells of an error."""
    return said.type == "error" and not any(part in said.text for part in EXPECTED)


def session_cookie(user: User, url: str) -> dict[str, Any]:
    """Logged in without the log-in page, which has a test of its own and counts attempts."""
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    return {"name": name, "value": client.cookies[name].value, "url": url}

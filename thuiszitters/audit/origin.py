"""Whose request or job is running: what every entry of the log says without being told."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class Origin:
    """`user`: the lazy user of a request, looked at only when something is written; None in a job."""

    request_id: str = ""
    user: Any = None

    @property
    def actor(self) -> uuid.UUID | None:
        """The code of who is logged in."""
        return getattr(self.user, "code", None)


_origin: ContextVar[Origin] = ContextVar("origin")


def origin() -> Origin:
    """What is known of the request that is running; empty outside one."""
    return _origin.get(Origin())


@contextmanager
def acting(found: Origin) -> Iterator[None]:
    """Within, entries of the log belong to this origin."""
    token = _origin.set(found)
    try:
        yield
    finally:
        _origin.reset(token)


class RequestUser:
    """The user of a request as it is when asked: after logging in it is another than before."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def code(self) -> uuid.UUID | None:
        return getattr(getattr(self._request, "user", None), "code", None)


def origin_of_request(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: every request has an id of its own, told in the header X-Request-ID of the answer."""

    def middleware(request: HttpRequest) -> HttpResponse:
        request_id = str(uuid.uuid4())
        with acting(Origin(request_id, RequestUser(request))):
            response = get_response(request)
        response.headers["X-Request-ID"] = request_id
        return response

    return middleware

"""A service of school that runs inside the test: a real OpenID Connect provider, on this machine, in a thread."""

from __future__ import annotations

import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from django.test import Client
from django.urls import reverse

from thuiszitters.accounts.models import Alliance, LoginProvider

with warnings.catch_warnings():
    # A package below it warns of what it will be called in its next version.
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    warnings.filterwarnings("ignore", message="authlib", category=UserWarning)
    import oidc_provider_mock

CLIENT_ID = "thuiszitters"
QUIET = "ignore:get_jwt_config:DeprecationWarning"
"""For tests that use it: the service uses names that the package below it will drop in its next version."""


@contextmanager
def service(people: dict[str, dict[str, Any]], *, valid: timedelta = timedelta(hours=1)) -> Iterator[str]:
    """Runs while within; its address. `people`: what it tells about whom, by subject."""
    told = [oidc_provider_mock.User(sub=sub, claims=claims) for sub, claims in people.items()]
    with oidc_provider_mock.run_server_in_thread(
        require_nonce=True, access_token_max_age=valid, user_claims=told
    ) as server:
        yield f"http://localhost:{server.server_port}"


def connect(issuer: str, alliance: Alliance | None, **fields: Any) -> LoginProvider:
    """A connection in use, of a service that says itself whether an address is somebody's."""
    values = {
        "name": "De Linde",
        "kind": "other",
        "issuer": issuer,
        "client_id": CLIENT_ID,
        "client_secret": "niet-geheim",
        "alliance": alliance,
        "domains": "linde.example",
        "is_active": True,
    }
    return LoginProvider.objects.create(**values | fields)


class _NoRedirect(HTTPRedirectHandler):
    def redirect_request(self, *args: Any) -> None:
        return None


def to_service(browser: Client, row: LoginProvider, **data: str) -> str:
    """Press the button of the connection; the address at the service to which the page in between leads."""
    answer = browser.post(reverse("school_login", kwargs={"code": row.code}), data)
    assert answer.status_code == 200, answer.content
    found = re.search(r'http-equiv="refresh" content="0; url=([^"]+)"', answer.text)
    assert found
    return unescape(found.group(1))


def at_service(address: str, sub: str) -> str:
    """Log in at the service as `sub`; the address to which it sends one back."""
    opener = build_opener(_NoRedirect)
    request = Request(address, urlencode({"sub": sub}).encode(), method="POST")  # noqa: S310 - on this machine
    try:
        opener.open(request, timeout=10)
    except OSError as answer:  # urllib takes a redirect that is not followed for an error
        location: str = answer.headers["Location"]  # type: ignore[attr-defined]
        return location
    raise AssertionError("the service did not send anybody back")


def back(browser: Client, address: str) -> Any:
    """Come back with what the service gave."""
    parts = urlsplit(address)
    return browser.get(parts.path, {name: values[0] for name, values in parse_qs(parts.query).items()})


def log_in(browser: Client, row: LoginProvider, sub: str) -> Any:
    """The whole way, there and back."""
    return back(browser, at_service(to_service(browser, row), sub))

"""Asking services on the internet, whose address somebody typed in: never this machine, its network, or without TLS."""

from __future__ import annotations

import base64
import ipaddress
import json
import socket
import ssl
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.conf import settings

PATIENCE = 5
"""Seconds for each step of connecting and reading."""
MOST_BYTES = 1 << 20


class UnreachableError(OAuth2Error):  # type: ignore[misc]
    """A service could not be asked, or did not answer as it should. What it says is fit for a screen."""


@dataclass(frozen=True)
class Answer:
    status_code: int
    text: str
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        return self.text.encode()

    def json(self) -> Any:
        try:
            return json.loads(self.text)
        except ValueError as error:
            raise UnreachableError("De dienst gaf een antwoord dat geen JSON is.") from error

    def raise_for_status(self) -> None:
        if self.status_code != 200:
            raise UnreachableError(f"De dienst antwoordde met foutcode {self.status_code}.")


class _Pinned(HTTPSConnection):
    """Connects to the address that was looked at, and to no other that the name may point to by now."""

    def __init__(self, host: str, address: str, port: int) -> None:
        super().__init__(host, port, timeout=PATIENCE)
        self.address = address
        self.tls = ssl.create_default_context()

    def connect(self) -> None:
        sock = socket.create_connection((self.address, self.port), PATIENCE)
        self.sock = self.tls.wrap_socket(sock, server_hostname=self.host)


def connection_to(url: str) -> HTTPConnection:
    """A connection to the server of `url`; UnreachableError where one may not go."""
    parts = urlsplit(url)
    nearby = settings.LOGIN_PROVIDERS_NEARBY
    if parts.scheme != "https" and not (nearby and parts.scheme == "http"):
        raise UnreachableError("Het adres van de dienst moet met https:// beginnen.")
    if not parts.hostname or parts.username or parts.password:
        raise UnreachableError("Dit is geen adres van een dienst.")
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, ValueError, UnicodeError) as error:
        raise UnreachableError("Dit adres bestaat niet.") from error
    addresses = [str(row[4][0]) for row in found]
    if not nearby and not all(is_public(address) for address in addresses):
        raise UnreachableError("Dit adres ligt niet op het openbare internet.")
    if parts.scheme == "http":
        return HTTPConnection(addresses[0], port, timeout=PATIENCE)
    return _Pinned(parts.hostname, addresses[0], port)


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet; one that hides an IPv4 address is judged by that."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast


def ask(method: str, url: str, *, headers: dict[str, str] | None = None, body: str = "") -> Answer:
    """The answer of a service. UnreachableError when there is none in time, or it is too long. No redirect is followed:
    it could lead anywhere."""
    parts = urlsplit(url)
    path = f"{parts.path or '/'}?{parts.query}" if parts.query else parts.path or "/"
    connection = connection_to(url)
    given = {"Host": parts.netloc, "Accept": "application/json", "User-Agent": "Thuiszitters"} | (headers or {})
    try:
        connection.request(method, path, body=body or None, headers=given)
        response = connection.getresponse()
        content = response.read(MOST_BYTES + 1)
    except (OSError, HTTPException) as error:
        raise UnreachableError("De dienst antwoordt niet.") from error
    finally:
        connection.close()
    if len(content) > MOST_BYTES:
        raise UnreachableError("Het antwoord van de dienst is te lang.")
    kept = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, content.decode("utf-8", "replace"), kept)


class Session:
    """What the library asks with: as much of the session of `requests` as it uses."""

    def __enter__(self) -> Session:
        return self

    def __exit__(self, *args: object) -> None:
        """Nothing stays open."""

    def get(self, url: str, headers: dict[str, str] | None = None) -> Answer:
        return ask("GET", url, headers=headers)

    def request(
        self,
        method: str,
        url: str,
        *,
        params: dict[str, str] | None = None,
        data: dict[str, str] | None = None,
        headers: dict[str, str] | None = None,
        auth: Any = None,
    ) -> Answer:
        if params:
            url = f"{url}?{urlencode(params)}"
        given = dict(headers or {})
        if data is not None:
            given["Content-Type"] = "application/x-www-form-urlencoded"
        if auth is not None:
            pair = f"{auth.username}:{auth.password}".encode()
            given["Authorization"] = f"Basic {base64.b64encode(pair).decode()}"
        return ask(method, url, headers=given, body=urlencode(data) if data else "")

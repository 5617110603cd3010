"""How somebody in a test has logged in: with a second step, unless the test says otherwise.

Most tests are about what somebody sees, not about how they got in. For those `force_login` stands for a whole log-in, a
moment ago, with password and second step. A test of the log-in itself uses `log_in` and says what was given, and when.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from allauth.account.internal.flows.login import (
    _AUTHENTICATION_METHODS_USER_SESSION_KEY,
    AUTHENTICATION_METHODS_SESSION_KEY,
)
from allauth.account.internal.userkit import user_id_to_str
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.test import Client

from thuiszitters.accounts.models import User

_force_login = Client.force_login
MINUTE = 60


@contextmanager
def everybody_gives_one() -> Iterator[None]:
    """Within, Client.force_login stands for a log-in with a second step."""

    def force_login(client: Client, user: User, backend: str | None = None) -> None:
        _force_login(client, user, backend)
        _remember(client, user, ("password", "mfa"), time.time())

    with mock.patch.object(Client, "force_login", force_login):
        yield


def log_in(client: Client, user: User, *methods: str, seconds_ago: float = 0) -> None:
    """Log `user` in as if they gave `methods` ("password", "mfa"; none: nothing is known) so long ago."""
    _force_login(client, user)
    _remember(client, user, methods, time.time() - seconds_ago)


def _remember(client: Client, user: User, methods: tuple[str, ...], at: float) -> None:
    session = client.session
    session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": method, "at": at} for method in methods]
    session[_AUTHENTICATION_METHODS_USER_SESSION_KEY] = user_id_to_str(user)
    session.save()


def app_of(user: User) -> str:
    """Give `user` an app; its key."""
    secret: str = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def code_of(secret: str, at: float | None = None) -> str:
    """What the app with this key shows now, or at another moment."""
    moment = time.time() if at is None else at
    shown: str = format_hotp_value(hotp_value(secret, int(moment) // 30))
    return shown


def codes_of(user: User) -> list[str]:
    """Give `user` recovery codes; those that were not used yet."""
    codes: list[str] = RecoveryCodes.activate(user).get_unused_codes()
    return codes


def kinds_of(user: User) -> list[str]:
    """The kinds of second step that `user` has."""
    found: Any = Authenticator.objects.filter(user=user).order_by("type").values_list("type", flat=True)
    return list(found)

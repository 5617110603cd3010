"""A school with a class and a pupil, and a key of its system."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from attendance.models import ApiToken, Pupil
from attendance.models.api import Scope
from attendance.services.api_tokens import make_token
from tests import factories
from thuiszitters.accounts.models import School
from thuiszitters.accounts.roles import Role

TODAY = date(2026, 1, 14)
"""A Wednesday."""
Ask = Callable[..., Any]


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    """Requests counted for an earlier test are forgotten."""
    cache.clear()
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def school() -> School:
    return factories.school()


@pytest.fixture
def pupil(school: School) -> Pupil:
    return factories.pupil(in_group=factories.group(school))


@pytest.fixture
def key(school: School) -> tuple[ApiToken, str]:
    return key_of(school)


def key_of(school: School, *scopes: Scope, days: int = 30) -> tuple[ApiToken, str]:
    """A key and its secret; with every scope unless some are named."""
    by = factories.member(Role.BEHEERDER, school)
    last = TODAY + timedelta(days=days)
    return make_token(school=school, name="LVS", scopes=scopes or Scope.values, last=last, by=by, today=TODAY)


@pytest.fixture
def ask(key: tuple[ApiToken, str], client: Client) -> Ask:
    """Send something with the key of the school: method, address after /api/v1/, and what to send."""

    def asked(method: str, address: str, body: object = None, secret: str = "") -> Any:
        extra: dict[str, Any] = {"headers": {"Authorization": f"Bearer {secret or key[1]}"}}
        if body is not None:
            extra |= {"data": body, "content_type": "application/json"}
        return getattr(client, method)(f"/api/v1/{address}", **extra)

    return asked

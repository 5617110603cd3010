"""A school with an alliance, somebody who sets both up, and a pupil who is at home."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.http import HttpResponse
from django.test import Client

from attendance.models import Pupil, PupilClock
from attendance.services.clocks import evaluate_pupil
from tests import factories
from thuiszitters.accounts.models import Alliance, School, User
from thuiszitters.accounts.roles import Role

TODAY = date(2026, 1, 14)
"""A Wednesday; who is away since Monday 5 January misses 8 school days."""

Submit = Callable[..., HttpResponse]


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def alliance() -> Alliance:
    return factories.alliance()


@pytest.fixture
def school(alliance: Alliance) -> School:
    return factories.school(alliance=alliance, complete_through=date(2026, 1, 13))


@pytest.fixture
def beheerder(alliance: Alliance, client: Client) -> User:
    """Of the alliance, logged in."""
    person = factories.member(Role.BEHEERDER, alliance)
    client.force_login(person)
    return person


@pytest.fixture
def submit(client: Client, beheerder: User) -> Submit:
    """Fill in a form, see the effect, and say yes: what a person does. Gives the answer to the last step reached."""

    def go(url: str, **data: Any) -> HttpResponse:
        shown: Any = client.post(url, data)
        told = shown.context and shown.context.get("told")
        if not told:
            return shown  # type: ignore[no-any-return]
        return client.post(url, data | {"seen": told.seen, "confirmed": "1"})  # type: ignore[return-value]

    return go


def away(school: School, first: date = date(2026, 1, 5), last: date | None = None, code: str = "ziek") -> Pupil:
    """A pupil of this school who is absent, evaluated."""
    pupil = factories.pupil(school)
    factories.absence(pupil, first, last, code)
    evaluate_pupil(pupil.pk, today=TODAY, cause="test")
    return pupil


def days_at_home(pupil: Pupil) -> int:
    return PupilClock.objects.get(pupil=pupil).run_school_days

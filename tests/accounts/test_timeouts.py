"""A session ends when nobody is there any more, and at the end of the day in any case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from tests import factories
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.services.sessions import forget_ended_sessions
from thuiszitters.accounts.timeouts import Limits
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry

START = datetime(2026, 1, 14, 8, 0, tzinfo=UTC)
BACKGROUND = {"x-background": "1"}
in_database = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as moving:
        yield moving


@pytest.fixture
def coo(client: Client, clock: Any) -> User:
    person = factories.member(Role.COO, factories.school())
    client.force_login(person)
    return person


@in_database
def test_half_an_hour_of_nothing_is_the_end(client: Client, clock: Any, coo: User) -> None:
    clock.shift(timedelta(minutes=29))
    assert client.get("/").status_code == 200
    clock.shift(timedelta(minutes=30))
    answer = client.get("/tafel/")

    assert answer.status_code == 302
    assert answer["Location"] == "/account/login/?next=/tafel/&verlopen=1"
    assert Entry.objects.filter(kind=Kind.LOGOUT, what="tijd verstreken", actor=coo.code).count() == 1
    assert "/account/login/" in client.get("/")["Location"]


@in_database
def test_a_part_that_refreshes_by_itself_keeps_nothing_going(client: Client, clock: Any, coo: User) -> None:
    for _ in range(4):
        clock.shift(timedelta(minutes=7))
        assert client.get("/", headers=BACKGROUND).status_code == 200
        assert client.get("/beheer/ingelogd/nog/", headers=BACKGROUND).status_code == 200
    clock.shift(timedelta(minutes=2))

    assert client.get("/", headers=BACKGROUND).status_code == 302


@in_database
def test_who_is_at_work_all_day_logs_in_again_after_twelve_hours(client: Client, clock: Any, coo: User) -> None:
    for _ in range(12 * 3 - 1):
        clock.shift(timedelta(minutes=20))
        assert client.get("/").status_code == 200
    clock.shift(timedelta(minutes=20))

    assert client.get("/").status_code == 302


@in_database
def test_the_clock_in_the_page_hears_how_long_there_is(client: Client, clock: Any, coo: User) -> None:
    clock.shift(timedelta(minutes=20))

    looked = client.get("/beheer/ingelogd/nog/", headers=BACKGROUND).json()
    stayed = client.post("/beheer/ingelogd/nog/").json()

    assert (looked["left"], stayed["left"]) == (600, 1800)
    assert looked["user"] == str(coo.code)


@in_database
def test_how_long_is_a_setting_of_the_installation(client: Client, clock: Any, coo: User, settings: Settings) -> None:
    settings.SESSION_IDLE_MINUTES = 5
    clock.shift(timedelta(minutes=5))

    assert client.get("/").status_code == 302


@in_database
def test_who_sent_a_form_comes_back_to_the_page_it_stood_on(client: Client, clock: Any, coo: User) -> None:
    clock.shift(timedelta(hours=1))
    here = {"referer": "http://testserver/dossiers/?fase=nieuw"}

    answer = client.post("/verzuim/zoeken/", headers=here)
    assert answer["Location"] == "/account/login/?next=/dossiers/%3Ffase%3Dnieuw&verlopen=1"
    elsewhere = Client().post("/verzuim/zoeken/", headers={"referer": "https://elders.example/x"})
    assert elsewhere["Location"] == "/account/login/?next=/"


@in_database
def test_no_session_is_without_a_beginning(client: Client, clock: Any, coo: User) -> None:
    session = client.session
    del session["begun_at"]
    session.save()  # gets one again

    assert client.session["begun_at"] == int(START.timestamp())


@in_database
def test_nothing_is_left_of_sessions_that_ran_out(client: Client, clock: Any, coo: User) -> None:
    here = client.session.session_key
    for key in (here, "weg"):
        UserSession.objects.create(user=coo, ip="127.0.0.1", session_key=key, user_agent="")

    assert forget_ended_sessions() == 1
    clock.shift(timedelta(days=2))
    assert forget_ended_sessions() == 1
    assert forget_ended_sessions() == 0


moments = st.integers(0, 10**6)


@given(begun=moments, seen=moments, now=moments)
def test_no_session_lasts_longer_than_either_limit(begun: int, seen: int, now: int) -> None:
    limits = Limits(idle=1800, whole=43200)

    left = limits.left(begun=begun, seen=seen, now=now)

    assert left <= 1800
    if now >= begun + limits.whole or now >= seen + limits.idle:
        assert left <= 0
    elif begun <= seen <= now:
        assert left > 0

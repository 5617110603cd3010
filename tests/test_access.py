"""Each page × each role × own and other school, from tests/access_table.py."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
import time_machine
from django.db import transaction
from django.http import HttpResponseBase
from django.test import Client
from django.urls import reverse

from tests.access_table import PAGES, TODAY, Page, World
from tests.pages import OPEN_PAGES, own_pages
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
EACH_PAGE = pytest.mark.parametrize("line", [pytest.param(line, id=line.name) for line in PAGES])
EACH_ROW = pytest.mark.parametrize("line", [pytest.param(line, id=line.name) for line in PAGES if line.row])


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def ask(client: Client, line: Page, world: World, user: User | None = None) -> HttpResponseBase:
    """What `user` (None: nobody) gets of this page about a row of `world`. Nothing that it changes stays."""
    url = reverse(line.name, kwargs=line.row(world) if line.row else None)
    client.logout()
    with transaction.atomic():
        if user is not None:
            client.force_login(user)
        answer: HttpResponseBase = client.post(url) if line.method == "post" else client.get(url)
        transaction.set_rollback(True)
    return answer


def test_every_page_has_one_line() -> None:
    assert sorted(line.name for line in PAGES) == sorted(set(own_pages()) - OPEN_PAGES)


@EACH_PAGE
def test_the_view_names_the_same_roles(line: Page) -> None:
    """The table is written by hand: a role that is added to a view has to be added here by somebody who thinks."""
    assert own_pages()[line.name].allowed_roles == line.roles  # type: ignore[attr-defined]


@EACH_PAGE
def test_a_page_lets_in_the_right_roles(line: Page, client: Client) -> None:
    world = World()

    found = {role: ask(client, line, world, world.somebody(role)).status_code for role in Role}

    assert found == {role: line.own_of(role) if role in line.roles else 403 for role in Role}


@EACH_ROW
def test_a_row_of_another_school_is_not_there(line: Page, client: Client) -> None:
    """Not 403: that would tell that there is something about this child."""
    own, other = World(), World()

    found = {role: ask(client, line, other, own.somebody(role)).status_code for role in line.roles}

    assert found == dict.fromkeys(line.roles, 404)


@EACH_PAGE
def test_a_stranger_is_asked_to_log_in(line: Page, client: Client) -> None:
    answer = ask(client, line, World())

    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("account_login"))


@EACH_PAGE
def test_a_membership_that_ended_opens_nothing(line: Page, client: Client) -> None:
    world = World()
    person = world.somebody(min(line.roles))
    person.memberships.update(last=TODAY - timedelta(days=1))

    assert ask(client, line, world, person).status_code == 403

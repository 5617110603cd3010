"""Mijn leerlingen: of a gedragsdeskundige or jeugdarts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendance.services.clocks import evaluate_pupil
from tests import factories
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)
PAGE = "attendance:assigned_pupils"


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def expert() -> User:
    return factories.member(Role.GEDRAGSDESKUNDIGE, factories.alliance())


def test_only_who_is_assigned_today_is_shown(expert: User, client: Client) -> None:
    group = factories.group(factories.school())
    mine, ended, coming, _other = (factories.pupil(in_group=group) for _ in range(4))
    factories.assignment(mine, expert, last=TODAY)
    factories.assignment(ended, expert, last=TODAY - timedelta(days=1))
    factories.assignment(coming, expert, first=TODAY + timedelta(days=1))
    client.force_login(expert)

    rows = client.get(reverse(PAGE)).context["pupils"]

    assert [(row.pupil, row.group_name, row.clock) for row in rows] == [(mine, group.name, None)]


def test_a_mentor_who_is_also_assigned_sees_the_assigned_ones_here(expert: User, client: Client) -> None:
    group = factories.group(factories.school())
    factories.mentor(group, expert)
    factories.pupil(in_group=group)
    mine = factories.pupil(in_group=factories.group(factories.school()))
    factories.assignment(mine, expert)
    client.force_login(expert)

    assert [row.pupil for row in client.get(reverse(PAGE)).context["pupils"]] == [mine]


def test_longest_at_home_comes_first(expert: User, client: Client) -> None:
    school = factories.school(complete_through=TODAY)
    shorter, longer = factories.pupil(school), factories.pupil(school)
    for pupil, first in ((shorter, date(2026, 1, 12)), (longer, date(2026, 1, 5))):
        factories.absence(pupil, first)
        factories.assignment(pupil, expert)
        evaluate_pupil(pupil.pk, today=TODAY, cause="test")
    client.force_login(expert)

    rows = client.get(reverse(PAGE)).context["pupils"]

    assert [(row.pupil, row.clock.amount) for row in rows] == [(longer, 8), (shorter, 3)]


def test_the_number_of_queries_does_not_follow_the_number_of_pupils(expert: User, client: Client) -> None:
    client.force_login(expert)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            factories.assignment(factories.pupil(in_group=factories.group(factories.school())), expert)
        with CaptureQueriesContext(connection) as queries:
            client.get(reverse(PAGE))
        counts.append(len(queries))

    assert counts[0] == counts[1]

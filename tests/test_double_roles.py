"""Somebody with two roles at two places can do at each place what the role there allows, and no more."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from attendance.models import Assignment, GroupMentor, GroupTeacher
from tests.access_table import PAGES, TODAY, Page, World, meeting
from tests.test_access import ask
from thuiszitters.accounts.models import Membership, User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def also(person: User, role: Role, world: World) -> None:
    """Give `person` this role in another world as well, with the class or the assignment that belongs to it."""
    other = world.somebody(role)
    for model in (Membership, GroupMentor, GroupTeacher, Assignment):
        model.objects.filter(user=other).update(user=person)


@pytest.mark.parametrize("line", [pytest.param(line, id=line.name) for line in PAGES if line.row])
def test_a_role_elsewhere_opens_nothing_here(line: Page, client: Client) -> None:
    own, other = World(), World()
    person = own.somebody(min(line.roles))
    for role in set(Role) - line.roles:
        also(person, role, other)

    expected = 403 if line.row is meeting and line.method == "post" else 404
    # Whoever was invited to a meeting knows that it is there.
    assert ask(client, line, other, person).status_code == expected

"""Every id of another school, in every address, form and query: nothing is shown, and nothing changes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import cycle
from uuid import UUID

import pytest
import time_machine
from django.db import transaction
from django.urls import reverse

from tests.access_table import PAGES, TODAY, Page, World
from tests.security.forms import Form, forms_shown, pages_of, sent
from tests.security.rows import difference, only, stored
from tests.security.worlds import MARK, Other, filled, logged_in
from tests.test_safety import WHOLE
from thuiszitters.accounts.roles import AT_YOUTH_HEALTH, Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def addresses(line: Page, own: World, other: Other) -> list[str]:
    """The address of a row of one's own, in which each code and each number in turn becomes one of the other school."""
    address = line.row(own) if line.row else {}
    found = []
    for name, value in address.items():
        if isinstance(value, UUID):
            found += [reverse(line.name, kwargs=address | {name: code}) for code in other.codes]
        elif isinstance(value, int) and name == "pk":
            found += [
                reverse(line.name, kwargs=address | {name: number}) for number in other.numbers if number != str(value)
            ]
    return found


COUNTS = frozenset({"minutes", "lesson", "sequence"})
"""Fields that hold a number of something, not the number of a row."""
SLICES = 6
"""Making two schools takes longer than asking for a page."""


@pytest.mark.parametrize("part", range(SLICES))
def test_no_address_leads_to_another_school(part: int) -> None:
    """What is of the right kind, test_access tries for every role. Here every kind comes by, at somebody's turn."""
    own, other = World(), Other.made()
    clients = {role: logged_in(own.somebody(role)) for role in Role}
    lines = [line for line in PAGES if line.row][part::SLICES]
    urls = {line.name: addresses(line, own, other) for line in lines}
    before, found = stored(), []
    with transaction.atomic():
        turns = (
            (line, *turn) for line in lines for turn in zip(cycle(sorted(line.roles)), urls[line.name], strict=False)
        )
        for line, role, url in turns:
            asked = [clients[role].get(url)] if line.method == "get" else []
            found += [
                (line.name, role, answer.request["REQUEST_METHOD"], url, answer.status_code)
                for answer in (*asked, clients[role].post(url, WHOLE))
                if answer.status_code not in {404, 405} or MARK in answer.content.decode()
            ]
    assert found == []
    assert difference(before, stored()) == {}


@pytest.mark.parametrize("role", sorted(Role))
def test_no_form_takes_a_row_of_another_school(role: Role) -> None:
    """Each code and each number that a form sends becomes each one of the other school, at somebody's turn."""
    world, other = filled(World()), Other.made()
    client = logged_in(world.somebody(role))
    forms = list(forms_shown(client, pages_of(role, world, "get").values()))
    before, taken = stored(), []
    for form in forms:
        for name, value, more in tried(form, other):
            answer, found = sent(client, form, {name: value} | more, before)
            theirs = difference(only(before, other.rows), only(found, other.rows))
            pointed = [] if role in WORKS_FOR_ALL.get((form.page, name), ()) else other.pointed_at(found)
            if theirs or pointed or answer.status_code >= 500 or MARK in answer.content.decode():
                taken.append((form.page, name, value, theirs, pointed))
    assert taken == []


WORKS_FOR_ALL = {("attendance:access_ask", "school"): AT_YOUTH_HEALTH}
"""Forms in which a role may name any school: the question goes to the COO there, and tells the one who asks nothing."""
CODE = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


def tried(form: Form, other: Other) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Name, value, and what goes with it. A code may be part of a value: coo:0f3e…"""
    for name, (value, *_) in form.values.items():
        if CODE.search(value):
            for code in other.codes:
                yield name, CODE.sub(code, value), {}
        elif value.isdecimal() and name not in COUNTS:
            for number in other.numbers:
                yield name, number, {}

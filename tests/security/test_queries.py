"""Whatever stands in a query is no error of ours, shows nothing of another school, and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client

from tests.access_table import PAGES, TODAY, World
from tests.security.forms import address_of
from tests.security.query import NASTY, names_read
from tests.security.rows import difference, stored
from tests.security.worlds import MARK, Other, filled, logged_in
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
READ_BY_GET = [line for line in PAGES if line.method == "get"]
SLICES = 4
"""Making two schools takes longer than asking for a page."""


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def names_of(client: Client, address: str) -> set[str]:
    """What this page reads from a query: also what it reads only when something else is there."""
    with names_read() as found:
        client.get(address)
        client.get(address, headers={"HX-Request": "true"})
        client.get(f"{address}?{urlencode(dict.fromkeys(found, '1'))}")
    return found


def queries_of(names: set[str], values: list[str]) -> Iterator[dict[str, list[str]]]:
    """Every value in all names at once, each name alone with some of them, and a name that comes twice."""
    yield from ({key: [value] for key in names} for value in values)
    turns = cycle(values)
    yield from ({name: [next(turns)]} for name in sorted(names) * 3)
    yield {f"{name}[]": values[:3] for name in names} | dict.fromkeys(names, values[:3])


def test_the_names_that_a_page_reads_are_found() -> None:
    """Else the test below asks every page about nothing."""
    world = filled(World())
    found = {
        line.name: names_of(logged_in(world.somebody(min(line.roles))), address_of(line, world))
        for line in READ_BY_GET
        if line.name in {"accounts:read_log", "tables:board", "cases:case_list", "attendance:absence_add"}
    }
    assert found["accounts:read_log"] >= {"van", "tot", "wie", "soort", "leerling", "wat", "verzoek", "bladzijde"}
    assert found["tables:board"] == {"fase", "school"}
    assert found["cases:case_list"] >= {"eigenaar", "fase", "gesloten", "pagina"}
    assert "next" in found["attendance:absence_add"]


@pytest.mark.parametrize("part", range(SLICES))
def test_a_query_is_no_error_of_ours(part: int) -> None:
    world, other = filled(World()), Other.made()
    lines = READ_BY_GET[part::SLICES]
    clients = {role: logged_in(world.somebody(role)) for role in Role}
    addresses = {line.name: address_of(line, world) for line in lines}
    before, wrong = stored(), []
    for line in lines:
        client, address = clients[min(line.roles)], addresses[line.name]
        names, expected = names_of(client, address), client.get(address).status_code
        # A page that reads nothing gets one of each sort, under a name that it does not know.
        for query in queries_of(names, [*NASTY, *other.codes]) if names else [{"q": list(NASTY)}]:
            answer = client.get(f"{address}?{urlencode(query, doseq=True, errors='surrogateescape')}")
            if answer.status_code not in {expected, 302, 400, 404} or MARK.encode() in answer.content:
                wrong.append((line.name, query, answer.status_code))
    assert wrong == []
    assert difference(before, stored()) == {}

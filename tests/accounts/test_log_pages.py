"""The log in pages that never count all of it."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests import factories
from thuiszitters.accounts.listings import log_pages
from thuiszitters.accounts.listings.log_pages import page_of
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def small_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, size in (("PAGE_SIZE", 2), ("COUNTED", 5), ("LAST_PAGE", 4)):
        monkeypatch.setattr(log_pages, name, size)


def entries(number: int, **fields: Any) -> None:
    at = datetime(2026, 1, 14, 9, tzinfo=UTC)
    Entry.objects.bulk_create(Entry(kind=Kind.READ, what="dossier", at=at, **fields) for _ in range(number))


@pytest.mark.parametrize(
    ("number", "asked", "at", "shown", "count", "is_more", "has_next", "is_cut_off"),
    [
        (0, "", 1, 0, 0, False, False, False),
        (2, "", 1, 2, 2, False, False, False),
        (3, "1", 1, 2, 3, False, True, False),
        (3, "2", 2, 1, 3, False, False, False),
        (5, "1", 1, 2, 5, False, True, False),
        (6, "1", 1, 2, 5, True, True, False),
        (6, "3", 3, 2, 5, True, False, False),
        (8, "4", 4, 2, 5, True, False, False),
        (9, "4", 4, 2, 5, True, False, True),
        (9, "5", 4, 2, 5, True, False, True),
        (3, "9", 4, 0, 3, False, False, False),
        (3, "0", 1, 2, 3, False, True, False),
        (3, "-1", 1, 2, 3, False, True, False),
        (3, "laatste", 1, 2, 3, False, True, False),
        (3, "²", 1, 2, 3, False, True, False),
        (3, "9" * 5000, 1, 2, 3, False, True, False),
    ],
)
def test_a_page(
    number: int, asked: str, at: int, shown: int, count: int, *, is_more: bool, has_next: bool, is_cut_off: bool
) -> None:
    entries(number)

    found = page_of(Entry.objects.order_by("-at", "-pk"), asked)

    assert (found.number, len(found.entries), found.count) == (at, shown, count)
    assert (found.is_more, found.has_next, found.is_cut_off) == (is_more, has_next, is_cut_off)


def test_pages_together_are_all_of_it_in_order() -> None:
    entries(7)
    rows = Entry.objects.order_by("-at", "-pk")

    assert [row for asked in "1234" for row in page_of(rows, asked).entries] == list(rows)


def test_the_page_of_the_log_counts_no_further_than_it_tells(client: Client) -> None:
    school = factories.school()
    fg = factories.member(Role.FG, school)
    client.force_login(fg)
    entries(9, actor=fg.code)
    asked = {"van": "2026-01-14", "tot": "2026-01-14", "wie": str(fg.code), "bladzijde": "4"}

    with CaptureQueriesContext(connection) as queries:
        page = " ".join(client.get(reverse("accounts:read_log"), asked).content.decode().split())

    assert "Meer dan 5 regels" in page
    assert "bladzijde 4" in page
    assert "Kies een kortere periode" in page
    counts = [query["sql"] for query in queries if "COUNT(" in query["sql"] and "audit_entry" in query["sql"]]
    assert [sql for sql in counts if "LIMIT 6" not in sql and "opvallend" not in sql] == []
    assert len(counts) > 1


@pytest.mark.parametrize(
    ("number", "asked", "newer", "text"),
    [
        (3, "1", None, ""),
        (3, "2", "1", ""),
        (3, "3", "2", "Verder terug is er niets"),
        (3, "9", "3", "Verder terug is er niets"),
        (0, "1", None, "Niets gevonden"),
    ],
)
def test_past_the_last_page_there_is_a_way_back(
    client: Client, number: int, asked: str, newer: str | None, text: str
) -> None:
    fg = factories.member(Role.FG, factories.school())
    client.force_login(fg)
    entries(number, actor=fg.code)

    day = {"van": "2026-01-14", "tot": "2026-01-14"}
    page = client.get(reverse("accounts:read_log"), day | {"bladzijde": asked}).content.decode()

    back = f'<a href="?van=2026-01-14&amp;tot=2026-01-14&amp;bladzijde={newer}">Nieuwer</a>'
    assert (back in page, ">Nieuwer</a>" in page) == (bool(newer), bool(newer))
    assert [said for said in ("Verder terug is er niets", "Niets gevonden") if said in page] == ([text] if text else [])


@pytest.mark.parametrize(
    ("word", "found"),
    [
        ("noodtoegang", {"noodtoegang geopend"}),
        ("NOOD", {"noodtoegang geopend"}),
        ("access_nood", {"noodtoegang geopend"}),
        ("overdracht van", {"overdracht van een dossier"}),
        ("opvallende", {"begonnen aan mail: opvallende patronen"}),
    ],
)
def test_a_word_finds_what_the_page_calls_so(client: Client, word: str, found: set[str]) -> None:
    fg = factories.member(Role.FG, factories.school())
    client.force_login(fg)
    for what in ("access_nood", "access_eindigt", "case hand over", "begonnen aan mail: odd_patterns"):
        Entry.objects.create(kind=Kind.CHANGE, what=what, actor=fg.code, at=datetime(2026, 1, 14, 9, tzinfo=UTC))

    answer = client.get(reverse("accounts:read_log"), {"van": "2026-01-14", "tot": "2026-01-14", "wat": word})

    assert {line.what for line in answer.context["lines"]} == found


@pytest.mark.parametrize(
    ("word", "found"),
    [("dossier", {"dossier", "dossier sluiten"}), ("SLUIT", {"dossier sluiten"}), ("klas", {"Klas"}), ("niets", set())],
)
def test_a_word_finds_what_has_it_anywhere_in_its_name(client: Client, word: str, found: set[str]) -> None:
    fg = factories.member(Role.FG, factories.school())
    client.force_login(fg)
    for what in ("dossier", "dossier sluiten", "Klas"):
        Entry.objects.create(kind=Kind.READ, what=what, actor=fg.code, at=datetime(2026, 1, 14, 9, tzinfo=UTC))

    answer = client.get(reverse("accounts:read_log"), {"van": "2026-01-14", "tot": "2026-01-14", "wat": word})

    assert {line.what for line in answer.context["lines"]} == found


def test_everything_the_log_tells_of_is_known_once() -> None:
    assert Entry.objects.whats() == sorted({row.what for row in Entry.objects.all()})
    entries(2)
    Entry.objects.create(kind=Kind.READ, what="afspraak")

    assert Entry.objects.whats() == sorted({row.what for row in Entry.objects.all()})

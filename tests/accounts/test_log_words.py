"""The log speaks Dutch, also of what the code has no Dutch name for."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings

from thuiszitters.accounts.listings.log_lines import label_of
from thuiszitters.accounts.listings.log_words import COLUMNS, MAILS, SAME_IN_DUTCH, called, codes_in, plain
from thuiszitters.audit.changes import audited_models, fields_of, name_of

SOMEBODY = UUID("46145780-fb97-4557-982e-240c8e93921b")
NAMES: dict[UUID | None, str] = {SOMEBODY: "Tim Jonker"}


def test_every_column_that_is_told_has_a_dutch_name() -> None:
    nameless = {
        f"{name_of(model)}: {column.name}"
        for model, audited in audited_models().items()
        for column in fields_of(model)
        if column.name in audited.fields
        and label_of(column) == column.name.replace("_", " ")
        and column.name not in SAME_IN_DUTCH
    }
    assert nameless == set()


def test_no_word_is_kept_for_a_column_that_is_gone() -> None:
    told = {column.name for model in audited_models() for column in fields_of(model)}
    assert set(COLUMNS) - told == set()


def test_every_mail_has_a_dutch_name() -> None:
    texts = {path.stem for path in Path(settings.BASE_DIR, "templates").rglob("mail/*.txt")}
    assert texts - set(MAILS) == set()
    assert set(MAILS) - texts == set()


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("new_browser", "ingelogd op een nieuw apparaat"),
        ("begonnen aan mail: odd_patterns", "begonnen aan mail: opvallende patronen"),
        ("vraag om toegang: gegeven", "vraag om toegang: gegeven"),
        ("dossier", "dossier"),
        ("case hand over", "overdracht van een dossier"),
    ],
)
def test_what_an_entry_is_about(what: str, said: str) -> None:
    assert called(what) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (None, "leeg"),
        ("", "leeg"),
        ([], "leeg"),
        (True, "ja"),
        (12, "12"),
        ("2026-11-19", "do 19 nov 2026"),
        ("2026-11-22T16:00:00+00:00", "zo 22 nov 2026, 17:00"),
        ("2026-06-22T22:30:00.550000Z", "di 23 jun 2026, 00:30"),
        ("2026-11-22 16:00", "2026-11-22 16:00"),
        ("2028-02-29", "di 29 feb 2028"),
        ("2026-02-30", "2026-02-30"),
        ("0000-01-01", "0000-01-01"),
        ("2026-13-01T00:00Z", "2026-13-01T00:00Z"),
        ("2026-11-22T24:61Z", "2026-11-22T24:61Z"),
        ("0001-01-01T00:00+23:59", "0001-01-01T00:00+23:59"),
        (str(SOMEBODY), "Tim Jonker"),
        ("be907e21-1de5-495e-9a1c-a0f3f17a3913", "be907e21"),
        ([str(SOMEBODY), "iets"], "Tim Jonker, iets"),
    ],
)
def test_a_value_as_people_write_it(value: Any, said: str) -> None:
    assert plain(value, NAMES) == said


def test_codes_are_found_wherever_they_stand() -> None:
    detail = {"wie": str(SOMEBODY), "rijen": 3, "velden": {"wie": [None, "be907e21-1de5-495e-9a1c-a0f3f17a3913"]}}
    assert codes_in([detail]) == {SOMEBODY, UUID("be907e21-1de5-495e-9a1c-a0f3f17a3913")}

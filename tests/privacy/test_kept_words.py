"""What was kept of a report reads as Dutch in the file for parents, and a date is no telephone number."""

from __future__ import annotations

import inspect
import re

import pytest

from cases.services.reports import facts_as_sent
from thuiszitters.privacy.pieces.kept_words import NAMES
from thuiszitters.privacy.services.gathering import lines
from thuiszitters.privacy.services.naming import suggestions_in


def test_all_that_leerplicht_got_has_a_name() -> None:
    keys = set(re.findall(r'^        "(\w+)":', inspect.getsource(facts_as_sent), re.MULTILINE))
    assert "birth_date" in keys
    assert keys - set(NAMES) == set()


def test_what_was_sent_is_told_in_words() -> None:
    facts = {
        "pupil": "Sam Bos",
        "birth_date": "2011-03-02",
        "kind": "16_uur",
        "all_lessons_missed": True,
        "no_action_reason": "",
        "action_wanted": False,
        "specification": [["2026-10-15", 350, 7, "ziek"], ["2026-10-16", 300, None, "ziek"]],
    }
    assert lines(facts) == [
        "leerling: Sam Bos",
        "geboortedatum: 2 maart 2011",
        "soort melding: 16 uur in 4 weken",
        "alle lessen gemist: ja",
        "de school vraagt leerplicht iets te doen: nee",
        "gemiste dagen (minuten, lessen, reden): 15 oktober 2026, 350, 7, ziek; 16 oktober 2026, 300, ziek",
    ]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("bel 06 12345678", ["06 12345678"]),
        ("bel 000-0000000", ["000-0000000"]),
        ("bel +31612345678", ["+31612345678"]),
        ("bel 06-12-345678", ["06-12-345678"]),
        ("op 09-11-2026 was hij er", []),
        ("van 03-11-2026, tot 09-11-2026.", []),
    ],
)
def test_a_date_is_no_number(text: str, numbers: list[str]) -> None:
    assert [row.words for row in suggestions_in(text, {})] == numbers

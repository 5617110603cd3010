"""What was kept of a report reads as Dutch in the file for parents, and a date is no telephone number."""

from __future__ import annotations

import inspect
import re

import pytest

from cases.services.reports import facts_as_sent
from thuiszitters.accounts.listings.log_words import COLUMNS
from thuiszitters.privacy.pieces.kept_words import NAMES
from thuiszitters.privacy.pieces.left_out import IN_A_FILE, LABELS
from thuiszitters.privacy.services.gathering import lines
from thuiszitters.privacy.services.naming import suggestions_in


def test_all_that_leerplicht_got_has_a_name() -> None:
    keys = set(re.findall(r'^        "(\w+)":', inspect.getsource(facts_as_sent), re.MULTILINE))
    assert "birth_date" in keys
    assert keys - set(NAMES) == set()


def test_a_word_that_the_log_has_is_not_kept_again() -> None:
    assert IN_A_FILE.items() & COLUMNS.items() == set()
    assert (LABELS["answer"], LABELS["closed_reason"], LABELS["sent_facts"]) == (
        "antwoord",
        "waarom gesloten",
        "wat leerplicht kreeg",
    )


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
        ("bel 0612345678.", ["0612345678"]),
        ("bel 06-12345678 of 020 1234567", ["06-12345678", "020 1234567"]),
        ("bel 000-0000000", ["000-0000000"]),
        ("bel 06-12-345678", ["06-12-345678"]),
        ("bel 06-12-3456 78", ["06-12-3456 78"]),
        ("bel 06-12-34-56-78", ["06-12-34-56-78"]),
        ("bel 06-12-34 56 78", ["06-12-34 56 78"]),
        ("bel 06 12 34 56 78 voor 10 uur", ["06 12 34 56 78"]),
        ("bel 06 12345678 10-12 uur", ["06 12345678"]),
        ("bel 06.12.34.56.78", ["06.12.34.56.78"]),
        ("bel 0412-10-11-12", ["0412-10-11-12"]),
        ("bel 020 - 123 45 67", ["020 - 123 45 67"]),
        ("bel (020) 123 45 67", ["(020) 123 45 67"]),
        ("bel 0800-1234567", ["0800-1234567"]),
        ("bel +31612345678", ["+31612345678"]),
        ("bel +31 6-12-2026 78", ["+31 6-12-2026 78"]),
        ("bel +31 (0)6 1234 5678", ["+31 (0)6 1234 5678"]),
        ("bel 0031 6 12345678", ["0031 6 12345678"]),
        ("bel +32 470 12 34 56", ["+32 470 12 34 56"]),
        ("op 01-02-2026 belde 06-12345678", ["06-12345678"]),
        ("01-02-2026 06-12345678", ["06-12345678"]),
        ("06-12345678 01-02-2026", ["06-12345678"]),
        ("op 09-11-2026 was hij er", []),
        ("van 03-11-2026, tot 09-11-2026.", []),
        ("Ziek van 01-02-2026 - 05-03-2026", []),
        ("Ziek van 1-02-2026 - 5-03-2026", []),
        ("Ziek van 01-02-2026 t/m 05-03-2026", []),
        ("Ziek 01-02-2026-05-03-2026", []),
        ("Ziek van 01-02-26 - 05-03-26", []),
        ("Ziek van 06-02-26 - 10-03-26", []),
        ("Ziek van 01/02/2026 - 05/03/2026", []),
        ("Ziek van 01.02.2026 - 05.03.2026", []),
        ("01-02-2026 10-12", []),
        ("06-12-2026 10-12", []),
        ("01-02-2026 08.30 - 10.15", []),
        ("op 2026-01-12", []),
        ("2026-01-12 - 2026-02-03", []),
        ("2026-01-12 2026-02-03 2026-03-04", []),
        ("2026-01-12 08:30", []),
        ("van 0830 - 1015", []),
        ("leerling 012345678", []),
    ],
)
def test_a_date_is_no_number(text: str, numbers: list[str]) -> None:
    assert [row.words for row in suggestions_in(text, {})] == numbers

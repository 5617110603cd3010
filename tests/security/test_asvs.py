"""The table of the security standard is complete, and what it points at exists."""

from __future__ import annotations

import re
from pathlib import Path

from django.conf import settings

ROOT = Path(settings.BASE_DIR)
TABLE = (ROOT / "docs" / "asvs.md").read_text()
ROWS = re.findall(r"^\| V([\d.]+) \| ([12]) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", TABLE, re.MULTILINE)
ITEMS = {
    1: 27,
    2: 11,
    3: 19,
    4: 10,
    5: 9,
    6: 35,
    7: 18,
    8: 7,
    9: 7,
    10: 29,
    11: 14,
    12: 9,
    13: 13,
    14: 9,
    15: 13,
    16: 16,
    17: 7,
}
"""Items of levels 1 and 2 in each chapter of version 5.0.0."""


def test_every_item_stands_in_it_once() -> None:
    numbers = [row[0] for row in ROWS]
    chapters = [int(number.split(".")[0]) for number in numbers]

    assert len(numbers) == len(set(numbers))
    assert {chapter: chapters.count(chapter) for chapter in set(chapters)} == ITEMS
    assert numbers == sorted(numbers, key=lambda number: [int(part) for part in number.split(".")])


def test_a_gap_is_called_a_gap_and_the_sum_is_right() -> None:
    states = [row[3] for row in ROWS]

    assert set(states) == {"ja", "deels", "nee", "n.v.t."}
    told = re.findall(r"(\d+) ja, (\d+) deels, (\d+) nee, (\d+) n\.v\.t\.", TABLE)
    assert told == [tuple(str(states.count(state)) for state in ("ja", "deels", "nee", "n.v.t."))]


def test_what_it_points_at_exists() -> None:
    """In these three documents; those of a folder that test_docs knows are checked there too."""
    pages = [ROOT / "docs" / name for name in ("asvs.md", "dpia.md", "verwerkingsregister.md")] + [ROOT / "SECURITY.md"]
    named = {
        path
        for page in pages
        for path in re.findall(
            r"`([\w.-]+/[\w./-]+|[\w-]+\.md|Dockerfile|docker-compose\.yml|\.\w+(?:\.\w+)?)`", page.read_text()
        )
    }

    assert len(named) > 60
    assert {path for path in named if not (ROOT / path).exists()} == set()

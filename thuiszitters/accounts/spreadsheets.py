"""Texts in files that somebody opens with a spreadsheet."""

from __future__ import annotations

STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""With these a cell becomes a formula, which can send what stands beside it to an address of somebody's choice."""
QUOTE = "'"


def safe_cell(text: str) -> str:
    """A text for a cell of a CSV file or a workbook that stays text: a formula gets a quote before it.

    Control characters, which no workbook can hold, become blanks.
    """
    bare = "".join(character if character.isprintable() or character == "\n" else " " for character in text)
    return QUOTE + bare if text.lstrip(" \xa0").startswith(STARTS_FORMULA) else bare


def plain_cell(text: str) -> str:
    """What `safe_cell` was given, apart from control characters: so a file that was downloaded can be read again."""
    if not text.startswith(QUOTE):
        return text
    inner = text.removeprefix(QUOTE)
    return inner if inner.lstrip(" \xa0").startswith(STARTS_FORMULA) else text

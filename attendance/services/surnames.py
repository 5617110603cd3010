"""Surnames as they are compared."""

from __future__ import annotations

import unicodedata

UNMARKED = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe"})


def surname_key(surname: str) -> str:
    """A surname without case and accents, by which a child is recognised and sorted."""
    key = unicodedata.normalize("NFKD", surname.casefold()).translate(UNMARKED)
    return "".join(character for character in key if not unicodedata.combining(character))[:80]

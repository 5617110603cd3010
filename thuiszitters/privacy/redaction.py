"""Blacking out parts of a text. Pure: positions in, text without those parts out."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BLACK = "[weggelakt]"
"""Stands where something was: always as long, so that it does not tell how much."""

Span = tuple[int, int]
"""First position, and the one after the last."""


@dataclass(frozen=True)
class Part:
    """A piece of a text that is shown, or that goes."""

    text: str
    is_black: bool


def merged(spans: Iterable[Sequence[int]], text: str = "") -> list[Span]:
    """In order, without overlap; what touches, or lies in `text` with only blanks between, becomes one: so that first
    name and surname do not show that they are two words."""
    found: list[Span] = []
    for first, after in sorted((int(span[0]), int(span[1])) for span in spans):
        if found and (first <= found[-1][1] or (after > first and text[found[-1][1] : first].isspace())):
            found[-1] = (found[-1][0], max(found[-1][1], after))
        elif after > first:
            found.append((first, after))
    return found


def spans_of(text: str, phrases: Iterable[str]) -> tuple[list[Span], list[str]]:
    """Wherever one of `phrases` stands, whatever its capitals; and the phrases that stand nowhere."""
    spans: list[Span] = []
    missing = []
    for phrase in (" ".join(row.split()) for row in phrases):
        if not phrase:
            continue
        pattern = r"\s+".join(re.escape(word) for word in phrase.split(" "))
        hits = [match.span() for match in re.finditer(pattern, text, re.IGNORECASE)]
        spans += hits
        if not hits:
            missing.append(phrase)
    return merged(spans, text), missing


def parts(text: str, spans: Iterable[Sequence[int]]) -> list[Part]:
    """The text in pieces, for showing what goes."""
    found, position = [], 0
    for first, after in merged(spans, text):
        found += [Part(text[position:first], is_black=False), Part(text[first:after], is_black=True)]
        position = after
    found.append(Part(text[position:], is_black=False))
    return [part for part in found if part.text]


def blacked(text: str, spans: Iterable[Sequence[int]]) -> str:
    """The text as it goes along: what is black is not in it any more."""
    return "".join(BLACK if part.is_black else part.text for part in parts(text, spans))

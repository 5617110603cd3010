"""One date of a pupil as a page shows it: a symbol, a colour and words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from attendance.engine.facts import Day, Kind, Why

SYMBOLS = {
    "missed": "●",
    "part": "◐",
    "free": "○",
    "none": "–",
    "unknown": "?",
    "present": "✓",
    "exempt": "◇",
    "ahead": "",
}
LEGEND = (
    ("missed", "afwezig"),
    ("part", "deel van de dag afwezig"),
    ("present", "aanwezig"),
    ("free", "vrij of vakantie"),
    ("none", "niet verwacht"),
    ("unknown", "nog niet ingevuld"),
    ("exempt", "vrijgesteld"),
)
"""Kind and words, in the order in which a reader meets them."""

LOOKS: dict[Why, tuple[str, str]] = {
    Why.NOT_ENROLLED: ("none", "niet ingeschreven"),
    Why.EXEMPT: ("exempt", "vrijgesteld"),
    Why.WEEKEND: ("free", "weekend"),
    Why.CLOSED: ("free", "vrij"),
    Why.DAY_OFF: ("none", "geen les in het eigen rooster"),
    Why.HOME_BY_AGREEMENT: ("missed", "thuis volgens afspraak"),
    Why.MISSED: ("missed", "afwezig"),
    Why.PARTLY: ("part", "deel van de dag afwezig"),
    Why.NOT_KNOWN: ("unknown", "nog niet ingevuld"),
    Why.PRESENT: ("present", "aanwezig"),
}
"""Why a date has its kind: which cell it is, and the words for it."""


@dataclass(frozen=True)
class DayMark:
    """A cell. `kind` is a key of SYMBOLS; `text` says all that the cell says; `counted`: a clock counts it."""

    day: date
    kind: str
    text: str
    counted: bool = False
    is_today: bool = False

    @property
    def symbol(self) -> str:
        return SYMBOLS[self.kind]


def mark_of(explained: Day, today: date, reason: str = "") -> DayMark:
    """The cell of an explained date. `reason` is what the record of that date says ("ziek")."""
    kind, words = LOOKS[explained.why]
    if explained.note:
        words = explained.note
    elif explained.why is Why.PARTLY:
        words = f"{explained.missed} van {explained.expected} minuten afwezig"
    if reason and explained.kind is not Kind.NEUTRAL:
        words = f"{words}, {reason}"
    return DayMark(explained.day, kind, words, explained.counted, explained.day == today)


def ahead(day: date) -> DayMark:
    """A date that has not come yet."""
    return DayMark(day, "ahead", "nog niet geweest")

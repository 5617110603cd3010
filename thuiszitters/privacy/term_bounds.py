"""What the law leaves to choose of a retention term. Plain rules: no database, no clock."""

from __future__ import annotations

from dataclasses import dataclass

from thuiszitters.privacy.data_classes import DataClass

MOST_YEARS = 20
"""Longer than anybody is at school: a slip of the pen, whatever the class."""


@dataclass(frozen=True)
class Bound:
    """In months; None: the law says nothing of that side. `source`: where it says so."""

    least: int | None
    most: int | None
    source: str

    @property
    def is_fixed(self) -> bool:
        return self.least is not None and self.least == self.most

    def __str__(self) -> str:
        if self.is_fixed:
            return f"{in_words(self.least)}, niet korter en niet langer ({self.source})"
        sides = [("ten minste", self.least), ("ten hoogste", self.most)]
        told = " en ".join(f"{word} {in_words(months)}" for word, months in sides if months is not None)
        return f"{told} ({self.source})"


def in_words(months: int | None) -> str:
    """Of whole years."""
    return f"{(months or 0) // 12} jaar"


BOUNDS: dict[DataClass, Bound] = {
    DataClass.TABLE: Bound(36, 36, "WPO artikel 18a, lid 13"),
    DataClass.REFERRAL: Bound(36, None, "Besluit bekostiging WPO"),
    DataClass.ABSENCE: Bound(60, None, "Besluit bekostiging WPO"),
    DataClass.ENROLMENT: Bound(60, None, "Besluit bekostiging WPO"),
}
"""Of the other classes the law fixes no length: not longer than needed (AVG artikel 5, lid 1, onder e)."""

OF_EVERYBODY = frozenset({DataClass.LOG})
"""One for the whole installation: no alliance has a term of its own for these."""


def may_change(data_class: DataClass) -> bool:
    """Whether an alliance has anything to choose."""
    bound = BOUNDS.get(data_class)
    return data_class not in OF_EVERYBODY and not (bound and bound.is_fixed)


def why_not(data_class: DataClass, years: int, months: int) -> str:
    """Why this cannot be the term of an alliance, in Dutch; empty: it can."""
    if data_class in OF_EVERYBODY:
        return "Deze termijn geldt voor de hele applicatie."
    length, bound = years * 12 + months, BOUNDS.get(data_class)
    if length == 0:
        return "Vul een termijn in van ten minste een maand."
    if length > MOST_YEARS * 12:
        return f"Langer dan {MOST_YEARS} jaar kan niet."
    too_short = bound is not None and bound.least is not None and length < bound.least
    too_long = bound is not None and bound.most is not None and length > bound.most
    return f"De wet zegt: {bound}." if too_short or too_long else ""

"""The log in pages. It has millions of entries: a page never counts them all."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models.query import QuerySet

from thuiszitters.audit.models import Entry

PAGE_SIZE = 50
COUNTED = 1_000
"""So far it is counted how many entries there are; to count a year took six seconds of a million entries."""
LAST_PAGE, LONGEST = 100, 10
"""Further back means a shorter period: the database passes over all that stands on the pages before."""


@dataclass(frozen=True)
class LogPage:
    """`number` from 1. `count`: how many entries there are, COUNTED at most; `is_more`: there are more than that.
    `has_next`: there is a next page, and it can be asked for; `is_cut_off`: there is one, and it cannot."""

    number: int
    entries: list[Entry]
    count: int
    is_more: bool
    has_next: bool
    is_cut_off: bool

    @property
    def previous(self) -> int:
        return self.number - 1

    @property
    def next(self) -> int:
        return self.number + 1


def page_of(found: QuerySet[Entry], asked: str) -> LogPage:
    """The page of `found` that was asked for by its number; what is no such number is the first page, or the last that
    can be asked for."""
    number = min(max(int(asked), 1), LAST_PAGE) if asked.isdecimal() and len(asked) < LONGEST else 1
    first = (number - 1) * PAGE_SIZE
    entries = list(found[first : first + PAGE_SIZE + 1])
    goes_on = len(entries) > PAGE_SIZE
    count = found.order_by()[: COUNTED + 1].count()
    return LogPage(
        number=number,
        entries=entries[:PAGE_SIZE],
        count=min(count, COUNTED),
        is_more=count > COUNTED,
        has_next=goes_on and number < LAST_PAGE,
        is_cut_off=goes_on and number == LAST_PAGE,
    )

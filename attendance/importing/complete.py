"""What a file that is stated to be complete for a period says by its silence.

A record whose *first* date lies in the period and that the file does not name no longer stands. Whatever way a school
selects its export by (date of start, dates that touch the period), such a record would be in it; one that began earlier
might not be, so it is left alone, also when it runs on into the period or is still open. Where the file is in doubt,
the record stays: a child that is counted a day longer is looked at, one that disappears is not.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol, TypeVar

ASK_ABOVE = 10
"""Per cent of the records of the period that may disappear before anybody is asked."""

K = TypeVar("K", bound=Hashable)


class Dates(Protocol):
    """Dates from a first to a last, or on."""

    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date | None: ...


R = TypeVar("R", bound=Dates)


@dataclass(frozen=True, slots=True)
class Period:
    """The file holds all absence from `first` up to and including `last`."""

    first: date
    last: date

    def holds(self, day: date) -> bool:
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True)
class Shield:
    """A row that could not be taken: what it may have confirmed stays.

    From `first` to `last`; without `last` everything from `first` on, without `first` everything of the pupil.
    """

    first: date | None = None
    last: date | None = None

    def covers(self, record: Dates) -> bool:
        begins_before_its_end = self.last is None or record.first <= self.last
        ends_after_its_start = self.first is None or record.last is None or record.last >= self.first
        return begins_before_its_end and ends_after_its_start


def disappearing(records: Mapping[K, R], named: Iterable[K], shields: Iterable[Shield], period: Period) -> dict[K, R]:
    """Which of these standing records of one pupil the file says no longer stand.

    `named`: the keys of the rows that could be read; `shields`: the rows that could not.
    """
    named, shields = set(named), list(shields)
    return {
        key: record
        for key, record in records.items()
        if key not in named and period.holds(record.first) and not any(shield.covers(record) for shield in shields)
    }


def must_ask(gone: int, standing: int) -> bool:
    """Whether so many of the standing records is too much to let go without a question. There is no minimum: a question
    costs a click, and what disappears is a child's absence."""
    return gone * 100 > standing * ASK_ABOVE

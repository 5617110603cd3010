"""Which rows fit beside each other: the settling of one owner's rows (a child's absences, a school's days).

What stands stays; of rows with the same key the last one in the file that fits counts; the order of rows with different
keys does not matter as long as what they come to together is sound.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic, Protocol, TypeVar


class Period(Protocol):
    """What is claimed: dates that no other period of the owner may claim too.

    `partial`: a part of the one date `first`: other parts may stand on it, but no whole day.
    """

    @property
    def first(self) -> date: ...
    @property
    def last(self) -> date | None: ...
    @property
    def partial(self) -> bool: ...


P = TypeVar("P", bound=Period)
K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Entry(Generic[K, P]):
    """A period under its key; `line` is where the file says so, 0 what stands already."""

    key: K
    period: P
    line: int = 0


@dataclass(slots=True)
class Settled(Generic[K, P]):
    """What becomes of an owner's rows. `lines` has for each line that fits what it does to its key."""

    created: list[Entry[K, P]] = field(default_factory=list)
    updated: list[Entry[K, P]] = field(default_factory=list)
    verdicts: dict[int, str] = field(default_factory=dict)
    refused: dict[int, Entry[K, P]] = field(default_factory=dict)
    """Line → what it overlaps with."""


CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
MOST_ROUNDS = 10
"""Rows that keep making room for each other in turn end somewhere."""


class Ledger(Generic[K, P]):
    """The periods of one owner, such that a new one is compared with its neighbours and not with all."""

    def __init__(self, entries: Iterable[Entry[K, P]] = ()) -> None:
        self.entries: dict[K, Entry[K, P]] = {}
        self.whole: list[date] = []
        self.by_first: dict[date, Entry[K, P]] = {}
        self.part_days: list[date] = []
        self.parts: dict[date, dict[K, Entry[K, P]]] = defaultdict(dict)
        for entry in entries:
            self.put(entry)

    def put(self, entry: Entry[K, P]) -> None:
        """Note a period, in the place of the one with the same key."""
        self.drop(entry.key)
        self.entries[entry.key] = entry
        first = entry.period.first
        if entry.period.partial:
            if not self.parts[first]:
                insort(self.part_days, first)
            self.parts[first][entry.key] = entry
        else:
            if first not in self.by_first:
                insort(self.whole, first)
            self.by_first[first] = entry

    def drop(self, key: K) -> None:
        """Forget what is noted under `key`, if anything."""
        entry = self.entries.pop(key, None)
        if entry is None:
            return
        first = entry.period.first
        if entry.period.partial:
            del self.parts[first][key]
            if not self.parts[first]:
                del self.part_days[bisect_left(self.part_days, first)]
        elif self.by_first.get(first) is entry:
            del self.by_first[first]
            del self.whole[bisect_left(self.whole, first)]

    def clashes(self, entry: Entry[K, P]) -> Iterator[Entry[K, P]]:
        """Other periods that claim the same."""
        return (other for other in self.near(entry.period) if other.key != entry.key)

    def fits(self, entry: Entry[K, P]) -> bool:
        """Whether there is none."""
        return next(self.clashes(entry), None) is None

    def near(self, period: P) -> Iterator[Entry[K, P]]:
        first, last = period.first, period.last or date.max
        place = bisect_right(self.whole, first)
        before = place - 1
        # Two steps back: the nearest may be the one with the same key.
        for index in range(before, max(before - 2, -1), -1):
            other = self.by_first[self.whole[index]]
            if other.period.last is None or other.period.last >= first:
                yield other
        for index in range(place, len(self.whole)):
            if self.whole[index] > last:
                break
            yield self.by_first[self.whole[index]]
        if period.partial:
            return
        for index in range(bisect_left(self.part_days, first), len(self.part_days)):
            if self.part_days[index] > last:
                break
            yield from self.parts[self.part_days[index]].values()


def settle(standing: Mapping[K, P], rows: Iterable[Entry[K, P]]) -> Settled[K, P]:
    """Decide about the rows of one owner, such that the same rows again would change nothing.

    A row that does not fit is refused. When that is so, all are tried once more: an earlier row of a key that then had
    its turn may have made room.
    """
    by_key: dict[K, list[Entry[K, P]]] = defaultdict(list)
    for row in rows:
        by_key[row.key].append(row)
    ledger = Ledger(Entry(key, period) for key, period in standing.items())
    settled: Settled[K, P] = Settled()
    for _round in range(MOST_ROUNDS):
        before = {key: entry.period for key, entry in ledger.entries.items()}
        settled.refused = arrange(ledger, by_key)
        if not settled.refused or before == {key: entry.period for key, entry in ledger.entries.items()}:
            break
    for key, of_key in by_key.items():
        judge(settled, standing.get(key), [row for row in of_key if row.line not in settled.refused])
    return settled


def arrange(ledger: Ledger[K, P], by_key: Mapping[K, list[Entry[K, P]]]) -> dict[int, Entry[K, P]]:
    """Note what fits; the lines that do not, with what they overlap with.

    First the last row of each key is tried, again and again while others make room; what is then left, together (two
    periods can change places). Where the last does not fit, an earlier one with its key gets its turn.
    """
    refused: dict[int, Entry[K, P]] = {}
    waiting = {key: list(stack) for key, stack in by_key.items()}
    pending = sorted((stack.pop() for stack in waiting.values()), key=line_of)
    while pending:
        left = place_together(ledger, place_one_by_one(ledger, pending))
        refused.update((row.line, next(ledger.clashes(row))) for row in left)
        pending = sorted((waiting[row.key].pop() for row in left if waiting[row.key]), key=line_of)
    return refused


def line_of(row: Entry[K, P]) -> int:
    return row.line


def place_one_by_one(ledger: Ledger[K, P], rows: list[Entry[K, P]]) -> list[Entry[K, P]]:
    """Note each row that fits, until no more do; the rest."""
    while True:
        left = []
        for row in rows:
            there = ledger.entries.get(row.key)
            if (there is not None and there.period == row.period) or ledger.fits(row):
                ledger.put(row)
            else:
                left.append(row)
        if not left or len(left) == len(rows):
            return left
        rows = left


def place_together(ledger: Ledger[K, P], rows: list[Entry[K, P]]) -> list[Entry[K, P]]:
    """Note all of these that fit once each has taken the place of what stood under its key; the rest.

    Those that even then overlap with what nobody moves are left out first.
    """
    left: list[Entry[K, P]] = []
    while len(rows) > 1:
        before = [entry for row in rows if (entry := ledger.entries.get(row.key))]
        for row in rows:
            ledger.drop(row.key)
        hopeless = {row.line for row in rows if not ledger.fits(row)}
        if not hopeless:
            for row in rows:
                if not ledger.fits(row):
                    break
                ledger.put(row)
            else:
                return left
        for row in rows:
            ledger.drop(row.key)
        for entry in before:
            ledger.put(entry)
        if not hopeless:
            break
        left += [row for row in rows if row.line in hopeless]
        rows = [row for row in rows if row.line not in hopeless]
    return [*left, *rows]


def judge(settled: Settled[K, P], stood: P | None, rows: list[Entry[K, P]]) -> None:
    """What the rows of one key that fit come to: one change at most, and none when the last says what stood."""
    if not rows:
        return
    last = rows[-1]
    if stood is not None and last.period == stood:
        settled.verdicts.update((row.line, UNCHANGED) for row in rows)
        return
    (settled.created if stood is None else settled.updated).append(last)
    said = stood
    for row in rows:
        verdict = UNCHANGED if row.period == said else CREATED if said is None else UPDATED
        settled.verdicts[row.line] = verdict
        said = row.period

"""From rows to what has to be written, for every kind whose rows are periods of an owner."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Generic

from attendance.importing.cells import Row
from attendance.importing.refusals import Refusal, RefusedRow
from attendance.importing.spans import Entry, K, P, Settled, settle


@dataclass(frozen=True, slots=True)
class NotNamed:
    """A standing record of absence that a complete file does not name."""

    absence_id: int
    pupil_id: int
    first: date
    last: date | None
    code: str


@dataclass(slots=True)
class ChunkResult:
    """What a chunk came to.

    `owners`: the pupils of the rows that fit. `touched`: the pupils whose clocks may have changed; they are marked in
    the same transaction and evaluated after it. `gone` and `unnamed`: records of the period of a complete file that it
    does not name, imported ones (which it withdraws) and others (which stay).
    """

    counts: Counter[str] = field(default_factory=Counter)
    refusals: list[Refusal] = field(default_factory=list)
    owners: set[int] = field(default_factory=set)
    touched: set[int] = field(default_factory=set)
    gone: list[NotNamed] = field(default_factory=list)
    unnamed: list[NotNamed] = field(default_factory=list)


@dataclass(slots=True)
class Placed(Generic[K, P]):
    """Owner with period, for each that has to be made or changed."""

    created: list[tuple[int, Entry[K, P]]] = field(default_factory=list)
    updated: list[tuple[int, Entry[K, P]]] = field(default_factory=list)
    result: ChunkResult = field(default_factory=ChunkResult)

    def add(self, owner: int, settled: Settled[K, P]) -> None:
        """Take in what fits of one owner's rows."""
        self.created += [(owner, entry) for entry in settled.created]
        self.updated += [(owner, entry) for entry in settled.updated]
        self.result.counts.update(settled.verdicts.values())
        if settled.verdicts:
            self.result.owners.add(owner)


Read = Callable[[Row], tuple[int, Entry[K, P]]]
"""Whose a row is and what it says; raises RefusedRow."""
Standing = Mapping[int, Mapping[K, P]]


def place(
    rows: Iterable[Row],
    *,
    read: Read[K, P],
    standing: Standing[K, P],
    describe: Callable[[P], str],
    column: str = "van",
) -> Placed[K, P]:
    """Read each row, and settle those of each owner with what stands.

    `describe` says a period in words, for a refusal that names both; `column` is where such a refusal points.
    """
    placed: Placed[K, P] = Placed()
    by_owner, refused_rows = read_rows(rows, read)
    placed.result.refusals += [refused.on(row.line) for row, refused in refused_rows]
    for owner, entries in by_owner.items():
        settled = settle(standing.get(owner, {}), entries)
        placed.add(owner, settled)
        placed.result.refusals += overlaps(settled, entries, describe, column)
    placed.result.counts["refused"] = len(placed.result.refusals)
    return placed


def read_rows(
    rows: Iterable[Row], read: Read[K, P]
) -> tuple[dict[int, list[Entry[K, P]]], list[tuple[Row, RefusedRow]]]:
    """What the rows say, by owner; and the rows that are not taken, with why."""
    by_owner: dict[int, list[Entry[K, P]]] = defaultdict(list)
    refused_rows = []
    for row in rows:
        try:
            owner, entry = read(row)
        except RefusedRow as refused:
            refused_rows.append((row, refused))
        else:
            by_owner[owner].append(entry)
    return by_owner, refused_rows


def overlaps(
    settled: Settled[K, P], entries: Iterable[Entry[K, P]], describe: Callable[[P], str], column: str
) -> list[Refusal]:
    """The refusals of rows that overlap, both periods named."""
    by_line = {entry.line: entry for entry in entries}
    return [
        Refusal(
            line,
            column,
            f"{describe(by_line[line].period)} overlapt met {describe(other.period)} "
            f"({f'regel {other.line}' if other.line else 'staat er al'})",
            "pas de datums aan, of geef het andere eerst een einde",
        )
        for line, other in settled.refused.items()
    ]

"""Many ids, some at a time."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from itertools import islice

from django.db.models import Q

DENSE = 2
LONG_LIST = 100


def in_batches(ids: Iterable[int], size: int) -> Iterator[list[int]]:
    """The ids in their order, in lists of `size` (the last may be shorter)."""
    rest = iter(ids)
    while batch := list(islice(rest, size)):
        yield batch


def rows_of(field: str, ids: Collection[int]) -> Q:
    """The condition for the rows of these ids, and perhaps of others: callers pick theirs by id.

    A long list with few gaps is asked for from its first to its last: a thousand ids cost a database much to take in,
    and may make it read the whole table.
    """
    if len(ids) >= LONG_LIST:
        first, last = min(ids), max(ids)
        if last - first < DENSE * len(ids):
            return Q((f"{field}__gte", first), (f"{field}__lte", last))
    return Q((f"{field}__in", ids))

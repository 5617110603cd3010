"""Counting members of a set of whole numbers up to a point, and finding the n-th, without walking over them."""

from __future__ import annotations

from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping
from itertools import accumulate

FAR = 10**9
"""Answer to "the next one" when there is none any more: later than every date."""


class Base:
    """The members themselves, shared by every tally laid over them. `flags` are 1 or 0 for origin, origin + 1, ..."""

    __slots__ = ("members", "origin", "size", "upto")

    def __init__(self, origin: int, flags: bytearray) -> None:
        self.origin = origin
        self.size = len(flags)
        self.upto = array("i", accumulate(flags))
        self.members = array("i", (origin + i for i, flag in enumerate(flags) if flag))

    def has(self, x: int) -> bool:
        """Whether `x` is a member."""
        i = x - self.origin
        return 0 < i < self.size and self.upto[i] != self.upto[i - 1]


class Tally:
    """A base with a few members taken out or put in.

    Memory follows the number of differences, not the size of the base, so a thousand schools share one region.
    """

    __slots__ = ("_base", "_breaks", "_members", "_origin", "_reached", "_shift", "_upto")

    def __init__(self, base: Base, wanted: Mapping[int, bool] | None = None) -> None:
        self._base = base
        self._origin = base.origin
        self._upto = base.upto
        self._members = base.members
        self._breaks = sorted(x for x, member in (wanted or {}).items() if base.has(x) != member)
        self._shift = [0]
        self._reached: list[int] = []
        for x in self._breaks:
            self._shift.append(self._shift[-1] + (-1 if base.has(x) else 1))
            self._reached.append(self._upto[x - self._origin] + self._shift[-1])

    def upto(self, x: int) -> int:
        """How many members are at most `x`."""
        if self._breaks:
            return self._upto[x - self._origin] + self._shift[bisect_right(self._breaks, x)]
        return self._upto[x - self._origin]

    def has(self, x: int) -> bool:
        """Whether `x` is a member."""
        return self.upto(x) != self.upto(x - 1)

    def nth(self, n: int) -> int:
        """The n-th member, counted from 1; FAR when there are fewer."""
        members = self._members
        if not self._breaks:
            return members[n - 1] if n <= len(members) else FAR
        i = bisect_left(self._reached, n)
        k = n - self._shift[i] - 1
        found = members[k] if k < len(members) else FAR
        if i < len(self._breaks) and found > self._breaks[i]:
            return self._breaks[i]
        return found

    def after(self, x: int) -> int:
        """The first member at or after `x`; FAR when there is none."""
        if self._breaks:
            return self.nth(self.upto(x - 1) + 1)
        n = self._upto[x - 1 - self._origin]
        return self._members[n] if n < len(self._members) else FAR

    def between(self, first: int, last: int) -> Iterable[int]:
        """The members from `first` to `last`, both included, in order."""
        if last < first:
            return ()
        if self._breaks:
            return self._walk(self.upto(first - 1) + 1, self.upto(last))
        origin = self._origin
        return self._members[self._upto[first - 1 - origin] : self._upto[last - origin]]

    def _walk(self, n: int, last: int) -> Iterator[int]:
        for k in range(n, last + 1):
            yield self.nth(k)

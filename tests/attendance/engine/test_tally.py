"""A tally against counting one by one."""

from __future__ import annotations

import random

import pytest

from attendance.engine.tally import FAR, Base, Tally

ORIGIN = 1000


def tally_and_members(seed: int) -> tuple[Tally, list[int]]:
    chance = random.Random(seed)
    flags = bytearray(chance.random() < 0.6 for _ in range(120))
    changed = {ORIGIN + chance.randrange(1, 119): chance.random() < 0.5 for _ in range(seed % 12)}
    members = [x for x in range(ORIGIN, ORIGIN + 120) if changed.get(x, bool(flags[x - ORIGIN]))]
    return Tally(Base(ORIGIN, flags), changed), members


@pytest.mark.parametrize("seed", range(40))
def test_tally_equals_counting_one_by_one(seed: int) -> None:
    tally, members = tally_and_members(seed)

    for x in range(ORIGIN + 1, ORIGIN + 119):
        assert tally.upto(x) == sum(member <= x for member in members)
        assert tally.has(x) == (x in members)
        assert tally.after(x) == min((member for member in members if member >= x), default=FAR)


@pytest.mark.parametrize("seed", range(40))
def test_between_gives_the_members_in_order(seed: int) -> None:
    tally, members = tally_and_members(seed)

    for x in range(ORIGIN + 1, ORIGIN + 110):
        assert list(tally.between(x, x + 9)) == [member for member in members if x <= member <= x + 9]


@pytest.mark.parametrize("seed", range(40))
def test_nth_member_equals_the_nth_of_the_list(seed: int) -> None:
    tally, members = tally_and_members(seed)

    assert [tally.nth(n) for n in range(1, len(members) + 1)] == members
    assert tally.nth(len(members) + 1) == FAR


def test_between_is_empty_when_last_lies_before_first() -> None:
    tally, _ = tally_and_members(3)

    assert list(tally.between(ORIGIN + 20, ORIGIN + 19)) == []

"""Which rows fit beside each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.importing.spans import Entry, Settled, settle

START = date(2026, 1, 1)


@dataclass(frozen=True)
class Span:
    """Days counted from START; `note` tells otherwise equal spans apart."""

    first: date
    last: date | None
    partial: bool = False
    note: str = ""


def span(first: int, last: int | None, note: str = "") -> Span:
    return Span(START + timedelta(days=first), None if last is None else START + timedelta(days=last), note=note)


def part(on: int, note: str = "") -> Span:
    there = START + timedelta(days=on)
    return Span(there, there, partial=True, note=note)


def settled(standing: Mapping[str, Span], *rows: tuple[str, Span]) -> Settled[str, Span]:
    return settle(standing, [Entry(key, period, line) for line, (key, period) in enumerate(rows, start=2)])


def end_state(standing: Mapping[str, Span], outcome: Settled[str, Span]) -> dict[str, Span]:
    changed = {entry.key: entry.period for entry in (*outcome.created, *outcome.updated)}
    return {**standing, **changed}


@pytest.mark.parametrize(
    ("one", "other", "fits"),
    [
        (span(1, 5), span(6, 9), True),
        (span(1, 5), span(5, 9), False),
        (span(1, 5), span(2, 3), False),
        (span(2, 3), span(1, 5), False),
        (span(1, None), span(6, 9), False),
        (span(6, None), span(1, 5), True),
        (span(6, None), span(1, 6), False),
        (span(6, None), span(1, None), False),
        (part(3), part(3), True),
        (part(3), span(1, 5), False),
        (span(1, 5), part(3), False),
        (span(1, 5), part(5), False),
        (span(1, 5), part(6), True),
        (span(1, None), part(90), False),
    ],
)
def test_two_rows_overlap_or_not(one: Span, other: Span, fits: bool) -> None:
    in_file = settled({}, ("a", one), ("b", other))
    beside = settled({"a": one}, ("b", other))

    assert in_file.verdicts == ({2: "created", 3: "created"} if fits else {2: "created"})
    assert {line: entry.line for line, entry in in_file.refused.items()} == ({} if fits else {3: 2})
    assert {line: entry.line for line, entry in beside.refused.items()} == ({} if fits else {2: 0})


def test_same_row_twice_is_unchanged() -> None:
    assert settled({}, ("a", span(1, 2)), ("a", span(1, 2))).verdicts == {2: "created", 3: "unchanged"}


def test_later_row_of_a_key_counts_and_again_changes_nothing() -> None:
    rows = (("a", span(1, None)), ("a", span(1, 4)))

    first = settled({}, *rows)
    again = settled(end_state({}, first), *rows)

    assert first.verdicts == {2: "created", 3: "updated"}
    assert [entry.period for entry in first.created] == [span(1, 4)]
    assert again.verdicts == {2: "unchanged", 3: "unchanged"}
    assert not again.created
    assert not again.updated


def test_later_row_of_a_key_that_does_not_fit_leaves_the_earlier_one() -> None:
    outcome = settled({"b": span(5, 9)}, ("a", span(1, 2)), ("a", span(1, 6)))
    assert outcome.verdicts == {2: "created"}
    assert list(outcome.refused) == [3]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_rows_that_make_room_may_stand_anywhere(order: tuple[int, ...]) -> None:
    standing = {"a": span(1, None)}
    rows = [("a", span(1, 4)), ("b", span(5, None)), ("c", span(-9, 0))]

    outcome = settled(standing, *(rows[place] for place in order))

    assert sorted(outcome.verdicts.values()) == ["created", "created", "updated"]
    assert end_state(standing, outcome) == dict(rows)


@pytest.mark.parametrize("turned", [False, True])
def test_two_can_change_places(turned: bool) -> None:
    standing = {"a": span(1, 4, "a"), "b": span(5, 8, "b")}
    rows = [("a", span(5, 8, "a")), ("b", span(1, 4, "b"))]

    outcome = settled(standing, *(rows[::-1] if turned else rows))

    assert end_state(standing, outcome) == dict(rows)
    assert not outcome.refused


def test_two_can_change_places_beside_a_row_that_does_not_fit() -> None:
    standing = {"a": span(1, 4, "a"), "b": span(5, 8, "b"), "z": span(20, None)}
    rows = [("a", span(5, 8, "a")), ("c", span(21, 22)), ("b", span(1, 4, "b"))]

    outcome = settled(standing, *rows)

    assert end_state(standing, outcome) == {"a": span(5, 8, "a"), "b": span(1, 4, "b"), "z": span(20, None)}
    assert {line: entry.key for line, entry in outcome.refused.items()} == {3: "z"}


def test_row_that_does_not_fit_leaves_what_stands() -> None:
    standing = {"a": span(1, 4), "b": span(5, 8)}
    outcome = settled(standing, ("a", span(1, 5)))
    assert end_state(standing, outcome) == standing
    assert outcome.refused[2].key == "b"


SPANS = st.builds(
    lambda first, length, partial, note: (
        part(first, note) if partial else span(first, None if length > 8 else first + length, note)
    ),
    st.integers(0, 20),
    st.integers(0, 9),
    st.booleans(),
    st.sampled_from("xy"),
)
ROWS = st.lists(st.tuples(st.sampled_from("abcde"), SPANS), max_size=9)


def overlapping(one: Span, other: Span) -> bool:
    """The rule itself, told differently: some date is claimed by both, and not by parts alone."""
    far = date.max
    meet = max(one.first, other.first) <= min(one.last or far, other.last or far)
    return meet and not (one.partial and other.partial)


@given(ROWS, ROWS)
def test_end_state_never_overlaps_and_again_changes_nothing(
    before: list[tuple[str, Span]], rows: list[tuple[str, Span]]
) -> None:
    standing = end_state({}, settled({}, *before))
    outcome = settled(standing, *rows)
    state = end_state(standing, outcome)
    again = settled(state, *rows)

    assert not [
        (one, other) for one in state for other in state if one < other and overlapping(state[one], state[other])
    ]
    assert set(outcome.verdicts) | set(outcome.refused) == set(range(2, len(rows) + 2))
    assert end_state(state, again) == state


@given(ROWS, ROWS, st.randoms(use_true_random=False))
def test_sound_rows_go_in_whatever_their_order_and_whatever_stood(
    before: list[tuple[str, Span]], rows: list[tuple[str, Span]], chance: Random
) -> None:
    sound = list(end_state({}, settled({}, *rows)).items())
    named = {key for key, _ in sound}
    standing = {key: period for key, period in end_state({}, settled({}, *before)).items() if key in named}
    chance.shuffle(sound)

    outcome = settled(standing, *sound)

    assert not outcome.refused
    assert end_state(standing, outcome) == dict(sound)

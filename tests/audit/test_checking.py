"""Whatever is changed in a sealed log, is found: over facts alone, without a database."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from thuiszitters.audit.checking import Anchor, ExpiryFacts, Verdict, check
from thuiszitters.audit.digests import SealFacts, digest_of, expiry_digest, key_name, write_leaves

KEY = "een sleutel van de proef"
START = datetime(2026, 1, 14, 9, tzinfo=UTC)
SIZE = 3
BATCHES = 4
COLUMNS = ("id", "at", "kind", "what", "row", "actor", "subject", "why", "request_id", "detail")


def entry(number: int) -> dict[str, Any]:
    return {
        "id": number,
        "at": START + timedelta(minutes=number),
        "kind": "inzage",
        "what": "dossier",
        "row": str(number),
        "actor": UUID(int=number),
        "subject": None,
        "why": "mentor",
        "request_id": "",
        "detail": {"oud": number},
    }


@dataclass
class Log:
    seals: list[SealFacts] = field(default_factory=list)
    batches: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    expiries: dict[int, ExpiryFacts] = field(default_factory=dict)

    def add(self) -> None:
        number = len(self.seals) + 1
        rows = [entry((number - 1) * SIZE + place + 1) for place in range(SIZE)]
        facts = SealFacts(
            number=number,
            made_at=rows[-1]["at"] + timedelta(hours=1),
            size=SIZE,
            newest=rows[-1]["at"],
            leaves=write_leaves(KEY, rows),
            previous=self.seals[-1].digest if self.seals else "",
            key=key_name(KEY),
        )
        self.seals.append(replace(facts, digest=digest_of(KEY, facts)))
        self.batches[number] = rows

    def expire(self, number: int) -> None:
        signed = expiry_digest(KEY, number=number, seal_digest=self.seals[number - 1].digest, at=START)
        self.expiries[number] = ExpiryFacts(START, signed)
        self.batches[number] = []

    def verdict(self, anchor: Anchor | None = None) -> Verdict:
        return check(self.seals, lambda number: self.batches.get(number, []), self.expiries, [KEY], anchor)


def a_log() -> Log:
    log = Log()
    for _ in range(BATCHES):
        log.add()
    return log


def other(value: Any) -> Any:
    """Something else of the same kind."""
    if isinstance(value, datetime):
        return value + timedelta(microseconds=1)
    if isinstance(value, int):
        return value + 1000
    if isinstance(value, bytes):
        return bytes([value[0] ^ 1, *value[1:]])
    if isinstance(value, Mapping):
        return {**value, "nieuw": 1}
    if isinstance(value, UUID):
        return UUID(int=value.int + 1000)
    return f"{value or ''}1"


def test_a_log_that_nobody_touched_fits() -> None:
    log = a_log()
    log.expire(1)

    assert log.verdict() == Verdict(BATCHES, BATCHES * SIZE, Anchor(BATCHES, log.seals[-1].digest))


@given(batch=st.integers(1, BATCHES), place=st.integers(0, SIZE - 1), column=st.sampled_from(COLUMNS))
def test_any_change_of_an_entry_is_found(batch: int, place: int, column: str) -> None:
    log = a_log()
    row = log.batches[batch][place]
    number, row[column] = row["id"], other(row[column])

    verdict = log.verdict()

    assert (verdict.batches, verdict.fault != "") == (batch - 1, True)
    assert f"Regel {number} " in verdict.fault


@given(batch=st.integers(1, BATCHES), column=st.sampled_from([*SealFacts.__dataclass_fields__]))
def test_any_change_of_a_seal_is_found(batch: int, column: str) -> None:
    log = a_log()
    seal = log.seals[batch - 1]
    log.seals[batch - 1] = replace(seal, **{column: other(getattr(seal, column))})

    assert log.verdict().batches == batch - 1
    assert log.verdict().fault


@given(batch=st.integers(1, BATCHES), place=st.integers(0, SIZE - 1))
def test_a_removed_entry_is_named(batch: int, place: int) -> None:
    log = a_log()
    gone = log.batches[batch].pop(place)

    assert log.verdict().fault == f"Regel {gone['id']} is verwijderd (zegel {batch}, {SIZE} regels)."


@given(batch=st.integers(1, BATCHES))
def test_an_entry_that_was_added_is_named(batch: int) -> None:
    log = a_log()
    log.batches[batch].append(entry(900))

    assert log.verdict().fault == f"Regel 900 is achteraf toegevoegd aan zegel {batch}."


@given(batch=st.integers(1, BATCHES - 1))
def test_a_seal_taken_out_with_its_entries_is_missed(batch: int) -> None:
    log = a_log()
    del log.seals[batch - 1]

    assert f"Zegel {batch} ontbreekt" in log.verdict().fault


@given(batch=st.integers(1, BATCHES - 1))
def test_seals_made_anew_without_the_key_do_not_fit(batch: int) -> None:
    """Somebody who can write in the database, but does not know the key."""
    log = a_log()
    log.batches[batch][0]["what"] = "iets anders"
    for place in range(batch - 1, BATCHES):
        rows = log.batches[place + 1]
        previous = log.seals[place - 1].digest if place else ""
        made = replace(log.seals[place], leaves=write_leaves("geraden", rows), previous=previous)
        log.seals[place] = replace(made, digest=digest_of("geraden", made))

    assert log.verdict().fault == f"Zegel {batch} is gewijzigd."


def test_an_end_that_was_cut_off_is_found_by_the_anchor_alone() -> None:
    log = a_log()
    anchor = log.verdict().last
    log.seals.pop()

    assert log.verdict().fault == ""
    assert log.verdict(anchor).fault == f"Zegel {BATCHES}, waarvan het nummer elders bewaard is, bestaat niet meer."


def test_another_seal_than_the_anchor_is_found() -> None:
    log = a_log()

    assert "een ander" in log.verdict(Anchor(2, "0" * 64)).fault
    assert log.verdict(Anchor(2, log.seals[1].digest)).fault == ""


def test_a_batch_that_expired_by_rule_is_no_removal() -> None:
    log = a_log()
    log.batches[2] = []
    assert "verwijderd" in log.verdict().fault

    log.expiries[2] = ExpiryFacts(START, "0" * 64)
    assert "niet ondertekend" in log.verdict().fault

    log.expire(2)
    assert log.verdict().fault == ""

    log.batches[2] = [entry(4)]
    assert "toegevoegd aan zegel 2" in log.verdict().fault


def test_a_key_that_is_missing_is_said() -> None:
    log = a_log()

    assert "AUDIT_KEYS" in check(log.seals, lambda number: log.batches[number], {}, ["een andere"]).fault


@pytest.mark.parametrize("at", [START, START.astimezone()])
def test_the_time_is_the_same_in_every_zone(at: datetime) -> None:
    assert write_leaves(KEY, [{**entry(1), "at": at}]) == write_leaves(KEY, [{**entry(1), "at": START}])

"""Whether seals, and the entries below them, are still what they were: pure, over facts that are given."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from thuiszitters.audit.digests import SealFacts, digest_of, expiry_digest, key_name, leaf_of, read_leaves


@dataclass(frozen=True)
class ExpiryFacts:
    """What an expiry says; see models.Expiry."""

    at: datetime
    digest: str


@dataclass(frozen=True)
class Anchor:
    """The digest of a seal that was written down elsewhere."""

    number: int
    digest: str

    def __str__(self) -> str:
        return f"{self.number}:{self.digest}"


@dataclass(frozen=True)
class Verdict:
    """How many batches fit, up to the first thing that does not; `fault` says in Dutch what that is. `last`: to be
    written down elsewhere."""

    batches: int
    entries: int
    last: Anchor | None
    fault: str = ""


def check(
    seals: Iterable[SealFacts],
    batch_of: Callable[[int], Iterable[Mapping[str, Any]]],
    expiries: Mapping[int, ExpiryFacts],
    keys: Iterable[str],
    anchor: Anchor | None = None,
) -> Verdict:
    """Follow the chain from its first seal to its last, or to the first thing that does not fit."""
    by_name = {key_name(key): key for key in keys}
    batches = entries = 0
    before: SealFacts | None = None
    for seal in seals:
        fault = fault_of_seal(seal, before, by_name, anchor) or fault_of_batch(
            seal, batch_of(seal.number), expiries.get(seal.number), by_name[seal.key]
        )
        if fault:
            return Verdict(batches, entries, anchor_of(before), fault)
        batches, entries, before = batches + 1, entries + seal.size, seal
    if anchor and (before is None or before.number < anchor.number):
        fault = f"Zegel {anchor.number}, waarvan het nummer elders bewaard is, bestaat niet meer."
        return Verdict(batches, entries, anchor_of(before), fault)
    return Verdict(batches, entries, anchor_of(before))


def anchor_of(seal: SealFacts | None) -> Anchor | None:
    return Anchor(seal.number, seal.digest) if seal else None


def fault_of_seal(seal: SealFacts, before: SealFacts | None, by_name: Mapping[str, str], anchor: Anchor | None) -> str:
    """What is wrong with the seal itself or its place in the chain; nothing: an empty text."""
    expected = before.number + 1 if before else 1
    if seal.number != expected:
        return f"Zegel {expected} ontbreekt: na zegel {expected - 1} komt zegel {seal.number}."
    if seal.previous != (before.digest if before else ""):
        return f"Zegel {seal.number} sluit niet aan op het zegel ervoor."
    if seal.key not in by_name:
        return f"Zegel {seal.number} is gemaakt met een sleutel die niet in AUDIT_KEYS staat ({seal.key})."
    if not hmac.compare_digest(digest_of(by_name[seal.key], seal), seal.digest):
        return f"Zegel {seal.number} is gewijzigd."
    if anchor and anchor.number == seal.number and not hmac.compare_digest(anchor.digest, seal.digest):
        return f"Zegel {seal.number} is een ander dan het zegel dat elders bewaard is."
    return ""


def fault_of_batch(seal: SealFacts, entries: Iterable[Mapping[str, Any]], expiry: ExpiryFacts | None, key: str) -> str:
    """What is wrong with the entries under a seal; nothing: an empty text."""
    found = {entry["id"]: entry for entry in entries}
    if expiry:
        return fault_of_expired(seal, found.keys(), expiry, key)
    sealed = read_leaves(seal.leaves)
    for number, leaf in sealed.items():
        if number not in found:
            return f"Regel {number} is verwijderd (zegel {seal.number}, {len(sealed)} regels)."
        if not hmac.compare_digest(leaf_of(key, found[number]), leaf):
            return f"Regel {number} is gewijzigd (zegel {seal.number})."
    if extra := found.keys() - sealed.keys():
        return f"Regel {min(extra)} is achteraf toegevoegd aan zegel {seal.number}."
    return ""


def fault_of_expired(seal: SealFacts, left: Collection[int], expiry: ExpiryFacts, key: str) -> str:
    """What is wrong with a batch whose term was over: that was not signed, or there are entries after all."""
    signed = expiry_digest(key, number=seal.number, seal_digest=seal.digest, at=expiry.at)
    if not hmac.compare_digest(signed, expiry.digest):
        return f"Dat de regels van zegel {seal.number} verlopen zijn, is niet ondertekend of later gewijzigd."
    if left:
        return f"Regel {min(left)} is toegevoegd aan zegel {seal.number}, waarvan alle regels verlopen zijn."
    return ""

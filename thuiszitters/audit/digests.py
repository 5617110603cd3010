"""How entries and seals are sealed: keyed digests over one way of writing them down."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

LEAF = 16
"""Bytes of the digest of one entry: too many to guess at without the key."""
NUMBER = 8
"""Bytes of the id before it."""


@dataclass(frozen=True)
class SealFacts:
    """What a seal says; see models.Seal."""

    number: int
    made_at: datetime
    size: int
    newest: datetime
    leaves: bytes
    previous: str
    key: str
    digest: str = ""


def canonical(facts: Mapping[str, Any]) -> bytes:
    """One and the same text for the same facts, whatever database they come from."""
    return json.dumps(facts, sort_keys=True, separators=(",", ":"), ensure_ascii=True, default=plain).encode()


def plain(value: object) -> str:
    """Times in UTC to the microsecond; codes as they are always written."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return str(value)


def key_name(key: str) -> str:
    """By which a key can be found again, and which tells nothing of it."""
    return hashlib.sha256(b"name:" + key.encode()).hexdigest()[:8]


def sign(key: str, facts: Mapping[str, Any]) -> bytes:
    return hmac.new(key.encode(), canonical(facts), hashlib.sha256).digest()


def leaf_of(key: str, entry: Mapping[str, Any]) -> bytes:
    """The digest of one entry; `entry` holds all its columns but the seal."""
    return sign(key, entry)[:LEAF]


def write_leaves(key: str, entries: Iterable[Mapping[str, Any]]) -> bytes:
    """The ids of these entries, each with its digest, in this order."""
    return b"".join(entry["id"].to_bytes(NUMBER) + leaf_of(key, entry) for entry in entries)


def read_leaves(leaves: bytes) -> dict[int, bytes]:
    """Id → digest, for what write_leaves wrote."""
    step = NUMBER + LEAF
    return {
        int.from_bytes(leaves[at : at + NUMBER]): leaves[at + NUMBER : at + step] for at in range(0, len(leaves), step)
    }


def digest_of(key: str, seal: SealFacts) -> str:
    """The digest of a seal: over its own facts, its batch, and the digest of the seal before it."""
    facts = {
        "number": seal.number,
        "made_at": seal.made_at,
        "size": seal.size,
        "newest": seal.newest,
        "leaves": hashlib.sha256(seal.leaves).hexdigest(),
        "previous": seal.previous,
        "key": seal.key,
    }
    return sign(key, facts).hex()


def expiry_digest(key: str, *, number: int, seal_digest: str, at: datetime) -> str:
    """The signature under the removal of a batch whose term was over."""
    return sign(key, {"expired": number, "seal": seal_digest, "at": at}).hex()

"""Keyed digests by which destroyed data is recognised when it comes back, and by which nobody can be found."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from thuiszitters.accounts.digests import digest_of


def pupil_mark(code: UUID) -> str:
    """Of the code a pupil has here: the same in a backup."""
    return digest_of(code.hex, "destroyed pupil")


def identity_mark(number: str, birth_date: date, surname_key: str) -> str:
    """Of what a school's file says of a pupil: the same when it comes in again."""
    return digest_of(f"{number}|{birth_date.isoformat()}|{surname_key}", "destroyed identity")


def key_mark() -> str:
    """By which a file says with which key it was written."""
    return digest_of("", "destruction ledger")[:16]

"""Checking a persoonsgebonden nummer. Pure: text in, nine digits and their kind out."""

from __future__ import annotations

from typing import NamedTuple

from stdnum.exceptions import ValidationError
from stdnum.nl import bsn, onderwijsnummer

BSN = "bsn"
EDUCATION = "onderwijsnummer"


class WrongNumberError(ValueError):
    """What was typed is no such number; the message says what to do and never repeats it."""


class Checked(NamedTuple):
    """Nine digits as text, leading zeros kept."""

    digits: str
    kind: str


def checked(typed: str) -> Checked:
    """The number and its kind. The two cannot be mixed up: their check digits leave another remainder."""
    for kind, validate in ((BSN, bsn.validate), (EDUCATION, onderwijsnummer.validate)):
        try:
            return Checked(str(validate(typed)), kind)
        except ValidationError:
            continue
    raise WrongNumberError("Dit is geen BSN en geen onderwijsnummer. Kijk of alle negen cijfers goed zijn overgenomen.")


def masked(digits: str) -> str:
    """What a page shows of it."""
    return f"••••••{digits[-3:]}"

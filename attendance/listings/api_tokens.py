"""The keys of systems that push, with whether each works."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from attendance.models import ApiToken
from attendance.models.api import ApiTokenQuerySet, Scope

SOON = timedelta(days=30)


@dataclass(frozen=True)
class TokenRow:
    """`state`: a word for whether the key works; `is_late`: it does, but not for long any more."""

    token: ApiToken
    may: tuple[str, ...]
    state: str
    works: bool
    is_late: bool


def tokens_of(found: ApiTokenQuerySet, today: date) -> list[TokenRow]:
    """Those that work first."""
    rows = []
    for token in found.select_related("school", "made_by"):
        works = token.revoked_at is None and token.first <= today <= token.last
        state = "ingetrokken" if token.revoked_at else "werkt" if works else "verlopen"
        may = tuple(Scope(scope).label for scope in token.scopes)
        rows.append(TokenRow(token, may, state, works, works and token.last - today < SOON))
    return sorted(rows, key=lambda row: not row.works)

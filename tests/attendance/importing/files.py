"""Importing a piece of text, and what came of it."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from attendance.importing.result import ImportResult
from attendance.importing.run import run_import
from tests import factories
from thuiszitters.accounts.models import School

TODAY = date(2026, 3, 2)
Counts = tuple[int, int, int, int]
"""Created, updated, unchanged, refused."""


def imported(kind: str, text: str | bytes, **options: Any) -> ImportResult:
    """The result of importing this text as a file of `kind`, on TODAY."""
    content = text.encode() if isinstance(text, str) else text
    return run_import(kind=kind, file=io.BytesIO(content), **{"today": TODAY} | options)


def counts(result: ImportResult) -> Counts:
    return result.created, result.updated, result.unchanged, result.refused


def places(result: ImportResult) -> list[tuple[int, str]]:
    """Line and column of each refusal."""
    return [(refusal.line, refusal.column) for refusal in result.refusals]


def one_refusal(result: ImportResult) -> str:
    """The only refusal, in words."""
    (refusal,) = result.refusals
    return str(refusal)


def day(text: str) -> date:
    return date.fromisoformat(text)


def school(brin: str = "99ZZ00", **fields: Any) -> School:
    return factories.school(brin=brin, **fields)

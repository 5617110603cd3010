"""What encrypted fields hold in the database itself: for migrations, and for writing them anew under another key."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from cryptography.fernet import InvalidToken
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast

from thuiszitters.accounts.encryption import box, encrypt

BATCH = 500
PREFIX = "stored_"


def is_token(text: str) -> bool:
    """Whether one of our keys wrote this."""
    try:
        box().decrypt(text.encode())
    except InvalidToken:
        return False
    return True


def stored_rows(rows: Any, names: Sequence[str]) -> Iterator[dict[str, Any]]:
    """`pk` and, by field name, what the database holds, of rows in which any of `names` holds something. In batches,
    so that rows may be written meanwhile. Any: a queryset of a model that a migration remembers."""
    stored = {PREFIX + name: Cast(F(name), models.TextField()) for name in names}
    filled = Q()
    for name in stored:
        filled |= Q(**{f"{name}__gt": ""})
    found = rows.annotate(**stored).filter(filled).order_by("pk").values("pk", *stored)
    last: Any = None
    while batch := list(found[:BATCH] if last is None else found.filter(pk__gt=last)[:BATCH]):
        last = batch[-1]["pk"]
        for row in batch:
            yield {"pk": row["pk"]} | {name: row[PREFIX + name] or "" for name in names}


def replace_stored(rows: Any, pk: Any, name: str, old: str, new: str) -> bool:
    """Write `new` where the database still holds `old`; False when somebody else wrote meanwhile."""
    held = rows.annotate(**{PREFIX + name: Cast(F(name), models.TextField())}).filter(pk=pk, **{PREFIX + name: old})
    return bool(held.update(**{name: Value(new, output_field=models.TextField())}))


def rewrite(model: Any, names: Sequence[str], change: Callable[[str], str]) -> int:
    """Give each of these fields of every row to `change`; how many became something else."""
    rows, count = model._default_manager.all(), 0  # noqa: SLF001 - Django's own name for it
    for row in stored_rows(rows, names):
        for name in names:
            new = change(row[name]) if row[name] else ""
            if new != row[name]:
                count += replace_stored(rows, row["pk"], name, row[name], new)
    return count


def encrypt_stored(text: str) -> str:
    """For a migration that makes a field encrypted. What is encrypted already stays."""
    return text if is_token(text) else encrypt(text)


def decrypt_stored(text: str) -> str:
    """The way back."""
    return box().decrypt(text.encode()).decode() if is_token(text) else text

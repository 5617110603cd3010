"""Many changed rows in few statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeVar

from django.db.models import Model

from attendance.importing.context import Context
from attendance.models import ArrangementChange
from attendance.services.arrangement_history import Arrangement, Author, What, change_of

M = TypeVar("M", bound=Model)


def overwrite(model: type[M], rows: Iterable[M], fields: Sequence[str]) -> None:
    """Write `fields` of rows that exist and are locked; the other fields of the objects only have to be acceptable.

    An insert that finds its primary key taken and updates instead: ten times as quick as bulk_update.
    """
    manager = model._default_manager  # noqa: SLF001 - its public name for generic code
    manager.bulk_create(list(rows), update_conflicts=True, unique_fields=["id"], update_fields=fields)


def keep_versions(rows: Iterable[Arrangement], context: Context) -> None:
    """Keep what these rows say before a file changes them. Rows that a file makes have no version: they say themselves
    what they were."""
    author = Author(context.by, source=context.register_import)
    ArrangementChange.objects.bulk_create(change_of(row, What.CHANGED, author) for row in rows)

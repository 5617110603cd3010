"""Writing many rows at once with what that does in the log: what django-auditlog does not see."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import transaction
from django.db.models import Model
from django.db.models.query import QuerySet

from thuiszitters.audit.changes import at_end_of, audited_models, column_of, gathered, name_of, told
from thuiszitters.audit.models import Entry
from thuiszitters.audit.origin import origin

M = TypeVar("M", bound=Model)


@contextmanager
def gathering() -> Iterator[None]:
    """Within, entries about what is saved one by one are written together at the end, in the transaction that is open.
    If it fails, nothing was changed and nothing is written."""
    if gathered.get() is not None:
        yield
        return
    waiting: list[Entry] = []
    token = gathered.set(waiting)
    try:
        yield
    finally:
        gathered.reset(token)
    Entry.objects.bulk_create(waiting, batch_size=500)


def update(rows: QuerySet[M], /, **changes: Any) -> int:
    """`rows.update(**changes)` with an entry, old and new, for each row that it changes; how many rows.

    The rows stay locked until the transaction ends, as they would by the update alone.
    """
    model = rows.model
    audited = audited_models()[model]
    names = sorted(audited.fields & changes.keys())
    columns = {name: column_of(model, name) for name in names}
    with transaction.atomic():
        wanted = [*columns.values(), audited.row, *([audited.subject] if audited.subject else [])]
        locked = model._default_manager.filter(pk__in=list(_locked(rows)))  # noqa: SLF001 - so Django calls it
        before = {row["pk"]: row for row in locked.order_by().values("pk", *wanted)}
        hit = locked.update(**changes)
        after = {row["pk"]: row for row in locked.order_by().values("pk", *columns.values())}
        entries = []
        for pk, old in before.items():
            diff = {
                name: (old[column], after[pk][column])
                for name, column in columns.items()
                if pk in after and old[column] != after[pk][column]
            }
            if diff:
                subject = old[audited.subject] if audited.subject else None
                entries.append(_entry(model, old[audited.row], subject, action=Entry.Action.UPDATE, diff=diff))
        Entry.objects.bulk_create(entries, batch_size=500)
        return hit


def _locked(rows: QuerySet[M]) -> QuerySet[M, int]:
    return rows.order_by("pk").select_for_update(of=("self",), no_key=True).values_list("pk", flat=True)


def note_made(rows: Iterable[Model]) -> None:
    """Write down that these rows, all of one table, were made in bulk."""
    entries = []
    for row in rows:
        model = type(row)
        audited = audited_models()[model]
        values = {name: getattr(row, column_of(model, name)) for name in audited.fields}
        diff = {name: (None, value) for name, value in values.items() if value not in (None, "")}
        subject = at_end_of(audited.subject, row) if audited.subject else None
        entries.append(_entry(model, at_end_of(audited.row, row), subject, action=Entry.Action.CREATE, diff=diff))
    Entry.objects.bulk_create(entries, batch_size=500)


def _entry(
    model: type[Model], row: object, subject: Any, *, action: Entry.Action, diff: dict[str, tuple[Any, Any]]
) -> Entry:
    here = origin()
    audited = audited_models()[model]
    return Entry(
        kind=audited.kind,
        what=name_of(model),
        row=str(row),
        subject=subject,
        actor=here.actor,
        request_id=here.request_id,
        detail={"daad": action.label, "velden": told(model, diff)},
    )

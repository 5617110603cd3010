"""All that is stored, to compare before and after: what a request changed, whatever table it is in."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection
from django.db.models import ForeignKey, Model

from tests.pages import is_own

Row = dict[str, Any]
Stored = dict[type[Model], dict[Hashable, Row]]
LIBRARIES = frozenset({"account", "mfa", "usersessions", "socialaccount"})
"""Apps of others whose rows say who may enter."""
RANDOM = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\b[0-9a-f]{64}\b|^![A-Za-z0-9]{40}$")
"""Codes of rows, digests of secrets, and passwords that nobody has."""
WRITES = re.compile(r"(?:\bINTO|\bUPDATE|\bDELETE FROM|\bTRUNCATE) \"?(\w+)")
NEW = "nieuw"


def tables() -> list[type[Model]]:
    """The models of the project, and of log-ins."""
    return [
        model
        for model in apps.get_models()
        if model._meta.managed and (is_own(model.__module__) or model._meta.app_label in LIBRARIES)
    ]


def stored(models: Iterable[type[Model]] | None = None) -> Stored:
    """Every row with all of its values; of all tables, unless some are named."""
    found: Stored = {}
    for model in tables() if models is None else models:
        rows = model._base_manager.values()
        found[model] = {row[model._meta.pk.attname]: dict(row) for row in rows}
    return found


def stored_after(before: Stored, written: set[str]) -> Stored:
    """The same, where it is known into which tables something was written."""
    return before | stored([model for model in before if model._meta.db_table in written])


@contextmanager
def tables_written() -> Iterator[set[str]]:
    """The names of the tables that are written to within."""
    found: set[str] = set()

    def noted(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
        found.update(WRITES.findall(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(noted):
        yield found


def is_log(model: type[Model]) -> bool:
    """Rows that only say what was done: a refused or a read page may add them."""
    return model._meta.app_label == "audit" or model.__name__ in {"ReadLog", "UserSession"}


def difference(before: Stored, after: Stored) -> dict[str, list[Any]]:
    """What was added, removed or changed; without the logs."""
    found: dict[str, list[Any]] = {}
    for model, rows in after.items():
        if is_log(model) or rows == before[model]:
            continue
        earlier = before[model]
        found[model.__name__] = [
            *(("erbij", row) for pk, row in rows.items() if pk not in earlier),
            *(("weg", row) for pk, row in earlier.items() if pk not in rows),
            *(
                (
                    "anders",
                    pk,
                    {name: (earlier[pk][name], value) for name, value in row.items() if earlier[pk][name] != value},
                )
                for pk, row in rows.items()
                if pk in earlier and earlier[pk] != row
            ),
        ]
    return found


def only(rows: Stored, those: Mapping[type[Model], set[Any]]) -> Stored:
    """Of everything that is stored: these rows."""
    return {model: {pk: row for pk, row in found.items() if pk in those[model]} for model, found in rows.items()}


def keys(rows: Stored) -> dict[type[Model], set[Any]]:
    return {model: set(found) for model, found in rows.items()}


def alike(before: Stored, after: Stored) -> dict[str, list[Any]]:
    """The difference, without what differs each time: the keys and the random codes of new rows."""
    known = {
        str(value)
        for rows in before.values()
        for row in rows.values()
        for value in row.values()
        if isinstance(value, UUID)
    }
    found = {}
    for name, changes in difference(before, after).items():
        model = next(model for model in after if model.__name__ == name)
        found[name] = sorted(repr(bare(change, model, before, known)) for change in changes)
    return found


def bare(value: Any, model: type[Model], before: Stored, known: set[str]) -> Any:
    """A change in which every key that was not there before reads the same."""
    if isinstance(value, dict):
        return {name: bare_field(name, part, model, before, known) for name, part in value.items()}
    if isinstance(value, tuple):
        return tuple(bare(part, model, before, known) for part in value)
    return value


def bare_field(name: str, value: Any, model: type[Model], before: Stored, known: set[str]) -> Any:
    if isinstance(value, tuple):  # from, to
        return tuple(bare_field(name, part, model, before, known) for part in value)
    field = next(field for field in model._meta.concrete_fields if field.attname == name)
    if field.primary_key and value not in before[model]:
        return NEW
    if (
        isinstance(field, ForeignKey)
        and value is not None
        and value not in before.get(field.related_model, {value: {}})
    ):
        return NEW
    if isinstance(value, (UUID, str, list, dict)):
        return RANDOM.sub(lambda code: code[0] if code[0] in known else NEW, str(value))
    return value

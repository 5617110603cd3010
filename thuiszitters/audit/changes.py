"""Of which tables changes are logged, and of which columns the values may stand in the log.

An app says so in its own audited.py, when it starts. django-auditlog sees what is saved or deleted one by one; what is
written in bulk goes through services.bulk_changes.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from auditlog.registry import auditlog
from django.db import models

from thuiszitters.audit.kinds import Kind

CHANGED = "gewijzigd"
"""Stands for a value that does not go into the log: a name, a note."""
SILENT = frozenset({"id", "code", "changed_at", "created_at"})
"""Columns that say nothing of what somebody did."""


@dataclass(frozen=True)
class Audited:
    """How changes of one table are logged. `shown`: columns of which old and new values are logged; `hidden`: of which
    only is said that they changed. `subject`: the way to the code of the pupil, empty if it is about none. `row`: the
    column by which a row is named. `kind`: what kind of entry it makes."""

    shown: frozenset[str]
    hidden: frozenset[str]
    left: frozenset[str] = frozenset()
    subject: str = ""
    row: str = "pk"
    kind: Kind = Kind.CHANGE

    @property
    def fields(self) -> frozenset[str]:
        return self.shown | self.hidden


gathered: ContextVar[list[Any] | None] = ContextVar("gathered", default=None)
"""Entries that wait to be written together; see services.bulk_changes.gathering."""

_audited: dict[type[models.Model], Audited] = {}


def audit(
    model: type[models.Model],
    *,
    shown: Iterable[str] = (),
    hidden: Iterable[str] = (),
    left: Iterable[str] = (),
    subject: str = "",
    kind: Kind = Kind.CHANGE,
) -> None:
    """Have changes of this table logged from now on.

    `left`: columns that are left out, being computed or kept by a job. Together with `shown`, `hidden` and SILENT these
    are all that there are (a test sees to it).
    """
    is_code = [isinstance(field, models.UUIDField) for field in fields_of(model) if field.name == "code"]
    row = "code" if is_code == [True] else "pk"
    found = Audited(frozenset(shown), frozenset(hidden), frozenset(left), subject, row, kind)
    _audited[model] = found
    auditlog.unregister(model)
    auditlog.register(model, include_fields=sorted(found.fields))


def fields_of(model: type[models.Model]) -> list[models.Field[Any, Any]]:
    return list(model._meta.concrete_fields)  # noqa: SLF001 - its public name


def column_of(model: type[models.Model], name: str) -> str:
    """The name under which a row holds the value of a field: that of a relation is a key."""
    return next(field.attname for field in fields_of(model) if field.name == name)


def name_of(model: type[models.Model]) -> str:
    """By which the log calls rows of this table."""
    return str(model._meta.verbose_name)  # noqa: SLF001 - the same


def audited_models() -> dict[type[models.Model], Audited]:
    return dict(_audited)


def told(model: type[models.Model], changes: Mapping[str, tuple[Any, Any]]) -> dict[str, Any]:
    """Of each column what may be known: old and new, or only that it changed."""
    shown = _audited[model].shown
    return {name: [fit(old), fit(new)] if name in shown else CHANGED for name, (old, new) in sorted(changes.items())}


def fit(value: Any) -> Any:
    """A value as JSON can hold it."""
    if isinstance(value, models.Model):
        return value.pk
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (UUID, Decimal)):
        return str(value)
    if value is None or isinstance(value, (bool, int, float, str, list, dict)):
        return value
    return str(value)


def at_end_of(way: str, row: models.Model) -> Any:
    """What stands at the end of this way ("case__pupil__code"); None if it breaks off."""
    found: Any = row
    for part in way.split("__"):
        found = getattr(found, part, None)
        if found is None:
            return None
    return found

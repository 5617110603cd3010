"""Keeping what an import changes, such that it can be undone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import models

from attendance.models import (
    Absence,
    CalendarException,
    Enrolment,
    Exemption,
    Group,
    ImportChange,
    OwnTimetable,
    PastGroup,
    Pupil,
    RegisterImport,
    WaitingRow,
)
from attendance.models.imports import ChangeKind
from attendance.services.bulk_writes import insert_rows
from thuiszitters.accounts.models import Alliance, Municipality, School

Values = dict[str, Any]
"""Fields of a row as JSON has them, by name; empty: there is no such row."""

MODELS: dict[str, type[models.Model]] = {
    ChangeKind.ABSENCE: Absence,
    ChangeKind.WAITING: WaitingRow,
    ChangeKind.TIMETABLE: OwnTimetable,
    ChangeKind.EXEMPTION: Exemption,
    ChangeKind.ENROLMENT: Enrolment,
    ChangeKind.PAST_GROUP: PastGroup,
    ChangeKind.PUPIL: Pupil,
    ChangeKind.CALENDAR: CalendarException,
    ChangeKind.GROUP: Group,
    ChangeKind.SCHOOL: School,
    ChangeKind.MUNICIPALITY: Municipality,
    ChangeKind.ALLIANCE: Alliance,
    ChangeKind.COMPLETE: School,
}
ABSENCE_FIELDS = ("first", "last", "minutes", "lesson", "reason_id", "withdrawn")
NOT_FROM_A_FILE = {"complete_through", "refusal"}


@dataclass(frozen=True, slots=True)
class Change:
    """One row, before and after."""

    kind: ChangeKind
    row: int
    before: Values
    after: Values
    pupil_id: int | None = None
    school_id: int | None = None


def keep_changes(register_import: RegisterImport | None, changes: Iterable[Change]) -> None:
    """Store what was changed, in the transaction of the change."""
    rows = [
        ImportChange(
            register_import=register_import,
            kind=change.kind,
            row=change.row,
            before=change.before,
            after=change.after,
            pupil_id=change.pupil_id,
            school_id=change.school_id,
        )
        for change in changes
    ]
    if rows:
        insert_rows(ImportChange, rows)


def fields_of(kind: str) -> tuple[str, ...]:
    """The fields of a row that make it what it is; not those that are given by themselves."""
    if kind == ChangeKind.ABSENCE:
        return ABSENCE_FIELDS
    fields = MODELS[kind]._meta.concrete_fields  # noqa: SLF001 - its public name
    return tuple(
        field.attname
        for field in fields
        if not field.primary_key
        and not isinstance(field, models.UUIDField)
        and not getattr(field, "auto_now", False)
        and not getattr(field, "auto_now_add", False)
        and field.attname not in NOT_FROM_A_FILE
    )


def values_of(row: models.Model, names: Iterable[str]) -> Values:
    """These fields of a row."""
    return {name: plain(getattr(row, name)) for name in names}


def plain(value: Any) -> Any:
    """A value as JSON has it."""
    if isinstance(value, UUID):
        return str(value)
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def made(kind: ChangeKind, row: models.Model, *, pupil_id: int | None = None, school_id: int | None = None) -> Change:
    """The change that made this row, which has its primary key."""
    return Change(kind, row.pk, {}, values_of(row, fields_of(kind)), pupil_id, school_id)


def rewritten(
    kind: ChangeKind,
    row_pk: int,
    before: Mapping[str, object],
    after: Mapping[str, object],
    *,
    pupil_id: int | None = None,
    school_id: int | None = None,
) -> Change:
    """The change of these fields of a row."""
    return Change(
        kind,
        row_pk,
        {name: plain(value) for name, value in before.items()},
        {name: plain(value) for name, value in after.items()},
        pupil_id,
        school_id,
    )

"""Writing what a file says of absence; what each record was is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.utils import timezone

from attendance.importing.absence_rows import Key, Record
from attendance.importing.changes import Change, keep_changes, made, rewritten
from attendance.importing.context import Context
from attendance.importing.placing import Placed
from attendance.importing.writing import overwrite
from attendance.models import Absence, AbsenceVersion
from attendance.models.imports import ChangeKind

Stood = Mapping[int, Mapping[Key, Record]]
Ids = Mapping[tuple[int, Key], int]


class AbsenceWrites:
    """One chunk; the pupils are locked."""

    def __init__(self, context: Context, standing: Stood, ids: Ids) -> None:
        self.context = context
        self.source = context.register_import
        self.standing = standing
        self.ids = ids
        self.now: datetime = timezone.now()
        self.changes: list[Change] = []

    def write(self, placed: Placed[Key, Record], withdrawn: Sequence[tuple[int, Key]]) -> None:
        """Withdraw, add, and change."""
        updated = [(pupil_id, entry.key) for pupil_id, entry in placed.updated]
        self.keep_versions((*withdrawn, *updated))
        if withdrawn:
            self.withdraw(withdrawn)
        self.add(placed)
        if updated:
            self.change(placed)
        keep_changes(self.source, self.changes)

    def keep_versions(self, rows: Iterable[tuple[int, Key]]) -> None:
        versions = [
            AbsenceVersion(
                absence_id=self.ids[pupil_id, key],
                first=was.first,
                last=was.last,
                minutes=was.minutes,
                lesson=key[1],
                reason_id=was.reason_id,
                source=self.source,
            )
            for pupil_id, key in rows
            for was in (self.standing[pupil_id][key],)
        ]
        if versions:
            AbsenceVersion.objects.bulk_create(versions)

    def withdraw(self, rows: Iterable[tuple[int, Key]]) -> None:
        pupils = {self.ids[pupil_id, key]: pupil_id for pupil_id, key in rows}
        Absence.objects.filter(pk__in=pupils).update(
            withdrawn_at=self.now, withdrawn_by=self.context.by, changed_at=self.now
        )
        self.changes += [
            rewritten(ChangeKind.ABSENCE, pk, {"withdrawn": False}, {"withdrawn": True}, pupil_id=pupil_id)
            for pk, pupil_id in pupils.items()
        ]

    def add(self, placed: Placed[Key, Record]) -> None:
        created = Absence.objects.bulk_create(
            Absence(
                pupil_id=pupil_id,
                first=entry.period.first,
                last=entry.period.last,
                minutes=entry.period.minutes,
                lesson=entry.key[1],
                reason_id=entry.period.reason_id,
                entered_by=self.context.by,
                source=self.source,
            )
            for pupil_id, entry in placed.created
        )
        self.changes += [made(ChangeKind.ABSENCE, row, pupil_id=row.pupil_id) for row in created]

    def change(self, placed: Placed[Key, Record]) -> None:
        overwrite(
            Absence,
            (
                Absence(
                    pk=self.ids[pupil_id, entry.key],
                    pupil_id=pupil_id,
                    first=entry.period.first,
                    lesson=entry.key[1],
                    last=entry.period.last,
                    minutes=entry.period.minutes,
                    reason_id=entry.period.reason_id,
                    changed_at=self.now,
                )
                for pupil_id, entry in placed.updated
            ),
            ["last", "minutes", "reason", "changed_at"],
        )
        self.changes += [
            rewritten(
                ChangeKind.ABSENCE,
                self.ids[pupil_id, entry.key],
                said(self.standing[pupil_id][entry.key]),
                said(entry.period),
                pupil_id=pupil_id,
            )
            for pupil_id, entry in placed.updated
        ]


def said(record: Record) -> dict[str, object]:
    return {"last": record.last, "minutes": record.minutes, "reason_id": record.reason_id, "withdrawn": False}

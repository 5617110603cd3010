"""Absence records that go back to what they were: withdrawn or changed, never deleted, with what they said kept."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.utils import timezone

from attendance.importing.changes import Values
from attendance.models import Absence, AbsenceVersion, RegisterImport
from thuiszitters.accounts.models import User

WHY = "import ongedaan gemaakt"


def versions(rows: Iterable[Absence], *, by: User | None, source: RegisterImport) -> None:
    AbsenceVersion.objects.bulk_create(
        AbsenceVersion(
            absence=row,
            first=row.first,
            last=row.last,
            minutes=row.minutes,
            lesson=row.lesson,
            reason_id=row.reason_id,
            why=WHY,
            changed_by=by,
            source=source,
        )
        for row in rows
    )


def take_back(rows: list[Absence], *, by: User | None, source: RegisterImport) -> None:
    """Withdraw what the import made."""
    rows = [row for row in rows if not row.withdrawn]
    if not rows:
        return
    versions(rows, by=by, source=source)
    now = timezone.now()
    Absence.objects.filter(pk__in=[row.pk for row in rows]).update(withdrawn_at=now, withdrawn_by=by, changed_at=now)


def bring_back(
    rows: list[tuple[Absence, Values]],
    set_values: Callable[[Any, Values], list[str]],
    *,
    by: User | None,
    source: RegisterImport,
) -> None:
    """Have records say again what they said before the import, also those that it withdrew."""
    if not rows:
        return
    versions([row for row, _before in rows], by=by, source=source)
    now = timezone.now()
    for row, before in rows:
        set_values(row, before)
        row.changed_at = now
    Absence.objects.bulk_update(
        [row for row, _before in rows],
        ["first", "last", "minutes", "lesson", "reason", "withdrawn_at", "withdrawn_by", "changed_at"],
    )

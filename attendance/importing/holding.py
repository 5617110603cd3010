"""An import that is being undone takes nothing in any more."""

from __future__ import annotations

from attendance.importing.refusals import RefusedFile
from attendance.models import RegisterImport


def hold(row: RegisterImport) -> RegisterImport:
    """Lock the import until the transaction ends. Raises RefusedFile when somebody is undoing it.

    Before any pupil is locked: so the import and its undoing stand in a row, whichever comes first.
    """
    held = RegisterImport.objects.select_for_update(of=("self",), no_key=True).get(pk=row.pk)
    if held.undo_started_at is not None:
        raise RefusedFile("Deze import wordt ongedaan gemaakt. Wat er nog te lezen was, is niet ingelezen.")
    return held

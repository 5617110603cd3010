"""The protocol of a destruction: what was destroyed, by which term, on whose word. No names of pupils."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

from django.utils import timezone

from thuiszitters.accounts.dutch_dates import full_date
from thuiszitters.accounts.spreadsheets import safe_cell
from thuiszitters.privacy.data_classes import DataClass
from thuiszitters.privacy.listings.retention import ItemLine, lines_of
from thuiszitters.privacy.models import DestructionRun, RunItem
from thuiszitters.privacy.typesetting import typeset

TEMPLATE = Path(__file__).resolve().parent.parent / "typst" / "protocol.typ"
COLUMNS = (
    "leerling (begin van de code)",
    "gegevens",
    "rijen",
    "begin termijn",
    "mocht weg vanaf",
    "uitkomst",
    "waarom",
)
BOM = "\ufeff"


def moment(at: datetime | None) -> str:
    """di 3 nov 2026 om 14:05."""
    if at is None:
        return ""
    local = timezone.localtime(at)
    return f"{full_date(local.date())} om {local:%H:%M}"


def protocol(run: DestructionRun) -> dict[str, Any]:
    """What the PDF says, ready to be printed."""
    assert run.approved_by is not None
    lines = lines_of(run)
    return {
        "holder": str(run.holder),
        "code": run.code.hex[:8],
        "proposed": f"{run.proposed_by}, {moment(run.proposed_at)}",
        "approved": f"{run.approved_by}, {moment(run.approved_at)}",
        "finished": moment(run.finished_at),
        "classes": list(classes_of(run)),
        "gone": [cells(line) for line in lines if line.state == RunItem.Status.DONE.label],
        "skipped": [cells(line) for line in lines if line.state != RunItem.Status.DONE.label],
    }


def classes_of(run: DestructionRun) -> Iterable[dict[str, str]]:
    """Per class: pupils, rows, and the term that held."""
    done = run.items.filter(status=RunItem.Status.DONE)
    for data_class in DataClass:
        items = list(done.filter(data_class=data_class).values_list("rows", flat=True))
        if items:
            rows: Counter[str] = Counter()
            for found in items:
                rows.update(found)
            yield {
                "name": data_class.label,
                "pupils": str(len(items)),
                "rows": ", ".join(f"{name}: {amount}" for name, amount in rows.items()),
                "term": run.terms.get(data_class.value, ""),
            }


def cells(line: ItemLine) -> list[str]:
    """One line, as texts."""
    return [line.short, line.what, line.rows, f"{line.started_on:%d-%m-%Y}", f"{line.due_on:%d-%m-%Y}", line.why]


def protocol_pdf(run: DestructionRun) -> bytes:
    """With room for signatures."""
    return typeset(TEMPLATE, protocol(run))


def protocol_csv(run: DestructionRun) -> str:
    """A line for each class of each pupil, for a spreadsheet."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";")
    writer.writerow(COLUMNS)
    for line in lines_of(run):
        *start, why = cells(line)
        writer.writerow([safe_cell(text) for text in (*start, line.state, why)])
    return BOM + out.getvalue()

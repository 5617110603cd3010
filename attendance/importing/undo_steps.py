"""What an import did to a row, next to how the row is now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from attendance.importing.changes import MODELS, Values, values_of
from attendance.models import ImportChange
from attendance.models.imports import ChangeKind, Outcome

CHANGED = "is sindsdien gewijzigd"
REMOVED = "is sindsdien weggehaald"


@dataclass(slots=True)
class Step:
    """All that the import did to one row, taken together: it may have made it and then changed it."""

    changes: list[ImportChange]
    row: Any = None

    @property
    def kind(self) -> str:
        return self.changes[0].kind

    @property
    def before(self) -> Values:
        return self.changes[0].before  # type: ignore[no-any-return]

    @property
    def after(self) -> Values:
        found: Values = {}
        for change in self.changes:
            found = found | change.after if change.after else {}
        return found

    @property
    def made(self) -> bool:
        return not self.before

    @property
    def open(self) -> bool:
        return self.changes[0].outcome == Outcome.STANDS

    def keep(self, why: str) -> None:
        """It stays as it is."""
        for change in self.changes:
            change.outcome, change.why = Outcome.KEPT, why[:200]

    def done(self) -> None:
        for change in self.changes:
            change.outcome = Outcome.UNDONE


def steps_of(changes: Iterable[ImportChange]) -> list[Step]:
    """The changes row by row, with the rows as they are now."""
    found: dict[tuple[str, int], list[ImportChange]] = defaultdict(list)
    for change in sorted(changes, key=lambda change: change.pk):
        found[change.kind, change.row].append(change)
    ids: dict[str, list[int]] = defaultdict(list)
    for kind, pk in found:
        ids[kind].append(pk)
    rows = {
        kind: MODELS[kind]._base_manager.in_bulk(of_kind)  # noqa: SLF001 - its public name
        for kind, of_kind in ids.items()
    }
    return [Step(same, rows[kind].get(pk)) for (kind, pk), same in found.items()]


def judge(step: Step) -> None:
    """Keep what is no longer as the import left it."""
    if step.kind == ChangeKind.COMPLETE:
        return
    if step.row is None:
        if not step.after or step.made:
            return  # it is gone: what the import removed comes back, what it made needs no more
        step.keep(REMOVED)
    elif values_of(step.row, step.after) != step.after:
        step.keep(CHANGED)


def restored(step: Step) -> Any:
    """A copy of the row as it was; not saved."""
    copy = type(step.row)(
        **{
            field.attname: getattr(step.row, field.attname)
            for field in step.row._meta.concrete_fields  # noqa: SLF001 - its public name
        }
    )
    set_values(copy, step.before)
    return copy


def set_values(row: Any, values: Values) -> list[str]:
    """Set the fields of `values`; their names."""
    names = []
    for name, value in values.items():
        if name == "withdrawn":
            row.withdrawn_at = row.withdrawn_at if value else None
            row.withdrawn_by_id = row.withdrawn_by_id if value else None
            names += ["withdrawn_at", "withdrawn_by"]
            continue
        found = row._meta.get_field(name.removesuffix("_id") if name.endswith("_id") else name)  # noqa: SLF001
        setattr(row, name, found.to_python(value))
        names.append(found.name)
    return names

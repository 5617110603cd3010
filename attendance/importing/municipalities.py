"""Municipalities that a file can name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import ClassVar

from attendance.importing.changes import Change, made
from attendance.models.imports import ChangeKind
from thuiszitters.accounts.models import Municipality


@dataclass(slots=True)
class Municipalities:
    """All municipalities by name in any case, read once an import; `made` are the new ones since `take_made`."""

    by_name: dict[str, int]
    made: list[Municipality] = field(default_factory=list)
    LONGEST: ClassVar[int] = 80

    @classmethod
    def read(cls) -> Municipalities:
        rows = Municipality.objects.order_by("pk").values_list("name", "pk")
        return cls({name.casefold(): pk for name, pk in rows})

    def id_of(self, name: str, *, make: bool) -> int | None:
        """The municipality of this name; a new one is made (`make`) and left for the beheerder to confirm."""
        if not name:
            return None
        key = name.casefold()
        if key not in self.by_name:
            self.by_name[key] = -len(self.by_name) - 1
            if make:
                row, new = Municipality.objects.get_or_create(name=name, defaults={"confirmed": False})
                self.by_name[key] = row.pk
                if new:
                    self.made.append(row)
        return self.by_name[key]

    def take_made(self) -> list[Change]:
        """The changes that made new ones, each told once."""
        changes = [made(ChangeKind.MUNICIPALITY, row) for row in self.made]
        self.made = []
        return changes

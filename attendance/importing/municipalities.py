"""Municipalities that a file can name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from thuiszitters.accounts.models import Municipality


@dataclass(slots=True)
class Municipalities:
    """All municipalities by name in any case, read once an import."""

    by_name: dict[str, int]
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
                made, _new = Municipality.objects.get_or_create(name=name, defaults={"confirmed": False})
                self.by_name[key] = made.pk
        return self.by_name[key]

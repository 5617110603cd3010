"""A child whose data at a school was destroyed does not come back there unnoticed, with an old file or by hand."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import date
from typing import cast

from django.conf import settings
from django.utils.module_loading import import_string

from attendance.services.periods import PeriodError
from thuiszitters.accounts.models import School

Identity = tuple[str, date, str]
"""Number, date of birth, surname without case and accents: who is the same child."""
Destroyed = dict[tuple[Identity, int], date]


class CameBackError(PeriodError):
    """A child is new here, and was here before `destroyed_on`: only a person can tell that it really came back."""

    def __init__(self, destroyed_on: date) -> None:
        self.destroyed_on = destroyed_on
        super().__init__("Dit kind was hier eerder. Kruis aan dat het echt is teruggekomen.")


def destroyed_before(children: Collection[Identity]) -> Destroyed:
    """The day on which the enrolments of these children at a school (id) were destroyed, the last one. One query."""
    return cast("Callable[[Collection[Identity]], Destroyed]", import_string(settings.DESTROYED_BEFORE))(children)


def destroyed_at(child: Identity, school: School) -> date | None:
    """The same of one child at one school; None: never."""
    return destroyed_before([child]).get((child, school.pk))

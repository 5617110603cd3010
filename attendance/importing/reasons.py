"""Codes for absence that a file can use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from attendance.importing import cells
from attendance.importing.cells import Row
from attendance.importing.refusals import RefusedRow
from attendance.models import Reason, UnknownCode
from attendance.models.waiting import Solution
from thuiszitters.accounts.dutch_dates import full_date


class UnknownReason(RefusedRow):
    """The code in a row is not known (yet) for any school that the row may be of."""


class NoAbsence(RefusedRow):
    """The code in a row was mapped on "geen verzuim": the row is passed over, and that is as it should be."""


@dataclass(frozen=True, slots=True)
class KnownReason:
    pk: int
    code: str
    minutes_required: bool
    retired_on: date | None = None

    def in_use_on(self, day: date) -> KnownReason:
        """This reason. Raises RefusedRow when it is retired on `day`."""
        if self.retired_on is not None and day >= self.retired_on:
            remedy = "kies een andere code, of vraag de beheerder deze weer in gebruik te nemen"
            raise RefusedRow("reden", f"“{self.code}” is vervallen per {full_date(self.retired_on)}", remedy)
        return self


@dataclass(slots=True)
class KnownReasons:
    """The common codes (under school None) and each school's own, in lower case; read once an import.

    `no_absence`: codes of schools that say nothing about absence.
    """

    by_code: dict[tuple[int | None, str], KnownReason]
    codes: dict[int, str]
    no_absence: frozenset[tuple[int | None, str]]

    @classmethod
    def read(cls) -> KnownReasons:
        rows = Reason.objects.order_by("code").values_list(
            "pk", "school_id", "code", "minutes_required", "maps_to__minutes_required", "retired_on"
        )
        found: dict[tuple[int | None, str], KnownReason] = {
            (school_id, code.lower()): KnownReason(pk, code, bool(required or of_common), retired_on)
            for pk, school_id, code, required, of_common, retired_on in rows
        }
        solved = UnknownCode.objects.filter(solution=Solution.NO_ABSENCE).order_by().values_list("school_id", "key")
        return cls(found, {reason.pk: reason.code for reason in found.values()}, frozenset(solved))

    def of_row(self, row: Row, school_ids: Iterable[int], day: date) -> KnownReason:
        """The reason in a row: the own code of one of these schools, in this order, before a common one.

        `day` is the first date of the row. Raises UnknownReason, RefusedRow when the cell is empty or the code is
        retired on that day, and NoAbsence when the code says nothing about absence.
        """
        schools: list[int | None] = [*school_ids, None]
        code = cells.text(row, "reden", longest=80)
        for school_id in schools:
            if reason := self.by_code.get((school_id, code.lower())):
                return reason.in_use_on(day)
            if (school_id, code.lower()) in self.no_absence:
                raise NoAbsence("reden", "is geen verzuim", "")
        known = dict.fromkeys(reason.code for (of, _code), reason in self.by_code.items() if of in schools)
        remedy = f"kies uit {', '.join(known)}; eigen codes van een school kan de beheerder toevoegen"
        if not code:
            raise RefusedRow("reden", "is leeg", remedy)
        raise UnknownReason("reden", f"“{code}” is geen bekende reden", remedy)

"""Rows that say in which school year a child is at a school, and not exactly from when (EDEXML)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from attendance.importing import cells
from attendance.importing.cells import Row
from attendance.importing.edexml import LEFT, SCHOOL_YEAR
from attendance.importing.enrolments import Key
from attendance.importing.known_schools import KnownSchools
from attendance.importing.refusals import RefusedRow, SkippedRow
from attendance.models import Enrolment

FIRST, LAST = "ingeschreven_van", "ingeschreven_tot"


def first_day(row: Row) -> date:
    """The first day that a row states, or of its school year."""
    stated = cells.day(row, FIRST) if row.has(SCHOOL_YEAR) else None
    return stated or cells.required_day(row, SCHOOL_YEAR if row.has(SCHOOL_YEAR) else FIRST)


def with_enrolment(row: Row, standing: Mapping[Key, Enrolment], schools: KnownSchools, *, today: date) -> Row:
    """The row with the enrolment that it is about; another kind of row as it is.

    Of a child that is enrolled at the school in that year already, the first day stays what it is, and so does the last
    one unless the file gives it. A child that comes back after an enrolment that ended starts on the first day of the
    school year. Raises SkippedRow for a child that left, and of whom nothing stands.
    """
    if not row.has(SCHOOL_YEAR):
        return row
    school = schools.required(row, "brin")
    year_starts = cells.required_day(row, SCHOOL_YEAR)
    year_ends = date(year_starts.year + 1, 7, 31)
    stays = sorted(
        (enrolment for (school_id, _first), enrolment in standing.items() if school_id == school.pk),
        key=lambda enrolment: enrolment.first,
    )
    current = [stay for stay in stays if stay.first <= year_ends and (stay.last is None or stay.last >= year_starts)]
    last = cells.day(row, LAST)
    left = bool(row.cells[LEFT])
    if not current and (left or (last is not None and last < today)):
        raise SkippedRow
    if left and last is None and current[-1].last is None:
        raise RefusedRow(
            LAST,
            "is leeg, en de leerling heeft jaargroep H (historisch)",
            "vul de uitstroomdatum in, of beëindig de inschrijving met de hand",
        )
    if current:
        first = current[-1].first
    else:
        first = first_day(row)
        if any(stay.last is None or stay.last >= first for stay in stays if stay.first <= year_ends):
            first = year_starts
    changed = {**row.cells, FIRST: first.isoformat()}
    if last is None:
        del changed[LAST]
    if left:
        changed.pop("klas", None)
    return Row(row.line, changed)

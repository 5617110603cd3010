"""Absence by the part of the day: morning and afternoon as a file says them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from attendance.engine.day_parts import day_parts
from attendance.importing import cells
from attendance.importing.cells import Row, trimmed
from attendance.importing.children import Stay
from attendance.importing.known_schools import KnownSchools
from attendance.importing.refusals import RefusedRow

PART = "dagdeel"
MORNING, AFTERNOON = "ochtend", "middag"
WHOLE = ""
WORDS = {
    **dict.fromkeys((MORNING, "o", "vm", "voormiddag", "am", "ochtenddeel"), MORNING),
    **dict.fromkeys((AFTERNOON, "m", "nm", "namiddag", "pm", "middagdeel"), AFTERNOON),
    **dict.fromkeys((WHOLE, "hele dag", "heledag", "heel", "dag", "hd", "o+m", "om", "ochtend en middag"), WHOLE),
}


def part_of(row: Row) -> str:
    """Morning, afternoon, or empty: the whole day, or whatever minutes and lesson say."""
    cell = cells.text(row, PART, longest=80).lower()
    if cell not in WORDS:
        raise RefusedRow(PART, f"“{cell}” is geen dagdeel", f"schrijf {MORNING} of {AFTERNOON}, of laat de cel leeg")
    return WORDS[cell]


def joined_parts(rows: Iterable[Row]) -> list[Row]:
    """A morning and an afternoon of the same day and reason become the whole day.

    With another reason they are two records of one day: the afternoon then takes the key of a second lesson.
    """
    rows = list(rows)
    by_day: dict[tuple[str, ...], dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
    for place, row in enumerate(rows):
        part = WORDS.get(said(row, PART), WHOLE)
        if part and not said(row, "minuten") and not said(row, "lesuur"):
            by_day[tuple(said(row, name) for name in ("leerlingnummer", "brin", "van"))][part].append(place)
    for parts in by_day.values():
        if len(parts) < 2:
            continue
        # Of rows with the same key the last one counts, here as everywhere.
        last = [rows[parts[part][-1]] for part in (MORNING, AFTERNOON)]
        same = len({said(row, "reden") for row in last}) == 1
        for part, places in parts.items():
            for place in places:
                if same:
                    rows[place] = Row(rows[place].line, {**rows[place].cells, PART: ""})
                elif part == AFTERNOON:
                    rows[place] = Row(rows[place].line, {**rows[place].cells, "lesuur": "2"})
    return rows


def said(row: Row, column: str) -> str:
    return trimmed(row.cells.get(column, "")).lower()


def minutes_of_part(row: Row, stay: Stay | None, schools: KnownSchools) -> int | None:
    """How long the part of the day in a row is where the child is taught; None when that is the whole day."""
    part = part_of(row)
    if not part:
        return None
    if stay is None:
        raise RefusedRow(PART, "de leerling is die dag niet ingeschreven", "vul minuten in")
    school = schools.by_id[stay.place_id]
    first = cells.required_day(row, "van")
    expected = school.week[first.weekday()] if first.weekday() < len(school.week) else 0
    parts = day_parts(expected, school.morning_minutes)
    if parts is None:
        # A day that cannot be cut in two, such as a Wednesday, is a morning.
        if part == AFTERNOON:
            raise RefusedRow(PART, "die dag heeft op school geen middag", "vul minuten in, of controleer de datum")
        return None
    return parts[0] if part == MORNING else parts[1]

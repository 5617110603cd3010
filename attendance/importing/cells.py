"""From a cell to a value. Every function refuses what it does not know for certain, and says what to write instead."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from attendance.importing.refusals import RefusedRow
from thuiszitters.accounts.spreadsheets import plain_cell

PADDING = " \t\xa0\u202f\u2007\ufeff"
WRITE_DATE = "schrijf dd-mm-jjjj, zoals 31-08-2026"
OLDEST = date(1900, 1, 1)
LATEST = date(2099, 12, 31)
MINUTES_OF_A_DAY = 24 * 60
DUTCH = re.compile(r"(\d{1,2})-(\d{1,2})-(\d{4})", re.ASCII)
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
SLASHED = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
NUMBER = re.compile(r"(\d{1,9})(?:[.,]0{1,2})?", re.ASCII)
HOURS = re.compile(
    r"(\d{1,4})\s*(?:u|uur|uren|h)\.?\s*(?:(\d{1,2})\s*(?:m|min|minuten|minuut)?\.?)?", re.ASCII | re.IGNORECASE
)
CLOCK = re.compile(r"(\d{1,4}):([0-5]\d)(?::00)?", re.ASCII)
PART_HOURS = re.compile(r"(\d{1,4})[.,](\d{1,2})\s*(?:u|uur|uren|h)\.?", re.ASCII | re.IGNORECASE)
MINUTES = re.compile(r"(\d{1,9})\s*(?:m|min|minuten|minuut)\.?", re.ASCII | re.IGNORECASE)
BRIN = re.compile(r"(\d{2}[A-Z]{2})(\d{0,2})", re.ASCII)
DATES = frozenset(
    ("van", "tot", "geboortedatum", "ingeschreven_van", "ingeschreven_tot", "startkwalificatie_op"),
)
"""Columns with dates."""
WEEKDAYS = {"ma": "monday", "di": "tuesday", "wo": "wednesday", "do": "thursday", "vr": "friday"}
"""Column → field of the timetable."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of a file: its line, and its cells as they stand there by column (of the columns that the file has)."""

    line: int
    cells: dict[str, str]

    def has(self, column: str) -> bool:
        """Whether the file has this column; the cell can be empty."""
        return column in self.cells


def trimmed(cell: str) -> str:
    """Without the blanks around it."""
    return cell.strip(PADDING)


def text(row: Row, column: str, *, longest: int) -> str:
    """The text of a cell, perhaps empty; blanks inside it are single spaces."""
    cell = row.cells.get(column, "")
    if not cell:
        return ""
    cell = plain_cell(trimmed(cell)).replace("\xa0", " ").replace("\u202f", " ")
    if not cell.isascii():
        cell = unicodedata.normalize("NFC", cell)
    if not cell.isprintable() or "\ufffd" in cell:
        raise RefusedRow(column, "bevat een onleesbaar teken", "typ de cel opnieuw of sla het bestand op als CSV UTF-8")
    if "  " in cell:
        cell = " ".join(cell.split())
    if len(cell) > longest:
        raise RefusedRow(column, f"is langer dan {longest} tekens", "maak de tekst korter")
    return cell


def required_text(row: Row, column: str, *, longest: int) -> str:
    found = text(row, column, longest=longest)
    if not found:
        raise RefusedRow(column, "is leeg", "vul deze cel in")
    return found


def choice(row: Row, column: str, options: Iterable[str]) -> str:
    """One of `options`, in any case; empty when the cell is."""
    found = text(row, column, longest=80).lower()
    if found and found not in options:
        raise RefusedRow(column, f"“{found}” is onbekend", f"kies uit {', '.join(options)}")
    return found


def required_choice(row: Row, column: str, options: Iterable[str]) -> str:
    options = tuple(options)
    found = choice(row, column, options)
    if not found:
        raise RefusedRow(column, "is leeg", f"kies uit {', '.join(options)}")
    return found


def day(row: Row, column: str) -> date | None:
    """A real date between 1900 and 2099; None when the cell is empty."""
    cell = text(row, column, longest=80)
    if not cell:
        return None
    found = parsed_day(cell)
    if found is None:
        raise RefusedRow(column, f"“{cell}” is geen datum", WRITE_DATE)
    if not OLDEST <= found <= LATEST:
        raise RefusedRow(
            column, f"“{cell}” ligt niet tussen 1900 en 2100", "laat een einde dat nog niet bekend is leeg"
        )
    return found


def required_day(row: Row, column: str) -> date:
    found = day(row, column)
    if found is None:
        raise RefusedRow(column, "is leeg", WRITE_DATE)
    return found


def period(row: Row, first_column: str = "van", last_column: str = "tot") -> tuple[date, date | None]:
    """First and last date; the last is None when that cell is empty."""
    first, last = required_day(row, first_column), day(row, last_column)
    if last is not None and last < first:
        raise RefusedRow(last_column, f"{dutch(last)} ligt voor {first_column} {dutch(first)}", "zet de datums goed")
    return first, last


@lru_cache(maxsize=4096)
def parsed_day(cell: str) -> date | None:
    """A date as Dutch people or ISO 8601 write it; with slashes only when it cannot be the month first."""
    slashed = SLASHED.fullmatch(cell)
    if slashed and int(slashed[1]) <= 12 and slashed[1].zfill(2) != slashed[2].zfill(2):
        return None
    if match := slashed or DUTCH.fullmatch(cell):
        day_number, month, year = match.groups()
    elif match := ISO.fullmatch(cell):
        year, month, day_number = match.groups()
    else:
        return None
    try:
        return date(int(year), int(month), int(day_number))
    except ValueError:
        return None


def dutch(value: date) -> str:
    """31-08-2026."""
    return f"{value.day:02}-{value.month:02}-{value.year:04}"


def span(first: date, last: date | None) -> str:
    """A period in words."""
    if last == first:
        return f"op {dutch(first)}"
    return f"van {dutch(first)} tot en met {dutch(last)}" if last else f"vanaf {dutch(first)}"


def whole_number(row: Row, column: str, *, least: int, most: int) -> int | None:
    """A number without a fraction; None when the cell is empty."""
    cell = text(row, column, longest=80)
    if not cell:
        return None
    match = NUMBER.fullmatch(cell)
    if not match or not least <= int(match[1]) <= most:
        raise RefusedRow(column, f"“{cell}” is geen heel getal van {least} tot en met {most}", "vul zo’n getal in")
    return int(match[1])


def minutes(row: Row, column: str, *, least: int, most: int) -> int | None:
    """A number of minutes, also written as 1:30, 1u30m, 1,5 uur or 90 min; None when the cell is empty."""
    cell = text(row, column, longest=80)
    if not cell:
        return None
    found = parsed_minutes(cell)
    if found is None or not least <= found <= most:
        raise RefusedRow(
            column,
            f"“{cell}” is geen aantal minuten van {least} tot en met {most}",
            "schrijf een heel getal, of uren en minuten zoals 1:30 of 1u30m",
        )
    return found


@lru_cache(maxsize=4096)
def parsed_minutes(cell: str) -> int | None:
    if match := NUMBER.fullmatch(cell) or MINUTES.fullmatch(cell):
        return int(match[1])
    if match := CLOCK.fullmatch(cell) or HOURS.fullmatch(cell):
        rest = int(match[2] or 0)
        return int(match[1]) * 60 + rest if rest < 60 else None
    if match := PART_HOURS.fullmatch(cell):
        return round(float(f"{match[1]}.{match[2]}") * 60)
    return None


def week(row: Row) -> dict[str, int]:
    """The minutes of Monday to Friday, by field; each is required."""
    found = {}
    for column, field in WEEKDAYS.items():
        of_day = minutes(row, column, least=0, most=MINUTES_OF_A_DAY)
        if of_day is None:
            raise RefusedRow(column, "is leeg", "vul het aantal minuten in; 0 als er geen les is")
        found[field] = of_day
    return found


def normal_brin(cell: str) -> str | None:
    """School and location: 00AB is 00AB00, 00ab1 is 00AB01; None when it is no BRIN."""
    match = BRIN.fullmatch(cell.upper())
    return match[1] + match[2].zfill(2) if match else None


def brin(row: Row, column: str) -> str:
    """A BRIN with its location; empty when the cell is."""
    cell = text(row, column, longest=80)
    if not cell:
        return ""
    found = normal_brin(cell)
    if found is None:
        raise RefusedRow(column, f"“{cell}” is geen BRIN", "schrijf BRIN met vestiging, zoals 00AB01")
    return found


def required_brin(row: Row, column: str) -> str:
    found = brin(row, column)
    if not found:
        raise RefusedRow(column, "is leeg", "schrijf BRIN met vestiging, zoals 00AB01")
    return found

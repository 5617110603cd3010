"""Register files of any size for measuring, written row by row: nothing of them is kept in memory."""

from __future__ import annotations

import random
from datetime import date, timedelta
from pathlib import Path

from openpyxl import Workbook

FIRST_DAY = date(2025, 9, 1)
LAST_DAY = date(2026, 7, 3)
SCHOOLS = 20
SPELLS = 5
"""Records a pupil a year, on average."""
REASONS = ("ziek", "ziek", "ziek", "geoorloofd", "ongeoorloofd", "onbekend")


def brin(number: int) -> str:
    return f"{10 + number // 100:02}AA{number % 100:02}"


def write_schools(path: Path) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("brin;naam;sector;regio;lesuur_minuten;ma;di;wo;do;vr\n")
        for number in range(SCHOOLS):
            region = ("noord", "midden", "zuid")[number % 3]
            file.write(f"{brin(number)};School {number};vo;{region};50;350;350;300;350;300\n")


def write_pupils(path: Path, pupils: int, schools: int = SCHOOLS) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("leerlingnummer;roepnaam;achternaam;geboortedatum;brin;klas;ingeschreven_van;gemeente\n")
        for number in range(pupils):
            born = date(2010, 1, 1) + timedelta(days=number % 1500)
            school = number % schools
            group = f"{1 + number // SCHOOLS % 4}{'abcdef'[number % 6]}"
            file.write(f"{number:07};Kind;Naam{number};{born};{brin(school)};{group};2025-08-01;Testdam\n")


def write_absences(path: Path, *, pupils: int, rows: int, reason: str = "") -> None:
    """A year of absence in the order of the days, as schools export it: mostly a day or so, some lessons, some weeks.

    The same numbers give the same file, but for `reason`, which takes the place of every reason.
    """
    chance = random.Random(7)
    steps = (LAST_DAY - FIRST_DAY).days
    # A pupil's records lie in parts of the year of their own, so that none overlap.
    parts = -(-rows // pupils)
    starts = []
    for row in range(rows):
        part = steps // parts
        first = (row // pupils) * part + chance.randrange(max(1, part // 3))
        starts.append((first, row % pupils))
    starts.sort()
    with path.open("w", encoding="utf-8") as file:
        file.write("leerlingnummer;van;tot;reden;minuten;lesuur\n")
        for first, pupil in starts:
            van = FIRST_DAY + timedelta(days=first)
            kind = chance.random()
            if kind < 0.3:
                tot, minutes, lesson = van, "", str(chance.randint(1, 7))
            elif kind < 0.97:
                tot, minutes, lesson = van + timedelta(days=chance.randrange(4)), "", ""
            else:
                tot, minutes, lesson = van + timedelta(days=steps // parts // 2), "", ""
            drawn = chance.choice(REASONS)
            file.write(f"{pupil:07};{van};{tot};{reason or drawn};{minutes};{lesson}\n")


def as_workbook(source: Path, target: Path) -> None:
    """The same file as a workbook (XLSX), with dates and lessons as numbers as a spreadsheet has them."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Verzuim")
    with source.open(encoding="utf-8") as lines:
        sheet.append(next(lines).rstrip("\n").split(";"))
        for line in lines:
            pupil, van, tot, reden, minuten, lesuur = line.rstrip("\n").split(";")
            lesson = int(lesuur) if lesuur else None
            sheet.append([pupil, date.fromisoformat(van), date.fromisoformat(tot), reden, minuten or None, lesson])
    book.save(target)

"""A made-up register as the files that a school office would send: no two alike in order, dates, quotes or encoding."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import date

from attendance.engine.facts import Week
from tests.attendance.made_up_registers import Child, Register

Cells = dict[str, str]
WEEKDAYS = ("ma", "di", "wo", "do", "vr")
MAY_BE_LEFT_OUT = {"tot", "brin", "lesuur", "minuten", "omschrijving"}
"""Columns that say nothing when they are not there, where a row says everything."""


class Files:
    """Writes the files of a register. `send_brin`: every row names a school, as it has to when numbers are doubled."""

    def __init__(self, register: Register, chance: random.Random) -> None:
        self.register = register
        self.chance = chance

    def schools(self) -> bytes:
        rows = [
            {
                "brin": self.brin(brin),
                "naam": f"School {brin}",
                "sector": school.sector.upper() if self.chance.random() < 0.3 else school.sector,
                "regio": school.region,
                "swv": school.alliance,
                "gemeente": "Ommen",
                "lesuur_minuten": "" if school.lesson is None else str(school.lesson),
                **week(school.week),
            }
            for brin, school in self.register.schools.items()
        ]
        return self.file(rows)

    def calendar(self) -> bytes | None:
        rows = [
            {
                "brin": self.brin(brin),
                "van": self.day(first),
                "tot": self.day(last),
                "soort": kind,
                "omschrijving": self.chance.choice(("", "studiedag; iedereen vrij", 'de "grote" dag')),
            }
            for brin, school in self.register.schools.items()
            for first, last, kind in school.days
        ]
        return self.file(rows) if rows else None

    def pupils(self) -> bytes:
        rows = [
            {
                "leerlingnummer": child.number,
                "roepnaam": child.first_name,
                "tussenvoegsel": "",
                "achternaam": self.chance.choice((child.surname, child.surname, child.surname.upper())),
                "geboortedatum": self.day(child.birth),
                "brin": self.brin(stay.school),
                "klas": "2b",
                "ingeschreven_van": self.day(stay.first),
                "ingeschreven_tot": self.day(stay.last),
                "uitstroomreden": stay.reason,
                "les_brin": self.brin(stay.place) if stay.place != stay.school or self.chance.random() < 0.2 else "",
            }
            for child in self.register.children
            for stay in child.stays
        ]
        return self.file(rows)

    def timetables(self) -> bytes | None:
        rows = [
            {
                "leerlingnummer": child.number,
                "brin": self.school_of(child),
                "van": self.day(first),
                "tot": self.day(last),
                **week(own),
            }
            for child in self.register.children
            for first, last, own in child.timetables
        ]
        return self.file(rows) if rows else None

    def exemptions(self) -> bytes | None:
        rows = [
            {
                "leerlingnummer": child.number,
                "brin": self.school_of(child),
                "van": self.day(first),
                "tot": self.day(last),
                "soort": "5 onder a",
            }
            for child in self.register.children
            for first, last in child.exemptions
        ]
        return self.file(rows) if rows else None

    def absences(self, children: Iterable[Child], *, name_school: bool = True) -> bytes | None:
        """The absence of these pupils; without `name_school` whoever imports it has to say which school it is."""
        rows = [
            {
                "leerlingnummer": child.number,
                "brin": self.school_of(child) if name_school else "",
                "van": self.day(record.first),
                "tot": self.day(record.last),
                "reden": record.code.title() if self.chance.random() < 0.2 else record.code,
                "minuten": "" if record.minutes is None else str(record.minutes),
                "lesuur": "" if record.lesson is None else str(record.lesson),
            }
            for child in children
            for record in child.records
        ]
        return self.file(rows) if rows else None

    def school_of(self, child: Child) -> str:
        """A school that the child goes or went to; nothing when the number says enough, sometimes."""
        doubled = [other for other in self.register.children if other.number == child.number]
        stay = self.chance.choice(child.stays)
        if len(doubled) == 1 and self.chance.random() < 0.5:
            return ""
        return self.brin(self.chance.choice((stay.school, stay.place)))

    def brin(self, brin: str) -> str:
        """The ways to write a school with its location."""
        short = brin.removesuffix("00") if brin.endswith("00") else brin[:4] + brin[4:].lstrip("0")
        return self.chance.choice((brin, brin, short, brin.lower()))

    def day(self, value: date | None) -> str:
        if value is None:
            return ""
        return self.chance.choice((value.isoformat(), f"{value:%d-%m-%Y}", f"{value.day}-{value.month}-{value.year}"))

    def file(self, rows: list[Cells]) -> bytes:
        """Rows and columns in any order, as one of the tools people use writes them."""
        chance = self.chance
        columns = [
            c for c in rows[0] if c not in MAY_BE_LEFT_OUT or any(row[c] for row in rows) or chance.random() < 0.5
        ]
        chance.shuffle(columns)
        chance.shuffle(rows)
        if chance.random() < 0.3:
            columns.insert(chance.randint(0, len(columns)), "mentor")
        delimiter = chance.choice((";", ";", ";", "\t"))
        quote_all = chance.random() < 0.2
        lines = [[chance.choice((c, c.upper(), f" {c} ")) for c in columns]]
        lines += [[row.get(c, "Zoë; 'x'") for c in columns] for row in rows]
        end = chance.choice(("\n", "\r\n"))
        short = chance.random() < 0.3
        text = ""
        for cells in lines:
            written = [quoted(cell, delimiter, quote_all) for cell in cells]
            if short:
                while len(written) > 1 and written[-1] in ("", '""'):
                    written.pop()
            text += delimiter.join(written) + chance.choice(("", "", delimiter)) * (not short) + end
            if chance.random() < 0.02:
                text += end
        encoding = chance.choice(("utf-8", "utf-8-sig", "cp1252"))
        return text.encode(encoding)


def quoted(cell: str, delimiter: str, always: bool) -> str:
    if always or delimiter in cell or '"' in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def week(minutes: Week) -> Cells:
    return {day: str(amount) for day, amount in zip(WEEKDAYS, minutes, strict=True)}

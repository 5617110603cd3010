"""The demo written down as the files that a school delivers (docs/formaten): the import has to do the rest."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from thuiszitters.demo.records import AbsenceRow, Child
from thuiszitters.demo.schools import SCHOOLS, SchoolDays

WEEKDAYS = ("ma", "di", "wo", "do", "vr")


def write_schools(folder: Path) -> Path:
    header = ("brin", "naam", "sector", "regio", "swv", "gemeente", "lesuur_minuten", *WEEKDAYS)
    return _write(
        folder / "schools.csv",
        header,
        (
            (s.brin, s.name, s.sector, s.region, s.alliance, s.municipality, s.lesson_minutes or "", *s.week)
            for s in SCHOOLS
        ),
    )


def write_calendar(folder: Path, days: dict[str, SchoolDays]) -> Path:
    rows = (
        (school.brin, _date(row.first), _date(row.last), row.kind, row.description)
        for school in SCHOOLS
        for row in days[school.brin].own_days
    )
    return _write(folder / "calendar.csv", ("brin", "van", "tot", "soort", "omschrijving"), rows)


def write_pupils(folder: Path, children: list[Child]) -> Path:
    header = (
        "leerlingnummer", "roepnaam", "tussenvoegsel", "achternaam", "geboortedatum", "brin", "klas",
        "ingeschreven_van", "ingeschreven_tot", "uitstroomreden", "les_brin", "gemeente", "leerjaren",
    )  # fmt: skip
    rows = (
        (
            child.number, child.name.first, child.name.prefix, child.name.surname, _date(child.birth_date),
            row.school.brin, row.group, _date(row.first), _date(row.last), row.leaving_reason,
            row.place.brin if row.place is not row.school else "", child.municipality,
            "" if child.years_before is None else child.years_before,
        )
        for child in children
        for row in child.enrolments
    )  # fmt: skip
    return _write(folder / "pupils.csv", header, rows)


def write_timetables(folder: Path, children: list[Child]) -> Path:
    rows = (
        (child.number, _date(row.first), _date(row.last), *row.week, row.kind)
        for child in children
        for row in child.timetables
    )
    return _write(folder / "timetables.csv", ("leerlingnummer", "van", "tot", *WEEKDAYS, "soort"), rows)


def write_exemptions(folder: Path, children: list[Child]) -> Path:
    rows = (
        (child.number, _date(row.first), _date(row.last), row.kind) for child in children for row in child.exemptions
    )
    return _write(folder / "exemptions.csv", ("leerlingnummer", "van", "tot", "soort"), rows)


def write_absences(path: Path, rows: Iterable[tuple[Child, AbsenceRow]]) -> Path:
    """One file of absence records; the school of a record is the one where the child is taught now."""
    header = ("leerlingnummer", "brin", "van", "tot", "reden", "minuten", "lesuur")
    return _write(
        path,
        header,
        (
            (
                child.number,
                child.home.brin,
                _date(row.first),
                _date(row.last),
                row.reason,
                row.minutes or "",
                row.lesson or "",
            )
            for child, row in rows
        ),
    )


def _date(day: date | None) -> str:
    return day.strftime("%d-%m-%Y") if day else ""


def _write(path: Path, header: Iterable[str], rows: Iterable[Iterable[object]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\r\n")
        writer.writerow(header)
        writer.writerows(rows)
    return path

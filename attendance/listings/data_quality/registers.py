"""Classes that were not filled in."""

from __future__ import annotations

from attendance.listings.data_quality.findings import MOST_SHOWN, Finding, Kind, Link, Reader, Solved
from attendance.listings.missing_registers import GroupToTake
from attendance.listings.stale_data import StaleSchool, stale_schools
from attendance.models import Group
from thuiszitters.accounts.dutch_dates import short_date
from thuiszitters.accounts.models import School


def missing_registers(reader: Reader) -> Kind:
    """One row a class; one in all when every class misses the same days, since then a file is what is missing."""
    groups = Group.objects.with_whole_register(reader.user).filter(school=reader.school)
    findings: list[Finding] = []
    for row in stale_schools(School.objects.filter(pk=reader.school.pk), groups, reader.today):
        if row.shared:
            findings.append(all_classes(reader, row))
        findings += [one_class(reader, row, group) for group in row.missing]
    return Kind(
        key="klassen",
        title="Klassen niet ingevuld",
        why="Van deze dagen is niet bekend wie er was. Een leerling kan dan thuiszitten zonder dat iemand het ziet.",
        good="Van elke klas is bekend wie er was.",
        findings=tuple(findings[:MOST_SHOWN]),
        number=len(findings),
    )


def all_classes(reader: Reader, row: StaleSchool) -> Finding:
    days = ", ".join(short_date(day, reader.today) for day in reversed(row.shared))
    solved = Solved(note="De administratie leest het verzuimbestand in, of de mentoren vullen hun klas in.")
    if reader.imports:
        solved = Solved(Link("Lees het verzuimbestand in", "attendance:import_upload"))
    elif reader.enters:
        solved = Solved(Link("Vul de klassen in", "attendance:registers_to_take"))
    return Finding(f"Alle {row.groups} klassen", f"Niets bekend van {days}.", solved)


def one_class(reader: Reader, row: StaleSchool, group: GroupToTake) -> Finding:
    """The oldest day is the one to begin with."""
    days = sorted(day for day in group.missing if day <= row.due)
    names = [short_date(day, reader.today) for day in days]
    if not reader.enters:
        solved = Solved(note="De mentor of de administratie vult de klas in.")
        return Finding(group.group.name, f"Niet ingevuld: {', '.join(names)}.", solved)
    links = [Link(name, group.page, (group.group.code, day)) for name, day in zip(names, days, strict=True)]
    solved = Solved(Link(f"Vul {names[0]} in", group.page, (group.group.code, days[0])))
    text = f"Niet ingevuld: {names[0]}"
    return Finding(group.group.name, f"{text}, ook" if links[1:] else f"{text}.", solved, days=tuple(links[1:]))

"""What came with files and did not go in."""

from __future__ import annotations

from django.db.models import Count, Max, Min, Q

from attendance.listings.data_quality.findings import (
    MOST_SHOWN,
    Finding,
    Kind,
    Link,
    Reader,
    Solved,
    by_entering,
    of_pupil,
)
from attendance.listings.imports import kind_in_words
from attendance.models import Pupil, RegisterImport, UnknownCode, WaitingRow
from attendance.models.uploads import KINDS_FOR_SCHOOL
from attendance.models.waiting import Solution
from thuiszitters.accounts.dutch_dates import period, short_date
from thuiszitters.accounts.grants import all_grants_of
from thuiszitters.accounts.roles import Role

OVERLAP = "overlapt met"
"""How a refusal of a row that overlaps another begins to say so (importing/placing.py)."""


def unknown_codes(reader: Reader) -> Kind:
    """Codes in files of which nobody said yet what they mean, with how many rows wait for that. No pupils."""
    rows = (
        UnknownCode.objects.filter(school=reader.school, solution=Solution.OPEN)
        .annotate(number=Count("rows"), since=Min("rows__first"), newest=Max("rows__first"))
        .filter(number__gt=0)
        .order_by("-number", "key")
    )
    findings = []
    for row in rows:
        text = f"{row.number} rij{'en' if row.number > 1 else ''} wacht{'en' if row.number > 1 else ''}"
        text = f"{text} hierop ({period(row.since, row.newest, reader.today)})."
        findings.append(Finding(f"Code “{row.code}”", text, by_set_up(reader)))
    return Kind(
        key="codes",
        title="Onbekende codes",
        why="Zolang niemand zegt wat een code betekent, tellen deze dagen als niet bekend.",
        good="Van elke code in jullie bestanden is bekend wat zij betekent.",
        findings=tuple(findings[:MOST_SHOWN]),
        number=len(findings),
    )


def by_set_up(reader: Reader) -> Solved:
    """Who is beheerder of this school as well gets the way there."""
    grants = all_grants_of(reader.user)
    if reader.school.pk in grants.school_ids({Role.BEHEERDER}):
        return Solved(Link("Koppel de code", "attendance:unknown_codes", (reader.school.code,)))
    return Solved(note="De functioneel beheerder zegt bij Inrichten wat de code betekent.")


def refused(reader: Reader) -> Kind:
    """Of each kind of file the last one, with how many of its rows were refused; and rows that waited for their code,
    and even so could not go in."""
    findings = [*refused_files(reader), *refused_after_all(reader)]
    return Kind(
        key="geweigerd",
        title="Rijen die niet naar binnen gingen",
        why="Wat in deze rijen staat, telt niet mee. Bij overlap blijft staan wat er al stond.",
        good="Uit de laatste bestanden ging elke rij naar binnen.",
        findings=tuple(findings[:MOST_SHOWN]),
        number=len(findings),
    )


def refused_files(reader: Reader) -> list[Finding]:
    """A newer file of the same kind takes the place of an older one: it has the same rows, mended or not."""
    if not reader.sees_school:
        return []
    newest = (
        RegisterImport.objects.filter(
            school=reader.school, kind__in=KINDS_FOR_SCHOOL, finished_at__isnull=False, undo_started_at=None
        )
        .order_by()
        .values("kind")
        .annotate(newest=Max("pk"))
        .values("newest")
    )
    overlaps = Count("upload__refused_lines", filter=Q(upload__refused_lines__reason__contains=OVERLAP))
    rows = RegisterImport.objects.filter(pk__in=newest, refused__gt=0).annotate(overlaps=overlaps).order_by("kind")
    findings = []
    for row in rows:
        text = f"{row.refused} rij{'en' if row.refused > 1 else ''} geweigerd"
        text += f", waarvan {row.overlaps} om overlap met wat er al staat." if row.overlaps else "."
        subject = f"Bestand met {kind_in_words(row.kind)} van {short_date(row.started_at.date(), reader.today)}"
        if reader.imports:
            solved = Solved(Link("Bekijk en herstel de rijen", "attendance:import_report", (row.code,)))
        else:
            solved = Solved(note="De administratie herstelt de rijen en leest ze opnieuw in.")
        findings.append(Finding(subject, text, solved))
    return findings


def refused_after_all(reader: Reader) -> list[Finding]:
    rows = (
        WaitingRow.objects.filter(unknown_code__school=reader.school, pupil__in=Pupil.objects.visible_to(reader.user))
        .exclude(refusal="")
        .select_related("pupil", "unknown_code")
        .order_by("pupil__surname_key", "first", "pk")
    )
    findings = []
    for row in rows:
        text = f"{row.unknown_code} ({period(row.first, row.last, reader.today)}) ging niet naar binnen: {row.refusal}."
        solved = by_entering(reader, Link("Bekijk de meldingen", "attendance:pupil_detail", (row.pupil.code,)))
        findings.append(of_pupil(row.pupil, text, solved))
    return findings

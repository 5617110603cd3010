"""Numbers that stay when rows go, so that what a school had in a year can still be told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

from django.db.models import F

from attendance.models import Absence, Crossing, Enrolment
from cases.models import Case, Report
from tables.models import TableEntry
from thuiszitters.privacy.models import KeptCount
from thuiszitters.privacy.parts import as_date
from thuiszitters.privacy.services.holdings import Part

AUGUST = 8
RULE = "regel:"
"""What a count of a rule that was passed is called, before the name of the rule."""
Counts = Counter[tuple[int, int, str]]
"""By school, school year (that of its 1 August) and what."""


def school_year(day: date) -> int:
    """The year of the 1 August before `day`, or on it."""
    return day.year if day.month >= AUGUST else day.year - 1


def counts_of(part: Part) -> Counts:
    """What goes with this part, as numbers."""
    found: Counts = Counter()
    for entry, ids in part.rows.items():
        if entry.model == "tables.TableEntry":
            entries = TableEntry.objects.filter(pk__in=ids, placed_at__isnull=False).order_by()
            for school_id, placed_at in entries.values_list("case__school_of_enrolment", "placed_at"):
                assert placed_at is not None
                found[school_id, school_year(as_date(placed_at)), "op_tafel"] += 1
        elif part.holder.school_id is not None and (days_of := DAYS.get(entry.model)):
            for day, what in days_of(ids):
                found[part.holder.school_id, school_year(day), what] += 1
    return found


Days = Iterable[tuple[date, str]]


def _enrolled(ids: list[int]) -> Days:
    """A pupil counts once a school year, also with two enrolments in it."""
    rows = Enrolment.objects.filter(pk__in=ids).order_by().values_list("first", "last")
    years = {year for first, last in rows for year in range(school_year(first), school_year(last or first) + 1)}
    return [(date(year, AUGUST, 1), "leerlingen") for year in years]


def _absent(ids: list[int]) -> Days:
    rows = Absence.objects.standing().filter(pk__in=ids).order_by().values_list("first", flat=True)
    return [(day, "verzuim") for day in rows]


def _crossed(ids: list[int]) -> Days:
    rows = Crossing.objects.standing().filter(pk__in=ids).order_by().values_list("crossed_on", "rule")
    return [(day, RULE + rule) for day, rule in rows]


def _opened(ids: list[int]) -> Days:
    rows = Case.objects.filter(pk__in=ids).order_by().values_list("opened_on", flat=True)
    return [(day, "dossiers") for day in rows]


def _sent(ids: list[int]) -> Days:
    rows = Report.objects.filter(pk__in=ids).order_by().values_list("sent_at", flat=True)
    return [(as_date(at), "meldingen") for at in rows if at is not None]


DAYS: dict[str, Callable[[list[int]], Days]] = {
    "attendance.Absence": _absent,
    "attendance.Crossing": _crossed,
    "attendance.Enrolment": _enrolled,
    "cases.Case": _opened,
    "cases.Report": _sent,
}
"""On which days the rows were that are counted, and as what."""


def keep(counts: Counts) -> None:
    """Add these to what was kept. In the transaction of who calls; in one order, so that two jobs cannot deadlock."""
    for (school_id, year, what), amount in sorted(counts.items()):
        key: dict[str, Any] = {"school_id": school_id, "school_year": year, "what": what}
        KeptCount.objects.get_or_create(**key)
        KeptCount.objects.filter(**key).update(amount=F("amount") + amount)

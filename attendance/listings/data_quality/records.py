"""Absence on dates on which it counts for nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import DateField, Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Greatest

from attendance.listings.data_quality.findings import (
    MOST_SHOWN,
    Kind,
    Reader,
    by_change,
    by_withdrawing,
    of_pupil,
)
from attendance.listings.school_year import school_year_of
from attendance.models import Absence, Enrolment
from thuiszitters.accounts.dutch_dates import period

ONE_DAY = timedelta(days=1)
Span = tuple[date, date]


def outside_enrolment(reader: Reader) -> Kind:
    """Records of this school year with school days on which the pupil was not enrolled anywhere."""
    findings = []
    first = school_year_of(reader.today)[0]
    rows = not_covered(reader, first)
    enrolments = enrolments_of({row.pupil_id for row in rows})
    for row in rows:
        until = row.last or max(row.first, reader.today)
        periods = enrolments[row.pupil_id]
        if not belongs_here(periods, row.first, until, reader.school.pk):
            continue
        spans = [(each.first, each.last or date.max) for each in periods]
        days = sum(reader.calendar.school_days_between(*gap) for gap in gaps(max(row.first, first), until, spans))
        if not days:
            continue
        inside = any(start <= until and end >= row.first for start, end in spans)
        which = f"{days} schooldag{'en' if days > 1 else ''} buiten de inschrijving" if inside else "niet ingeschreven"
        text = f"{row.reason} ({period(row.first, row.last, reader.today)}): {which}."
        solved = by_change(reader, row) if inside else by_withdrawing(reader, row)
        findings.append(of_pupil(row.pupil, text, solved))
    return Kind(
        key="buiten-inschrijving",
        title="Afwezig buiten de inschrijving",
        why="Deze dagen tellen voor niets. Klopt de melding niet, of de inschrijving?",
        good="Elke melding valt binnen een inschrijving.",
        findings=tuple(findings[:MOST_SHOWN]),
        number=len(findings),
    )


def not_covered(reader: Reader, first: date) -> list[Absence]:
    """Records with a date from `first` on that do not lie in one enrolment."""
    today = Value(reader.today, output_field=DateField())
    whole = Enrolment.objects.filter(
        Q(last=None) | Q(last__gte=OuterRef("until")), pupil=OuterRef("pupil"), first__lte=OuterRef("first")
    )
    return list(
        Absence.objects.visible_to(reader.user)
        .standing()
        .annotate(until=Coalesce("last", Greatest("first", today)))
        .filter(~Exists(whole), until__gte=first, pupil__in=reader.enrolments.order_by().values("pupil"))
        .select_related("pupil", "reason")
        .order_by("pupil__surname_key", "pupil__first_name", "first", "pk")
    )


def enrolments_of(pupil_ids: Iterable[int]) -> dict[int, list[Enrolment]]:
    """In order of date, at every school: a pupil who moved is not outside."""
    found: dict[int, list[Enrolment]] = defaultdict(list)
    for row in Enrolment.objects.filter(pupil__in=pupil_ids).order_by("first"):
        found[row.pupil_id].append(row)
    return found


def belongs_here(periods: list[Enrolment], first: date, until: date, place: int) -> bool:
    """Whether this school has to look: the pupil is taught here on a date of the record; or, when nowhere on any, was
    last taught here before it, or came here first after it."""
    touching = [row for row in periods if row.first <= until and (row.last is None or row.last >= first)]
    if touching:
        return any(row.place_id == place for row in touching)
    before = [row for row in periods if row.first <= first]
    return (before[-1] if before else periods[0]).place_id == place


def gaps(first: date, last: date, spans: Iterable[Span]) -> list[Span]:
    """The dates from `first` to `last` that lie in none of `spans`."""
    found, start = [], first
    for begins, ends in sorted(spans):
        if begins > last:
            break
        if begins > start:
            found.append((start, begins - ONE_DAY))
        if ends >= last:
            return found
        start = max(start, ends + ONE_DAY)
    if start <= last:
        found.append((start, last))
    return found


def on_free_days(reader: Reader) -> Kind:
    """Records of this school year without a single school day in them."""
    first, last = school_year_of(reader.today)
    free = [day for day in every_day(first, last) if not reader.calendar.is_school_day(day)]
    here = reader.enrolments.filter(
        Q(last=None) | Q(last__gte=OuterRef("last")), pupil=OuterRef("pupil"), first__lte=OuterRef("first")
    )
    rows = (
        Absence.objects.standing()
        .filter(Exists(here), first__in=free, last__in=free)
        .order_by("pupil__surname_key", "pupil__first_name", "first", "pk")
    )
    # Counted as bare dates: a file of another calendar can have thousands of them.
    wrong = [
        pk
        for pk, start, end in rows.values_list("pk", "first", "last")
        if not reader.calendar.school_days_between(start, end or start)
    ]
    told = Absence.objects.select_related("pupil", "reason").in_bulk(wrong[:MOST_SHOWN])
    findings = []
    for row in (told[pk] for pk in wrong[:MOST_SHOWN]):
        name = reader.calendar.name_of(row.first) or "weekend"
        text = f"{row.reason} ({period(row.first, row.last, reader.today)}): {name}, geen schooldag."
        findings.append(of_pupil(row.pupil, text, by_withdrawing(reader, row)))
    return Kind(
        key="vrije-dagen",
        title="Afwezig op vrije dagen",
        why="Deze meldingen tellen voor niets. Vaak klopt de datum niet, of was de school toch open.",
        good="Elke melding valt op een schooldag.",
        findings=tuple(findings),
        number=len(wrong),
    )


def every_day(first: date, last: date) -> list[date]:
    return [first + n * ONE_DAY for n in range((last - first).days + 1)]

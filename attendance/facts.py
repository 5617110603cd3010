"""Reading what the rules are told: the rows of many pupils as plain values, in a fixed number of queries.

What is shared (calendars, schools, norms) is kept between calls under the very data it was made from, so that it cannot
grow stale: a school whose days, timetable or date of completeness changed is another key.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Set
from dataclasses import replace
from datetime import date, timedelta
from functools import lru_cache
from typing import cast

from django.db.models import F, Q

from attendance import models
from attendance.batches import rows_of
from attendance.engine import facts as engine
from attendance.engine.calendar import CalendarException, Region, SchoolCalendar
from attendance.models.calendar import ExceptionKind
from attendance.models.pupils import FINAL_REASONS
from thuiszitters.accounts.models import School, Sector

ONE_DAY = timedelta(days=1)
HOUR = 60
"""Minutes in an hour of the sixteen; a lesson in VO counts as one, and is never longer."""

ExceptionRow = tuple[date, date, str, str]
"""First, last, kind, description."""
Properties = tuple[bool, bool | None, bool]
"""Counts, authorised, sick."""


def facts_of(pupil_ids: Collection[int]) -> dict[int, engine.Facts]:
    """What is known of each of these pupils now. Who is not enrolled anywhere has facts without enrolments."""
    enrolments = enrolments_of(pupil_ids)
    absences = absences_of(pupil_ids)
    timetables = timetables_of(pupil_ids)
    exemptions = exemptions_of(pupil_ids)
    waiting = waiting_of(pupil_ids)
    return {
        pk: engine.Facts(
            enrolments=tuple(without_silence(row, waiting.get(pk, ())) for row in enrolments.get(pk, ())),
            absences=tuple(absences.get(pk, ())),
            timetables=tuple(timetables.get(pk, ())),
            exemptions=tuple(exemptions.get(pk, ())),
        )
        for pk in pupil_ids
    }


def absences_of(pupil_ids: Collection[int]) -> dict[int, list[engine.Absence]]:
    """The standing absence records of each pupil; `ref` is the primary key."""
    rows = list(
        models.Absence.objects.standing()
        .filter(rows_of("pupil", pupil_ids))
        .order_by("pupil_id", "first", "lesson")
        .values_list("pupil_id", "first", "last", "minutes", "reason_id", "pk")
    )
    properties = properties_of({row[4] for row in rows})
    found: dict[int, list[engine.Absence]] = defaultdict(list)
    for pupil_id, first, last, minutes, reason_id, pk in rows:
        found[pupil_id].append(engine.Absence(first, last, minutes, *properties[reason_id], pk))
    return found


def properties_of(reason_ids: Set[int]) -> dict[int, Properties]:
    """The three properties of each reason: those of the code it maps to, if it maps to one."""
    names = ("counts", "authorised", "sick")
    rows = (
        models.Reason.objects.filter(pk__in=reason_ids)
        .order_by()
        .values_list("pk", "maps_to_id", *names, *(f"maps_to__{name}" for name in names))
    )
    return {row[0]: row[2:5] if row[1] is None else row[5:8] for row in rows}


def timetables_of(pupil_ids: Collection[int]) -> dict[int, list[engine.OwnTimetable]]:
    rows = (
        models.OwnTimetable.objects.filter(rows_of("pupil", pupil_ids))
        .order_by("pupil_id", "first")
        .values_list("pupil_id", "first", "last", "monday", "tuesday", "wednesday", "thursday", "friday")
    )
    found: dict[int, list[engine.OwnTimetable]] = defaultdict(list)
    for pupil_id, first, last, monday, tuesday, wednesday, thursday, friday in rows:
        week = (monday, tuesday, wednesday, thursday, friday)
        found[pupil_id].append(engine.OwnTimetable(first, last, week))
    return found


def exemptions_of(pupil_ids: Collection[int]) -> dict[int, list[engine.Exemption]]:
    rows = models.Exemption.objects.filter(rows_of("pupil", pupil_ids)).order_by("pupil_id", "first")
    found: dict[int, list[engine.Exemption]] = defaultdict(list)
    for pupil_id, first, last in rows.values_list("pupil_id", "first", "last"):
        found[pupil_id].append(engine.Exemption(first, last))
    return found


def enrolments_of(pupil_ids: Collection[int]) -> dict[int, list[engine.Enrolment]]:
    rows = list(
        models.Enrolment.objects.filter(rows_of("pupil", pupil_ids))
        .order_by("pupil_id", "first")
        .values_list("pk", "pupil_id", "first", "last", "place_id", "school__alliance_id", "group_id", "leaving_reason")
    )
    if not rows:
        return {}
    schools = schools_of({row[4] for row in rows})
    norms = norms_of({row[5] for row in rows})
    past = past_groups_of(pupil_ids)
    groups = {row[6] for row in rows} | {group for spans in past.values() for _, group in spans}
    registers = registers_of(groups - {None}, since=min(row[2] for row in rows))
    found: dict[int, list[engine.Enrolment]] = defaultdict(list)
    for pk, pupil_id, first, last, place_id, alliance_id, group_id, leaving_reason in rows:
        found[pupil_id].append(
            engine.Enrolment(
                first=first,
                last=last,
                school=schools[place_id],
                norms=norms[alliance_id],
                taken=days_taken(group_id, past.get(pk, ()), registers),
                final=last is not None and leaving_reason in FINAL_REASONS,
            )
        )
    return found


# Rows of a file that wait for their reason

Spans = Collection[tuple[date, date | None]]


def waiting_of(pupil_ids: Collection[int]) -> dict[int, list[tuple[date, date | None]]]:
    """The periods of each pupil of which a file says something that is not understood yet."""
    rows = models.WaitingRow.objects.filter(rows_of("pupil", pupil_ids)).order_by("pupil_id", "first")
    found: dict[int, list[tuple[date, date | None]]] = defaultdict(list)
    for pupil_id, first, last in rows.values_list("pupil_id", "first", "last"):
        found[pupil_id].append((first, last))
    return found


def without_silence(enrolment: engine.Enrolment, waiting: Spans) -> engine.Enrolment:
    """The enrolment with the dates of `waiting` not known: on those, silence does not mean that the pupil was there.

    For this pupil the school's data is then complete through the day before, and what is known after it is told as
    single dates.
    """
    if not waiting:
        return enrolment
    through = enrolment.school.complete_through
    since = min(first for first, _last in waiting)
    days = set(enrolment.taken)
    if through is not None and through >= since:
        days |= {since + n * ONE_DAY for n in range((through - since).days + 1)}
        school = replace(enrolment.school, complete_through=since - ONE_DAY)
        enrolment = replace(enrolment, school=school)
    taken = frozenset(
        day for day in days if not any(first <= day and (last is None or day <= last) for first, last in waiting)
    )
    return replace(enrolment, taken=taken)


# Registers

PastSpans = list[tuple[date, int | None]]
"""Last date in a class, and the class; in order."""


def past_groups_of(pupil_ids: Collection[int]) -> dict[int, PastSpans]:
    """The classes that each enrolment of these pupils was in before."""
    rows = models.PastGroup.objects.filter(rows_of("enrolment__pupil", pupil_ids)).order_by("enrolment_id", "last")
    found: dict[int, PastSpans] = defaultdict(list)
    for enrolment_id, last, group_id in rows.values_list("enrolment_id", "last", "group_id"):
        found[enrolment_id].append((last, group_id))
    return found


def registers_of(group_ids: Collection[int | None], since: date) -> dict[int | None, frozenset[date]]:
    """The dates from `since` on which the register of each class was taken; not those that the school's date of
    completeness reaches anyway."""
    if not group_ids:
        return {}
    rows = (
        models.RegisterTaken.objects.filter(group__in=group_ids, day__gte=since)
        .filter(Q(group__school__complete_through=None) | Q(day__gt=F("group__school__complete_through")))
        .order_by()
        .values_list("group_id", "day")
    )
    found: dict[int | None, list[date]] = defaultdict(list)
    for group_id, day in rows:
        found[group_id].append(day)
    return {group_id: frozenset(days) for group_id, days in found.items()}


def days_taken(
    group_id: int | None, past: Iterable[tuple[date, int | None]], registers: Mapping[int | None, frozenset[date]]
) -> frozenset[date]:
    """The dates on which the register of the pupil's class of that date was taken (dates outside the enrolment too)."""
    now = registers.get(group_id, frozenset())
    spans = list(past)
    if not spans:
        return now
    days: set[date] = set()
    since = date.min
    for last, past_group in spans:
        days |= {day for day in registers.get(past_group, ()) if since <= day <= last}
        since = last + ONE_DAY
    return frozenset(days | {day for day in now if since <= day})


# Schools


def schools_of(school_ids: Collection[int]) -> dict[int, engine.School]:
    """The schools as places of teaching, each with its calendar."""
    exceptions: dict[int, list[ExceptionRow]] = defaultdict(list)
    rows = models.CalendarException.objects.filter(school__in=school_ids).order_by("school_id", "first")
    for school_id, first, last, kind, name in rows.values_list("school_id", "first", "last", "kind", "description"):
        exceptions[school_id].append((first, last, kind, name))
    return {
        school.pk: school_as(school, exceptions.get(school.pk, ()))
        for school in School.objects.filter(pk__in=school_ids).order_by()
    }


def school_as(school: School, own_days: Iterable[ExceptionRow]) -> engine.School:
    """This row with these days of its own (in order of date), also when neither is stored so."""
    calendar = calendar_with(cast("Region", school.region), tuple(own_days))
    return school_with(school.pk, calendar, school.week, hour_minutes(school), school.complete_through)


def calendar_of(school: School) -> SchoolCalendar:
    """The calendar of one school."""
    return schools_of([school.pk])[school.pk].calendar


def hour_minutes(school: School) -> int:
    """Minutes of one of the sixteen hours at this school."""
    if school.sector == Sector.VO and school.lesson_minutes:
        return min(school.lesson_minutes, HOUR)
    return HOUR


@lru_cache(maxsize=4096)
def school_with(
    key: int, calendar: SchoolCalendar, week: engine.Week, hour: int, complete_through: date | None
) -> engine.School:
    return engine.School(key, calendar, week, hour, complete_through)


@lru_cache(maxsize=1024)
def calendar_with(region: Region, exceptions: tuple[ExceptionRow, ...]) -> SchoolCalendar:
    """The days of a school in this region with these days of its own."""
    return SchoolCalendar(
        region,
        [CalendarException(first, last, kind == ExceptionKind.OPEN, name) for first, last, kind, name in exceptions],
    )


# Norms


def norms_of(alliance_ids: Collection[int | None]) -> dict[int | None, engine.Norms]:
    """The norms of each alliance, every period; None are those of a school without one."""
    rows: dict[int | None, list[engine.Norm]] = defaultdict(list)
    wanted = Q(alliance=None) | Q(alliance__in=[pk for pk in alliance_ids if pk is not None])
    for row in models.NormRow.objects.filter(wanted).order_by("rule", "valid_from", "pk"):
        rows[row.alliance_id].append(norm_of(row))
    common = tuple(rows[None])
    return {pk: norms_with(tuple(rows[pk]) if pk is not None else (), common) for pk in alliance_ids}


def norm_of(row: models.NormRow) -> engine.Norm:
    """A stored norm as the rules take it."""
    return engine.Norm(
        rule=engine.Rule(row.rule),
        amount=row.amount,
        reading=engine.Reading(row.reading),
        calendar_days=row.calendar_days,
        weeks=row.weeks,
        gap_days=row.gap_days,
        min_weeks=row.min_weeks,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        ref=row.pk,
    )


@lru_cache(maxsize=1024)
def norms_with(own: tuple[engine.Norm, ...], common: tuple[engine.Norm, ...]) -> engine.Norms:
    """Own norms, and the common ones on the dates for which there is no own one of that rule."""
    left = [piece for norm in common for piece in outside(norm, [other for other in own if other.rule is norm.rule])]
    return engine.Norms((*own, *left))


def outside(norm: engine.Norm, others: Iterable[engine.Norm]) -> list[engine.Norm]:
    """`norm` cut to the dates on which none of `others` is valid: no, one or more pieces."""
    pieces = [(norm.valid_from or date.min, norm.valid_until or date.max)]
    for other in others:
        first, last = other.valid_from or date.min, other.valid_until or date.max
        rest = []
        for start, end in pieces:
            if last < start or end < first:
                rest.append((start, end))
                continue
            if start < first:
                rest.append((start, first - ONE_DAY))
            if last < end:
                rest.append((last + ONE_DAY, end))
        pieces = rest
    return [
        replace(
            norm,
            valid_from=None if start == date.min else start,
            valid_until=None if end == date.max else end,
        )
        for start, end in pieces
    ]

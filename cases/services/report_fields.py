"""What a draft report can fill in by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone

from attendance.engine.facts import Day, Rule, Why
from attendance.engine.working_days import add_working_days
from attendance.models import Absence, Crossing, Enrolment
from cases.models import Case, LogEntry, Step
from cases.services.evidence import counted_days
from cases.services.staff import enrolment_for, only_coo
from cases.steps import REPORT_WORKING_DAYS
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role

UNAUTHORISED_RULES = (Rule.HOURS_16, Rule.LRV)
"""Rules that count unauthorised minutes; the others count every missed minute."""

GEOORLOOFD = "geoorloofd afwezig"

Row = list[Any]
"""A date of the specification: ISO date, minutes, lessons (None where no lesson length is known), reason."""


@dataclass(frozen=True, slots=True)
class Basis:
    """What a crossing rests on today. `luxury` tells for each date whether it is holiday without permission."""

    crossing: Crossing
    enrolment: Enrolment
    rows: list[Row]
    luxury: list[bool]
    all_missed: bool


def basis_of(crossing: Crossing) -> Basis | None:
    """The dates and the enrolment behind a crossing; None when the pupil was never enrolled anywhere."""
    enrolment = enrolment_for(crossing.pupil, crossing.crossed_on)
    if enrolment is None:
        return None
    days = counted_days(crossing)
    refs = {ref for row in days for ref in row.refs}
    records = {row.pk: row for row in Absence.objects.filter(pk__in=refs).select_related("reason__maps_to")}
    strict = Rule(crossing.rule) in UNAUTHORISED_RULES
    of_day = {
        row.day: [records[ref] for ref in row.refs if ref in records and _counts(records[ref], strict)] for row in days
    }
    return Basis(
        crossing=crossing,
        enrolment=enrolment,
        rows=[_row(row, of_day[row.day], enrolment, strict=strict) for row in days],
        luxury=[any(_meant(record).luxury for record in of_day[row.day]) for row in days],
        all_missed=_all_missed(days),
    )


def _meant(record: Absence) -> Any:
    return record.reason.maps_to or record.reason


def _counts(record: Absence, strict: bool) -> bool:
    reason = _meant(record)
    return bool(reason.counts) and (reason.authorised is False or not strict)


def _row(day: Day, records: Sequence[Absence], enrolment: Enrolment, *, strict: bool) -> Row:
    minutes = day.unauthorised if strict else day.missed
    lesson = enrolment.place.lesson_minutes
    numbered = {record.lesson for record in records if record.minutes is not None and record.lesson}
    lessons = (len(numbered) or round(minutes / lesson)) if lesson else None
    return [day.day.isoformat(), minutes, lessons, ", ".join(dict.fromkeys(map(reason_to_tell, records)))]


def reason_to_tell(record: Absence) -> str:
    """The reason as leerplicht may know it. That somebody is sick is no business of a report: it says that the school
    knows a reason, and what the COO supposes stands in a field of its own."""
    return GEOORLOOFD if _meant(record).sick else record.reason.label


def _all_missed(days: Iterable[Day]) -> bool:
    expected = [day for day in days if day.expected]
    return bool(expected) and all(day.why is Why.MISSED for day in expected)


def due_on(crossing: Crossing) -> date:
    """The last day on which a report about this crossing is in time."""
    return add_working_days(crossing.crossed_on, REPORT_WORKING_DAYS)


def school_actions(case: Case | None) -> str:
    """What the school did, from steps done and dates of contact. Never the text of a note: that may hold what
    leerplicht has no business with."""
    if case is None:
        return ""
    done = Step.objects.filter(case=case, done_at__isnull=False, dropped=False)
    lines = [(timezone.localtime(step.done_at).date(), step.title) for step in done if step.done_at is not None]
    contacts = LogEntry.objects.filter(case=case, kind=LogEntry.Kind.CONTACT).values_list("day", flat=True)
    lines += [(day, "Contact met ouders of leerling") for day in set(contacts)]
    return "\n".join(f"{day:%d-%m-%Y}: {what}" for day, what in sorted(lines))


def reporter_fields(case: Case | None, enrolment: Enrolment, today: date) -> dict[str, str]:
    """Who reports: the COO who owns the case, else the only COO of the place of teaching, else nobody yet."""
    reporter: User | None = only_coo(enrolment.place, today)
    if case is not None and case.owner is not None and case.owner_role == Role.COO:
        reporter = case.owner
    if reporter is None:
        return {}
    return {
        "reporter_name": reporter.name,
        "reporter_role": Role.COO.label,
        "reporter_phone": reporter.phone,
        "reporter_email": reporter.email,
    }

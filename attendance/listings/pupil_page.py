"""What the page of a pupil shows of attendance: only dates that the reader may see."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch

from attendance.engine.compulsory_age import CompulsoryAge, Duty, EndEducation, age_on, compulsory_age
from attendance.engine.explain import days
from attendance.engine.facts import Day, Facts, Kind, Why
from attendance.facts import facts_of
from attendance.listings.clock import Clock, WeekRow, rows_of_weeks
from attendance.listings.day_marks import DayMark, ahead, mark_of
from attendance.listings.pupil_clock import clocks_of, hidden, reason_of
from attendance.listings.reasons import telling_for
from attendance.listings.school_year import Month, months_of, school_year_of
from attendance.models import Absence, Crossing, CrossingChange, Enrolment, Pupil
from thuiszitters.accounts.dutch_dates import period
from thuiszitters.accounts.models import User

RECENT = 10
EXPECTED_LATER = frozenset({Why.NOT_KNOWN, Why.PRESENT, Why.MISSED, Why.PARTLY})
"""Why a date to come says nothing yet."""
DUTIES = {
    Duty.NOT_YET: "nog niet leerplichtig",
    Duty.LEERPLICHTIG: "leerplichtig",
    Duty.KWALIFICATIEPLICHTIG: "kwalificatieplichtig",
    Duty.NONE: "niet meer leerplichtig",
}


@dataclass(frozen=True)
class PupilHead:
    """What stands on top of every page of this pupil. `enrolment` is the one of today, or the last that may be seen."""

    pupil: Pupil
    enrolment: Enrolment
    is_current: bool
    age: int
    duty: CompulsoryAge
    duty_text: str

    @property
    def taught_elsewhere(self) -> bool:
        return self.enrolment.place_id != self.enrolment.school_id


@dataclass(frozen=True)
class Record:
    """An absence record in the list, cut to the dates that may be seen (`first`, `last`)."""

    absence: Absence
    first: date
    last: date | None

    @property
    def is_open(self) -> bool:
        return self.last is None


@dataclass(frozen=True)
class Explained:
    """A signal with the dates it rests on."""

    crossing: Crossing
    weeks: tuple[WeekRow, ...]
    counted: int


@dataclass(frozen=True)
class PupilPage:
    """`recent`: the last records of this school year; `earlier`: all the others."""

    head: PupilHead
    clocks: list[Clock]
    sick_reports: int
    past_months: tuple[Month, ...]
    coming_months: tuple[Month, ...]
    recent: list[Record]
    earlier: list[Record]
    crossings: list[Explained]


def visible_enrolments(pupil: Pupil, user: User) -> list[Enrolment]:
    """The enrolments of this pupil whose dates `user` may see, oldest first."""
    rows = Enrolment.objects.visible_to(user).filter(pupil=pupil).select_related("school", "place", "group")
    return list(rows.order_by("first"))


def covers(enrolments: list[Enrolment], day: date) -> bool:
    """Whether a date lies inside one of these enrolments."""
    return any(row.first <= day and (row.last is None or day <= row.last) for row in enrolments)


def pupil_head(pupil: Pupil, enrolments: list[Enrolment], facts: Facts, today: date) -> PupilHead:
    """The fixed head. `enrolments` are those that may be seen, at least one."""
    current = [row for row in enrolments if covers([row], today)]
    shown = current[-1] if current else enrolments[-1]
    calendar = next(row.school.calendar for row in facts.enrolments if row.school.key == shown.place_id)
    duty = compulsory_age(
        pupil.birth_date,
        calendar,
        today,
        startkwalificatie_on=pupil.startkwalificatie_on,
        school_years=pupil.years_before,
        enrolled_from=min(row.first for row in facts.enrolments),
        end_education=EndEducation(pupil.end_education) if pupil.end_education else None,
    )
    return PupilHead(pupil, shown, bool(current), age_on(pupil.birth_date, today), duty, DUTIES[duty.duty])


def pupil_page(pupil: Pupil, user: User, today: date) -> PupilPage:
    """The page for this reader. The pupil must be visible to them."""
    enrolments = visible_enrolments(pupil, user)
    facts = facts_of([pupil.pk])[pupil.pk]
    head = pupil_head(pupil, enrolments, facts, today)
    as_of = today if head.is_current else min(today, head.enrolment.last or today)
    absences = list(
        Absence.objects.visible_to(user)
        .filter(pupil=pupil)
        .standing()
        .select_related("reason", "entered_by")
        .order_by("-first", "lesson")
    )
    if told := telling_for(user, pupil.code):
        for row in absences:
            row.reason = told(row.reason)
    records = [cut(row, enrolments) for row in absences]
    reasons = {row.pk: row.reason.label.lower() for row in absences}
    lines = {row.absence.pk: line_of_record(row, today) for row in records}
    clocks, evaluation = clocks_of(
        facts, as_of, today, sees=lambda day: covers(enrolments, day), reasons=reasons, records=lines
    )
    past, coming = year_of(facts, enrolments, reasons, today)
    year_start = school_year_of(today)[0]
    recent = [row for row in records if row.last is None or row.last >= year_start][:RECENT]
    crossings = (
        Crossing.objects.filter(pupil=pupil, crossed_on__lte=as_of)
        .prefetch_related(Prefetch("changes", CrossingChange.objects.order_by("at", "pk")))
        .order_by("-crossed_on", "rule")
    )
    return PupilPage(
        head=head,
        clocks=clocks,
        sick_reports=evaluation.sick_reports,
        past_months=past,
        coming_months=coming,
        recent=recent,
        earlier=[row for row in records if row not in recent],
        crossings=[explained(row, enrolments, today) for row in crossings if covers(enrolments, row.crossed_on)],
    )


def cut(row: Absence, enrolments: list[Enrolment]) -> Record:
    """A record without the dates at a school that the reader does not see."""
    seen = [
        other
        for other in enrolments
        if (other.last is None or other.last >= row.first) and (row.last is None or other.first <= row.last)
    ]
    last = max((other.last or date.max for other in seen), default=date.max)
    shown_last = row.last if row.last is not None and row.last <= last else last
    return Record(
        row,
        max(row.first, min((other.first for other in seen), default=row.first)),
        None if shown_last == date.max else shown_last,
    )


def line_of_record(record: Record, today: date) -> str:
    """A record in one line, with who entered it."""
    row = record.absence
    part = f", {row.minutes} minuten" if row.minutes else ""
    who = f"ingevoerd door {row.entered_by}" if row.entered_by_id else "ingelezen"
    return f"{row.reason.label}, {period(record.first, record.last, today)}{part}; {who}"


def year_of(
    facts: Facts, enrolments: list[Enrolment], reasons: dict[int, str], today: date
) -> tuple[tuple[Month, ...], tuple[Month, ...]]:
    """The months of this school year up to and including the present one, and the months to come."""
    first, last = school_year_of(today)
    marks = [year_mark(day, enrolments, reasons, today) for day in days(facts, first, last)]
    next_month = (today.replace(day=1) + timedelta(days=31)).replace(day=1)
    return (
        months_of([mark for mark in marks if mark.day < next_month]),
        months_of([mark for mark in marks if mark.day >= next_month]),
    )


def year_mark(day: Day, enrolments: list[Enrolment], reasons: dict[int, str], today: date) -> DayMark:
    if not covers(enrolments, day.day):
        return hidden(day.day, today)
    if day.day > today and day.why in EXPECTED_LATER:
        return ahead(day.day)
    return mark_of(day, today, reason_of(day.refs, reasons))


def explained(crossing: Crossing, enrolments: list[Enrolment], today: date) -> Explained:
    """A stored signal with its stored dates, as they were when it was found."""
    marks = []
    for text, kind, why, is_counted, note in crossing.evidence:
        day = date.fromisoformat(text)
        if covers(enrolments, day):
            marks.append(mark_of(Day(day, Kind(kind), Why(why), bool(is_counted), note=note), today))
        else:
            marks.append(hidden(day, today))
    return Explained(crossing, rows_of_weeks(marks), sum(1 for mark in marks if mark.counted))

"""The register of a class for a day, as the page shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from attendance.engine.calendar import SchoolCalendar
from attendance.engine.day_parts import day_parts
from attendance.engine.explain import days
from attendance.engine.facts import Absence as EngineAbsence
from attendance.engine.facts import Day, Facts, Why
from attendance.facts import enrolments_of, exemptions_of, schools_of, timetables_of
from attendance.listings.day_marks import DayMark, mark_of
from attendance.models import Absence, Group, Pupil, RegisterTaken
from attendance.services.lesson_settling import has_lessons
from attendance.services.registers import Line, line_of
from attendance.services.touched import in_group
from thuiszitters.accounts.dutch_dates import period, short_date
from thuiszitters.accounts.models import Sector

DAYS_BACK = 5
ONE_DAY = timedelta(days=1)
WEEK = 5


@dataclass(frozen=True)
class RecentDay:
    """One of the school days before: the mark, and the symbol that the register shows (Z: ill all day)."""

    mark: DayMark
    symbol: str


@dataclass(frozen=True)
class RegisterLine:
    """A pupil in the register. `note`: what one should know; `parts`: minutes of the morning and the afternoon, None
    where this day has no such parts for this pupil."""

    line: Line
    note: str
    last_days: tuple[RecentDay, ...]
    parts: tuple[int, int] | None

    @property
    def state(self) -> str:
        """What the records say now (Line.state)."""
        return self.line.state

    @property
    def has_open_record(self) -> bool:
        return self.line.absence is not None and self.line.absence.last is None


@dataclass(frozen=True)
class RegisterPage:
    """A class on a day. `closed_because`: no school that day, and its name. `taken`: who filled it in, and when."""

    group: Group
    day: date
    lines: tuple[RegisterLine, ...]
    closed_because: str
    taken: RegisterTaken | None
    previous: date
    following: date | None

    @property
    def has_lessons(self) -> bool:
        """Whether this class is usually filled in per lesson."""
        return has_lessons(self.group.school)


def register_page(group: Group, day: date, today: date) -> RegisterPage:
    """Everything the page of this register shows. The number of queries does not follow the number of pupils."""
    pupils = list(in_group(group, day).in_name_order())
    facts = facts_without_absence([pupil.pk for pupil in pupils])
    calendar = calendar_of(group, facts.values())
    following = calendar.school_day_on_or_after(day + ONE_DAY)
    return RegisterPage(
        group=group,
        day=day,
        lines=tuple(register_lines(group, day, pupils, facts, today)),
        closed_because="" if calendar.is_school_day(day) else calendar.name_of(day) or "weekend",
        taken=RegisterTaken.objects.filter(group=group, day=day).select_related("taken_by").first(),
        previous=calendar.school_day_on_or_before(day - ONE_DAY),
        following=following if following <= today else None,
    )


def facts_without_absence(pupil_ids: list[int]) -> dict[int, Facts]:
    """What the rules are told of each pupil, but for the records of absence: those are read with more about them."""
    enrolments, timetables, exemptions = enrolments_of(pupil_ids), timetables_of(pupil_ids), exemptions_of(pupil_ids)
    return {
        pk: Facts(
            enrolments=tuple(enrolments.get(pk, ())),
            timetables=tuple(timetables.get(pk, ())),
            exemptions=tuple(exemptions.get(pk, ())),
        )
        for pk in pupil_ids
    }


def calendar_of(group: Group, known: Iterable[Facts]) -> SchoolCalendar:
    """The calendar of the place where this class is taught; asked for only if nobody's facts have it."""
    for facts in known:
        for row in facts.enrolments:
            if row.school.key == group.school_id:
                return row.school.calendar
    return schools_of([group.school_id])[group.school_id].calendar


def school_days_before(calendar: SchoolCalendar, day: date) -> list[date]:
    """The last five school days before `day`, oldest first."""
    found: list[date] = []
    while len(found) < DAYS_BACK:
        day = calendar.school_day_on_or_before(day - ONE_DAY)
        found.append(day)
    return found[::-1]


def register_lines(
    group: Group, day: date, pupils: Sequence[Pupil], known: Mapping[int, Facts], today: date
) -> list[RegisterLine]:
    """The class on `day`, with the last school days of each pupil."""
    before = school_days_before(calendar_of(group, known.values()), day)
    records = records_since(list(known), before[0], day)
    found = []
    for pupil in pupils:
        rows = records.get(pupil.pk, [])
        facts = replace(known[pupil.pk], absences=tuple(absence_in_facts(row) for row in rows))
        line = line_of(pupil, [row for row in rows if row.last is None or day <= row.last])
        has_own_timetable = any(holds(row.first, row.last, day) for row in facts.timetables)
        found.append(
            RegisterLine(
                line,
                note_of(line, facts, day, today),
                recent_days(facts, {row.pk: row for row in rows}, before, today),
                None if has_own_timetable else parts_of(group, day),
            )
        )
    return found


def records_since(pupil_ids: list[int], since: date, day: date) -> dict[int, list[Absence]]:
    """The standing records with a date from `since` up to and including `day`, by pupil."""
    rows = Absence.objects.standing().filter(pupil__in=pupil_ids, first__lte=day).exclude(last__lt=since)
    found: dict[int, list[Absence]] = defaultdict(list)
    for row in rows.select_related("reason__maps_to").order_by("pupil", "first", "lesson"):
        found[row.pupil_id].append(row)
    return found


def absence_in_facts(row: Absence) -> EngineAbsence:
    """A record as the rules are told of it."""
    reason = row.reason.maps_to or row.reason
    return EngineAbsence(row.first, row.last, row.minutes, reason.counts, reason.authorised, reason.sick, row.pk)


def recent_days(facts: Facts, records: Mapping[int, Absence], before: list[date], today: date) -> tuple[RecentDay, ...]:
    """What is known of the days `before`, by the rules that count them."""
    wanted = set(before)
    return tuple(recent_day(row, records, today) for row in days(facts, before[0], before[-1]) if row.day in wanted)


def recent_day(explained: Day, records: Mapping[int, Absence], today: date) -> RecentDay:
    """A day of one pupil, with the reason that was given."""
    rows = [records[pk] for pk in explained.refs]
    mark = mark_of(explained, today, ", ".join(dict.fromkeys(row.reason.label.lower() for row in rows)))
    ill = explained.why is Why.MISSED and explained.sick == explained.expected
    return RecentDay(mark, "Z" if ill else mark.symbol)


def parts_of(group: Group, day: date) -> tuple[int, int] | None:
    """Minutes of the morning and the afternoon of this day, where a school counts in those. In VO a part of a day is
    told in lessons."""
    school = group.school
    if school.sector == Sector.VO or day.weekday() >= WEEK:
        return None
    return day_parts(school.week[day.weekday()], school.morning_minutes)


def note_of(line: Line, facts: Facts, day: date, today: date) -> str:
    """What one should know of a pupil before marking: an absence that runs on or was known before the day came, lessons
    that were missed, an own timetable, an exemption."""
    texts = []
    row = line.absence
    if row is not None and row.first != row.last:
        texts.append(f"{row.reason.label.lower()} {period(row.first, row.last, today)}")
    elif row is not None and row.created_at < timezone.make_aware(datetime.combine(day, time.min)):
        texts.append(f"{row.reason.label.lower()}, vooraf gemeld")
    if line.lessons:
        texts.append(f"{line.lessons} {'les' if line.lessons == 1 else 'lessen'} gemist, al bekend")
    for timetable in facts.timetables:
        if holds(timetable.first, timetable.last, day):
            minutes = timetable.week[day.weekday()] if day.weekday() < WEEK else 0
            texts.append(f"eigen rooster: {minutes} minuten" if minutes else "geen les in het eigen rooster")
    for exemption in facts.exemptions:
        if holds(exemption.first, exemption.last, day):
            until = "" if exemption.last is None else f" t/m {short_date(exemption.last, today)}"
            texts.append(f"vrijgesteld{until}")
    return "; ".join(texts)


def holds(first: date, last: date | None, day: date) -> bool:
    """Whether a period covers `day`."""
    return first <= day and (last is None or day <= last)

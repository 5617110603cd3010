"""The register of a class for a day, as the page shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from attendance.engine.calendar import SchoolCalendar
from attendance.facts import exemptions_of, schools_of, timetables_of
from attendance.listings.day_marks import DayMark
from attendance.listings.reasons import LATE
from attendance.models import Absence, Group, RegisterTaken
from attendance.services.registers import Line, Mark, register_of
from thuiszitters.accounts.dutch_dates import period, short_date

DAYS_BACK = 5
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class RegisterLine:
    """A pupil in the register. `state` is what the records say now, in a word; `note` what one should know."""

    line: Line
    state: str
    note: str
    last_days: tuple[DayMark, ...]
    has_open_record: bool


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


def calendar_of(group: Group) -> SchoolCalendar:
    """The calendar of the place where this class is taught."""
    return schools_of([group.school_id])[group.school_id].calendar


def state_of(mark: Mark | None) -> str:
    """A mark in one word, to see whether somebody changed it: "present", "absent:ziek", "late:15", "home:120:ziek"."""
    if mark is None:
        return "present"
    if mark.minutes is None:
        return f"absent:{mark.reason.code}"
    if mark.reason.code == LATE:
        return f"late:{mark.minutes}"
    return f"home:{mark.minutes}:{mark.reason.code}"


def register_page(group: Group, day: date, today: date) -> RegisterPage:
    """Everything the page of this register shows. The number of queries does not follow the number of pupils."""
    calendar = calendar_of(group)
    lines = register_of(group, day)
    pupil_ids = [line.pupil.pk for line in lines]
    days = school_days_before(calendar, day)
    last_days = recent_marks(group, pupil_ids, days)
    notes = notes_of(lines, day, today)
    following = calendar.school_day_on_or_after(day + ONE_DAY)
    return RegisterPage(
        group=group,
        day=day,
        lines=tuple(
            RegisterLine(
                line,
                state_of(line.mark),
                notes.get(line.pupil.pk, ""),
                last_days[line.pupil.pk],
                line.absence is not None and line.absence.last is None,
            )
            for line in lines
        ),
        closed_because="" if calendar.is_school_day(day) else calendar.name_of(day) or "weekend",
        taken=RegisterTaken.objects.filter(group=group, day=day).select_related("taken_by").first(),
        previous=calendar.school_day_on_or_before(day - ONE_DAY),
        following=following if following <= today else None,
    )


def school_days_before(calendar: SchoolCalendar, day: date) -> list[date]:
    """The last five school days before `day`, oldest first."""
    days: list[date] = []
    while len(days) < DAYS_BACK:
        day = calendar.school_day_on_or_before(day - ONE_DAY)
        days.append(day)
    return days[::-1]


def recent_marks(group: Group, pupil_ids: Collection[int], days: list[date]) -> dict[int, tuple[DayMark, ...]]:
    """What is known of each pupil on these days."""
    taken = set(RegisterTaken.objects.filter(group=group, day__in=days).values_list("day", flat=True))
    through = group.school.complete_through
    known = {day for day in days if day in taken or (through is not None and day <= through)}
    rows = (
        Absence.objects.standing()
        .filter(pupil__in=pupil_ids, first__lte=days[-1])
        .exclude(last__lt=days[0])
        .select_related("reason")
        .order_by("pupil", "first", "lesson")
    )
    records: dict[int, list[Absence]] = defaultdict(list)
    for row in rows:
        records[row.pupil_id].append(row)
    return {pk: tuple(recent_mark(records.get(pk, ()), day, is_known=day in known) for day in days) for pk in pupil_ids}


def recent_mark(records: Iterable[Absence], day: date, *, is_known: bool) -> DayMark:
    """A day of one pupil, by the records alone."""
    covering = [row for row in records if row.first <= day and (row.last is None or day <= row.last)]
    absent = [row for row in covering if row.reason.counts]
    if whole := next((row for row in absent if row.minutes is None), None):
        return DayMark(day, "missed", whole.reason.label.lower())
    if absent:
        minutes = sum(row.minutes or 0 for row in absent)
        return DayMark(day, "part", f"{minutes} minuten, {absent[0].reason.label.lower()}")
    if covering:
        return DayMark(day, "none", covering[0].reason.label.lower())
    return DayMark(day, "present", "aanwezig") if is_known else DayMark(day, "unknown", "nog niet ingevuld")


def notes_of(lines: list[Line], day: date, today: date) -> dict[int, str]:
    """What one should know of a pupil before marking: an absence that runs on, no lessons that day, an exemption."""
    pupil_ids = [line.pupil.pk for line in lines]
    timetables = timetables_of(pupil_ids)
    exemptions = exemptions_of(pupil_ids)
    notes: dict[int, list[str]] = defaultdict(list)
    for line in lines:
        row = line.absence
        if row is not None and row.first != row.last:
            notes[line.pupil.pk].append(f"{row.reason.label.lower()} {period(row.first, row.last, today)}")
        if line.lessons:
            notes[line.pupil.pk].append(f"{line.lessons} {'les' if line.lessons == 1 else 'lessen'} gemist, al bekend")
    for pk, own in timetables.items():
        for timetable in own:
            if timetable.first <= day and (timetable.last is None or day <= timetable.last):
                minutes = timetable.week[day.weekday()] if day.weekday() < DAYS_BACK else 0
                notes[pk].append(f"eigen rooster: {minutes} minuten" if minutes else "geen les in het eigen rooster")
    for pk, found in exemptions.items():
        for exemption in found:
            if exemption.first <= day and (exemption.last is None or day <= exemption.last):
                until = "" if exemption.last is None else f" t/m {short_date(exemption.last, today)}"
                notes[pk].append(f"vrijgesteld{until}")
    return {pk: "; ".join(texts) for pk, texts in notes.items()}

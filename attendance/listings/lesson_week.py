"""A class over a week, lesson by lesson: what was missed, what nobody filled in, and reasons that are not known yet."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, timedelta

from attendance.engine.lesson_day import Seen
from attendance.facts import calendar_of
from attendance.listings.day_marks import DayMark
from attendance.listings.lesson_conflicts import Conflict, conflicts_of
from attendance.listings.lesson_page import LessonTab, common_code, speaks_by_silence, tabs_of, whole_day
from attendance.models import Absence, Group, Pupil, Reason
from attendance.services.lesson_settling import DayState, PupilLessons, states_of
from attendance.services.lessons import UNKNOWN, pupils_in_doubt
from attendance.services.touched import in_group
from thuiszitters.accounts.dutch_dates import period, short_date

SCHOOL_WEEK = 5
ONE_DAY, WEEK = timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True)
class UnknownReason:
    """An absence without a reason: a record of others, or the lessons of a day."""

    text: str
    day: date | None = None
    record: Absence | None = None


@dataclass(frozen=True)
class PupilWeek:
    """A pupil in the week. `days` has the cells of each day of the page; `missed` counts lessons, by reason in
    `reasons`; `late` is in minutes."""

    pupil: Pupil
    days: tuple[tuple[DayMark, ...], ...]
    missed: int
    reasons: tuple[tuple[str, int], ...]
    late: int
    late_times: int
    unknown: tuple[UnknownReason, ...]
    conflicts: tuple[Conflict, ...]
    doubts: tuple[str, ...]

    @property
    def asks_attention(self) -> bool:
        return bool(self.missed or self.late or self.unknown or self.conflicts or self.doubts)


@dataclass(frozen=True)
class WeekDay:
    """A school day of the week. `open_lessons` were neither taken nor cancelled while nothing else tells who was there;
    `unheard`: pupils of whom all lessons together say nothing."""

    day: date
    lessons: tuple[LessonTab, ...]
    open_lessons: tuple[int, ...]
    unheard: tuple[Pupil, ...]
    can_close: bool
    is_cancelled: bool


@dataclass(frozen=True)
class LessonWeek:
    """`named` are the pupils with something to look at, `others` how many there are beside them."""

    group: Group
    monday: date
    days: tuple[WeekDay, ...]
    named: tuple[PupilWeek, ...]
    others: int
    previous: date
    following: date | None

    @property
    def friday(self) -> date:
        return self.monday + (SCHOOL_WEEK - 1) * ONE_DAY

    @property
    def not_taken(self) -> list[WeekDay]:
        return [day for day in self.days if (day.open_lessons or day.unheard) and not day.is_cancelled]

    @property
    def unknown(self) -> int:
        return sum(len(row.unknown) for row in self.named)


def lesson_week(group: Group, monday: date, today: date) -> LessonWeek:
    """The week of a class, up to today. The number of queries does not follow the number of pupils."""
    calendar = calendar_of(group.school)
    week = [monday + n * ONE_DAY for n in range(SCHOOL_WEEK)]
    days = [day for day in week if calendar.is_school_day(day) and day <= today]
    present = {day: list(in_group(group, day).in_name_order()) for day in days}
    states = states_of(group, days, {day: [row.pk for row in rows] for day, rows in present.items()}) if days else {}
    pupils = {pupil.pk: pupil for rows in present.values() for pupil in rows}
    in_order = sorted(pupils.values(), key=lambda row: (row.surname_key, row.first_name, row.pk))
    rows = [_pupil_week(pupil, days, states, today) for pupil in in_order]
    following = monday + WEEK
    return LessonWeek(
        group=group,
        monday=monday,
        days=tuple(_week_day(states[day], pupils) for day in days),
        named=tuple(row for row in rows if row.asks_attention),
        others=sum(not row.asks_attention for row in rows),
        previous=monday - WEEK,
        following=following if following <= today else None,
    )


def _week_day(state: DayState, pupils: dict[int, Pupil]) -> WeekDay:
    lessons = state.lessons
    unheard = () if state.register or not lessons.is_complete else tuple(pupils[pk] for pk in state.unheard)
    return WeekDay(
        day=state.day,
        lessons=tabs_of(state),
        open_lessons=() if state.register else lessons.open_lessons,
        unheard=unheard,
        can_close=not state.register and bool(lessons.taken),
        is_cancelled=not lessons.taken and not lessons.open_lessons,
    )


def _pupil_week(pupil: Pupil, days: list[date], states: dict[date, DayState], today: date) -> PupilWeek:
    cells: list[tuple[DayMark, ...]] = []
    missed: Counter[str] = Counter()
    late = late_times = 0
    unknown: list[UnknownReason] = []
    conflicts: list[Conflict] = []
    doubts: list[str] = []
    for day in days:
        state = states[day]
        row = state.pupils.get(pupil.pk)
        if row is None:
            cells.append(tuple(DayMark(day, "none", "niet in deze klas") for _ in state.lessons.lengths))
            continue
        found = [_cell(state, row, number) for number in range(1, len(state.lessons.lengths) + 1)]
        cells.append(tuple(cell.mark for cell in found))
        missed.update(cell.missed for cell in found if cell.missed)
        late += sum(cell.late for cell in found) + _late_of_day(row)
        late_times += sum(bool(cell.late) for cell in found) + bool(_late_of_day(row))
        unknown += _unknown(day, row, today)
        conflicts += conflicts_of(state, row, today)
        if not state.register and state.lessons.taken and pupil.pk in pupils_in_doubt(state):
            doubts.append(short_date(day, today))
    return PupilWeek(
        pupil=pupil,
        days=tuple(cells),
        missed=sum(missed.values()),
        reasons=tuple(missed.most_common()),
        late=late,
        late_times=late_times,
        unknown=_once(unknown),
        conflicts=tuple(conflicts),
        doubts=tuple(doubts),
    )


@dataclass(frozen=True)
class _Cell:
    """A lesson of a pupil. `missed` is the reason, "" when they did not miss it; `late` in minutes."""

    mark: DayMark
    missed: str = ""
    late: int = 0


def _cell(state: DayState, row: PupilLessons, number: int) -> _Cell:
    if number in state.lessons.cancelled:
        return _Cell(DayMark(state.day, "none", f"les {number}: valt uit"))
    return _by_records(state, row, number) or _by_marks(state, row, number) or _by_silence(state, row, number)


def _by_records(state: DayState, row: PupilLessons, number: int) -> _Cell | None:
    """What the records say of a lesson: those of others first."""
    name, length = f"les {number}", state.lessons.lengths[number - 1]
    whole = whole_day(row) or row.ours.get(0)
    if whole is not None:
        return _of_reason(state.day, name, whole.reason)
    record = next((absence for absence in [*row.theirs, *row.ours.values()] if absence.lesson == number), None)
    if record is None:
        return None
    minutes = record.minutes or 0
    if record.reason.minutes_required:
        return _Cell(DayMark(state.day, "part", f"{name}: {minutes} minuten te laat"), late=minutes)
    if minutes < length:
        return _Cell(DayMark(state.day, "part", f"{name}: {minutes} minuten, {record.reason.label.lower()}"))
    return _of_reason(state.day, name, record.reason)


def _by_marks(state: DayState, row: PupilLessons, number: int) -> _Cell | None:
    """What a teacher noted of a lesson that was taken."""
    name = f"les {number}"
    mark = row.seen.marks.get(number) if number in state.lessons.taken else None
    if mark is None:
        return None
    if mark.seen is Seen.ABSENT and isinstance(mark.reason, Reason):
        return _of_reason(state.day, name, mark.reason)
    if mark.seen is Seen.LATE:
        return _Cell(DayMark(state.day, "part", f"{name}: {mark.minutes} minuten te laat"), late=mark.minutes)
    return _Cell(DayMark(state.day, "present", f"{name}: aanwezig"))


def _by_silence(state: DayState, row: PupilLessons, number: int) -> _Cell:
    """What it means that nobody said anything."""
    is_taken = number in state.lessons.taken
    if not row.seen.expected:
        kind, words = "none", "niet verwacht"
    elif is_taken and not speaks_by_silence(row):
        kind, words = "none", "niets aangegeven"
    elif is_taken or state.register:
        kind, words = "present", "aanwezig"
    else:
        kind, words = "unknown", "nog niet ingevuld"
    return _Cell(DayMark(state.day, kind, f"les {number}: {words}"))


def _of_reason(day: date, name: str, reason: Reason) -> _Cell:
    label = reason.label.lower()
    if not (reason.maps_to or reason).counts:
        return _Cell(DayMark(day, "none", f"{name}: {label}"))
    return _Cell(DayMark(day, "missed", f"{name}: {label}"), missed=label)


def _late_of_day(row: PupilLessons) -> int:
    """Minutes late that were recorded of the day, not of a lesson."""
    return sum(absence.minutes or 0 for absence in row.theirs if not absence.lesson and absence.reason.minutes_required)


def _unknown(day: date, row: PupilLessons, today: date) -> list[UnknownReason]:
    """The absences of a day for which nobody knows why."""
    found = [
        UnknownReason(_record_text(absence, today), record=absence)
        for absence in row.theirs
        if common_code(absence.reason) == UNKNOWN
    ]
    if whole_day(row) is not None:
        return found
    claimed = {absence.lesson for absence in row.theirs}
    lessons = [
        number
        for number, mark in sorted(row.seen.marks.items())
        if mark.seen is Seen.ABSENT and common_code(mark.reason) == UNKNOWN and number not in claimed
    ]
    if lessons:
        numbers = ", ".join(map(str, lessons))
        found.append(UnknownReason(f"{short_date(day, today)}, les {numbers}", day=day))
    return found


def _record_text(absence: Absence, today: date) -> str:
    text = period(absence.first, absence.last, today)
    if absence.lesson:
        return f"{text}, les {absence.lesson}"
    return f"{text}, {absence.minutes} minuten" if absence.minutes else text


def _once(found: list[UnknownReason]) -> tuple[UnknownReason, ...]:
    """A record of more days is one question."""
    seen: set[int] = set()
    rows = []
    for row in found:
        if row.record is not None:
            if row.record.pk in seen:
                continue
            seen.add(row.record.pk)
        rows.append(row)
    return tuple(rows)

"""The register of a class for one lesson, as the page shows it.

Who teaches the class sees names and the marks of that day, and no reasons: `with_reasons` is for who may open the
register of the whole day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from attendance.engine.lesson_day import Mark, Seen
from attendance.facts import calendar_of
from attendance.listings.day_marks import DayMark
from attendance.listings.reasons import LATE
from attendance.listings.register_page import (
    RecentDay,
    absence_in_facts,
    facts_without_absence,
    recent_days,
    records_since,
    school_days_before,
)
from attendance.models import Absence, Group, LessonTaken, Pupil, Reason
from attendance.services.lesson_settling import DayState, PupilLessons, state_of_day
from attendance.services.touched import in_group
from thuiszitters.accounts.dutch_dates import period

ONE_DAY = timedelta(days=1)
NOTHING = "none"
"""The word for a pupil of whom nothing is noted, and whose silence says nothing."""
KINDS = {Seen.PRESENT: "present", Seen.ABSENT: "missed", Seen.LATE: "part"}


@dataclass(frozen=True)
class LessonTab:
    """A lesson of the day. `status`: "open", "taken" or "cancelled"."""

    number: int
    status: str
    row: LessonTaken | None
    is_current: bool


@dataclass(frozen=True)
class LessonLine:
    """A pupil in the lesson. `stored` is the mark there is; `shown` how the page opens (None: nothing noted), `state`
    the same in a word.

    `is_prefilled`: absent by a record, not by a mark. `is_suggested`: absent in the lesson before, which is told and
    not filled in. `silence`: whether no mark means "was there".
    """

    pupil: Pupil
    stored: Mark | None
    shown: Mark | None
    state: str
    note: str
    earlier: tuple[DayMark, ...]
    last_days: tuple[RecentDay, ...]
    is_prefilled: bool
    is_suggested: bool
    silence: bool


@dataclass(frozen=True)
class LessonPage:
    """A class in a lesson. `closed_because`: no school that day, and its name. `before`: the lesson before this one
    that was taken, 0 when there is none. `length` in minutes."""

    group: Group
    day: date
    lesson: int
    tabs: tuple[LessonTab, ...]
    lines: tuple[LessonLine, ...]
    closed_because: str
    previous: date
    following: date | None
    before: int
    with_reasons: bool
    is_complete: bool
    has_open: bool
    length: int

    @property
    def tab(self) -> LessonTab:
        return self.tabs[self.lesson - 1]

    @property
    def longest_late(self) -> int:
        """The most minutes that somebody can be late."""
        return max(1, self.length - 1)

    @property
    def suggested(self) -> int:
        return sum(line.is_suggested for line in self.lines)


def lesson_page(group: Group, day: date, lesson: int, *, today: date, with_reasons: bool) -> LessonPage:
    """The page of a lesson that is there (lengths_on). The number of queries does not follow the number of pupils."""
    calendar = calendar_of(group.school)
    pupils = list(in_group(group, day).in_name_order())
    state = state_of_day(group, day, [pupil.pk for pupil in pupils])
    before = max((number for number in state.lessons.taken if number < lesson), default=0)
    recent = days_before(pupils, school_days_before(calendar, day), today) if with_reasons else {}
    following = calendar.school_day_on_or_after(day + ONE_DAY)
    return LessonPage(
        group=group,
        day=day,
        lesson=lesson,
        tabs=tabs_of(state, lesson),
        lines=tuple(
            _line(pupil, state, lesson, before, recent.get(pupil.pk, ()), with_reasons=with_reasons, today=today)
            for pupil in pupils
        ),
        closed_because="" if calendar.is_school_day(day) else calendar.name_of(day) or "weekend",
        previous=calendar.school_day_on_or_before(day - ONE_DAY),
        following=following if following <= today else None,
        before=before,
        with_reasons=with_reasons,
        is_complete=state.lessons.is_complete,
        has_open=bool(state.lessons.taken and (state.lessons.open_lessons or state.unheard)),
        length=state.lessons.lengths[lesson - 1],
    )


def without_reasons(page: LessonPage) -> LessonPage:
    """The same page for the screen of who teaches a lesson: its marks do not know why somebody was absent. Saving needs
    the page itself, so that a mark that stays keeps its reason."""
    lines = (
        replace(line, stored=_without_reason(line.stored), shown=_without_reason(line.shown)) for line in page.lines
    )
    return replace(page, lines=tuple(lines))


def _without_reason(mark: Mark | None) -> Mark | None:
    return None if mark is None else replace(mark, reason=None)


def days_before(pupils: list[Pupil], days: list[date], today: date) -> dict[int, tuple[RecentDay, ...]]:
    """What is known of each pupil on these school days."""
    known = facts_without_absence([pupil.pk for pupil in pupils])
    records = records_since(list(known), days[0], days[-1])
    found = {}
    for pk, facts in known.items():
        rows = records.get(pk, [])
        with_absence = replace(facts, absences=tuple(absence_in_facts(row) for row in rows))
        found[pk] = recent_days(with_absence, {row.pk: row for row in rows}, days, today)
    return found


def tabs_of(state: DayState, current: int = 0) -> tuple[LessonTab, ...]:
    """The lessons of the day, with what is known of each."""
    rows = {row.lesson: row for row in state.rows}
    return tuple(
        LessonTab(number, status_of(rows.get(number)), rows.get(number), number == current)
        for number in range(1, len(state.lessons.lengths) + 1)
    )


def status_of(row: LessonTaken | None) -> str:
    if row is None:
        return "open"
    return "cancelled" if row.cancelled else "taken"


def state_of(mark: Mark | None, *, with_reasons: bool) -> str:
    """A mark in one word, to see whether somebody changed it: "none", "present", "absent:ziek",
    "part:15:telaat". The script of the register reads them too."""
    if mark is None:
        return NOTHING
    if mark.seen is Seen.PRESENT:
        return "present"
    if mark.seen is Seen.LATE:
        return f"part:{mark.minutes}:{LATE}"
    return f"absent:{common_code(mark.reason)}" if with_reasons else "absent:"


def common_code(reason: object) -> str:
    """The code that people choose from, for a school's own code as well."""
    assert isinstance(reason, Reason)
    return reason.maps_to.code if reason.maps_to else reason.code


def shown_mark(row: PupilLessons, lesson: int, *, is_taken: bool) -> tuple[Mark | None, bool]:
    """How a pupil stands in a lesson, and whether that comes from a record instead of from a mark."""
    if mark := row.seen.marks.get(lesson):
        return mark, False
    whole = whole_day(row)
    if not is_taken and whole is not None:
        return Mark(Seen.ABSENT, whole.reason), True
    return (Mark(Seen.PRESENT) if speaks_by_silence(row) else None), False


def whole_day(row: PupilLessons) -> Absence | None:
    """The record of others that covers the whole day."""
    return next((absence for absence in row.theirs if absence.minutes is None), None)


def speaks_by_silence(row: PupilLessons) -> bool:
    """Whether a pupil without a mark was there."""
    return row.seen.silent_is_present and row.seen.expected > 0


def _line(
    pupil: Pupil,
    state: DayState,
    lesson: int,
    before: int,
    last_days: tuple[RecentDay, ...],
    *,
    with_reasons: bool,
    today: date,
) -> LessonLine:
    row = state.pupils[pupil.pk]
    is_taken = lesson in state.lessons.taken
    shown, is_prefilled = shown_mark(row, lesson, is_taken=is_taken)
    missed_before = row.seen.marks.get(before)
    return LessonLine(
        pupil=pupil,
        stored=row.seen.marks.get(lesson),
        shown=shown,
        state=state_of(shown, with_reasons=with_reasons),
        note=note_of(row, today, with_reasons=with_reasons),
        earlier=tuple(
            lesson_mark(state, row, number, with_reasons=with_reasons)
            for number in range(1, len(state.lessons.lengths) + 1)
            if number != lesson
        ),
        last_days=last_days,
        is_prefilled=is_prefilled,
        is_suggested=bool(
            not is_taken
            and missed_before
            and missed_before.seen is Seen.ABSENT
            and not (shown and shown.seen is Seen.ABSENT)
        ),
        silence=speaks_by_silence(row),
    )


def note_of(row: PupilLessons, today: date, *, with_reasons: bool) -> str:
    """What one should know before marking."""
    notes = []
    whole = whole_day(row)
    if whole is not None:
        said = f"{whole.reason.label.lower()} {period(whole.first, whole.last, today)}"
        notes.append(said if with_reasons else "afwezig gemeld")
    if not row.seen.expected:
        notes.append("vandaag geen les verwacht")
    elif not row.seen.silent_is_present:
        notes.append(
            f"eigen rooster: {row.seen.expected} minuten"
            if with_reasons
            else "eigen rooster: geef aan of de leerling er is"
        )
    return "; ".join(notes)


def lesson_mark(state: DayState, row: PupilLessons, number: int, *, with_reasons: bool) -> DayMark:
    """The cell of another lesson of that day."""
    name = f"les {number}"
    if number in state.lessons.cancelled:
        return DayMark(state.day, "none", f"{name}: valt uit")
    if number not in state.lessons.taken:
        return DayMark(state.day, "unknown", f"{name}: nog niet ingevuld")
    mark = row.seen.marks.get(number) or (Mark(Seen.PRESENT) if speaks_by_silence(row) else None)
    if mark is None:
        return DayMark(state.day, "none", f"{name}: niets aangegeven")
    words = {
        Seen.PRESENT: "aanwezig",
        Seen.ABSENT: "afwezig",
        Seen.LATE: f"{mark.minutes} minuten te laat",
    }[mark.seen]
    if with_reasons and mark.seen is Seen.ABSENT and isinstance(mark.reason, Reason):
        words += f", {mark.reason.label.lower()}"
    return DayMark(state.day, KINDS[mark.seen], f"{name}: {words}")

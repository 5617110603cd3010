"""Making absence records of what teachers saw in lessons.

Called by whoever changed a lesson or a mark, in that same transaction. Reads everything anew under the lock of the
pupils, so that it does not matter who saved first, and doing it again changes nothing.

What others recorded is never rewritten: imports, reports of being ill, corrections by hand. They win, and the pages
show where the lessons say something else (listings/lesson_conflicts.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import cast

from django.db.models import Q

from attendance.engine.facts import Exemption, OwnTimetable
from attendance.engine.lesson_day import (
    LessonDay,
    Mark,
    Other,
    PupilDay,
    Record,
    Seen,
    is_unheard,
    lesson_lengths,
    settle,
)
from attendance.facts import exemptions_of, timetables_of
from attendance.models import Absence, Group, LessonMark, LessonTaken, Pupil, Reason, RegisterTaken, SettledAbsence
from attendance.services.absences import Content, add_record, content_of, rewrite, take_back
from thuiszitters.accounts.models import School, Sector, User

WEEKDAYS = 5


def has_lessons(school: School) -> bool:
    """Whether the register of this school is taken per lesson."""
    return school.sector == Sector.VO and bool(school.lesson_minutes)


def lengths_on(school: School, day: date) -> tuple[int, ...]:
    """The lessons of a weekday, in minutes each: none at a school without lessons, or in the weekend."""
    if not has_lessons(school) or day.weekday() >= WEEKDAYS:
        return ()
    return lesson_lengths(school.week[day.weekday()], school.lesson_minutes or 0)


@dataclass
class PupilLessons:
    """A pupil on a day: what the lessons say (`seen`), and the records there are, by who made them."""

    pupil_id: int
    seen: PupilDay
    theirs: list[Absence] = field(default_factory=list)
    ours: dict[int, Absence] = field(default_factory=dict)
    """By lesson; 0 is the whole day."""
    taken_back: set[Record] = field(default_factory=set)
    """What the lessons had written and somebody withdrew by hand: not to be written again."""


@dataclass
class DayState:
    """The lessons of a class on a day and its pupils, as they are stored now. `register`: the day is known as a whole,
    because its register was taken or all lessons were."""

    group: Group
    day: date
    lessons: LessonDay
    rows: list[LessonTaken]
    register: bool
    pupils: dict[int, PupilLessons]

    @property
    def unheard(self) -> list[int]:
        """Pupils of whom no lesson says anything, while somebody should."""
        return [pk for pk, row in self.pupils.items() if is_unheard(self.lessons, row.seen)]


def state_of_day(group: Group, day: date, pupil_ids: Collection[int]) -> DayState:
    """The day of a class, read in a fixed number of queries."""
    return states_of(group, [day], {day: pupil_ids})[day]


def states_of(group: Group, days: Collection[date], pupil_ids: Mapping[date, Collection[int]]) -> dict[date, DayState]:
    """The same for some days; `pupil_ids` are those in the class on each."""
    everybody = {pk for found in pupil_ids.values() for pk in found}
    rows = list(LessonTaken.objects.filter(group=group, day__in=days).select_related("taken_by").order_by("lesson"))
    registers = set(RegisterTaken.objects.filter(group=group, day__in=days).values_list("day", flat=True))
    through = group.school.complete_through
    marks = _marks(group, days, everybody)
    records = _records(everybody, days)
    timetables, exemptions = timetables_of(everybody), exemptions_of(everybody)
    states = {}
    for day in days:
        lengths = lengths_on(group.school, day)
        own = [row for row in rows if row.day == day and row.lesson <= len(lengths)]
        cancelled = frozenset(row.lesson for row in own if row.cancelled)
        taken = frozenset(row.lesson for row in own) - cancelled
        lessons = LessonDay(lengths, taken, cancelled)
        is_known = day in registers or (through is not None and day <= through)
        if is_known and lessons.open_lessons:
            lessons = LessonDay(lengths, taken, cancelled, known=True)
        pupils = {}
        for pk in pupil_ids[day]:
            found = records[pk]
            covering = [row for row in found if row.first <= day and (row.last is None or day <= row.last)]
            expected, silent = expected_of(group.school, day, timetables.get(pk, ()), exemptions.get(pk, ()))
            pupils[pk] = _pupil(pk, covering, marks.get((pk, day), {}), expected, silent_is_present=silent)
        states[day] = DayState(group, day, lessons, own, is_known, pupils)
    return states


def expected_of(
    school: School, day: date, timetables: Iterable[OwnTimetable], exemptions: Iterable[Exemption]
) -> tuple[int, bool]:
    """The minutes expected of a pupil on a school day, and whether silence in a lesson means that they were there.

    It does not for who has a shorter timetable of their own: nobody knows in which lessons they belong.
    """
    standard = school.week[day.weekday()] if day.weekday() < WEEKDAYS else 0
    if any(row.first <= day and (row.last is None or day <= row.last) for row in exemptions):
        return 0, True
    for row in timetables:
        if row.first <= day and (row.last is None or day <= row.last):
            own = row.week[day.weekday()] if day.weekday() < WEEKDAYS else 0
            return own, own >= standard
    return standard, True


def write_records(state: DayState, pupils: Mapping[int, Pupil], *, by: User, today: date) -> set[int]:
    """Have the records of these pupils say what the lessons of the day amount to; the ids of whom it changed.

    The pupils must be locked since before `state` was read.
    """
    return {pk for pk, pupil in pupils.items() if _write(state, state.pupils[pk], pupil, by, today)}


def _write(state: DayState, row: PupilLessons, pupil: Pupil, by: User, today: date) -> bool:
    """Write what is not written yet; whether anything changed."""
    wanted = [record for record in settle(state.lessons, row.seen) if record not in row.taken_back]
    numbers = {record.lesson for record in wanted}
    gone = [absence for lesson, absence in row.ours.items() if lesson not in numbers]
    for absence in gone:
        take_back(absence, by=by)
        SettledAbsence.objects.filter(absence=absence).delete()
    changed = bool(gone)
    for record in wanted:
        content = Content(state.day, state.day, cast("Reason", record.reason), record.minutes, record.lesson)
        known = row.ours.get(record.lesson)
        if known is not None and content_of(known) == content:
            continue
        if known is None:
            known = add_record(pupil, content, by=by, today=today)
        else:
            rewrite(known, content, by=by, today=today)
        SettledAbsence.objects.update_or_create(
            absence=known,
            defaults={"lesson": record.lesson, "minutes": record.minutes, "reason": content.reason},
        )
        changed = True
    return changed


def _marks(group: Group, days: Collection[date], pupil_ids: Collection[int]) -> dict[tuple[int, date], dict[int, Mark]]:
    found: dict[tuple[int, date], dict[int, Mark]] = defaultdict(dict)
    rows = (
        LessonMark.objects.standing()
        .filter(group=group, day__in=days, pupil__in=pupil_ids)
        .select_related("reason__maps_to")
    )
    for row in rows.order_by("pk"):
        found[row.pupil_id, row.day][row.lesson] = Mark(Seen(row.seen), row.reason, row.minutes)
    return found


def _records(pupil_ids: Collection[int], days: Collection[date]) -> dict[int, list[Absence]]:
    """Records that cover one of `days`, and those that the lessons wrote and somebody withdrew."""
    rows = (
        Absence.objects.filter(Q(withdrawn_at=None) | Q(settled__isnull=False), pupil__in=pupil_ids)
        .filter(Q(last=None) | Q(last__gte=min(days)), first__lte=max(days))
        .select_related("reason__maps_to", "settled__reason")
        .order_by("pupil", "first", "lesson", "pk")
    )
    found: dict[int, list[Absence]] = defaultdict(list)
    for row in rows:
        found[row.pupil_id].append(row)
    return found


def _pupil(
    pk: int, records: Iterable[Absence], marks: Mapping[int, Mark], expected: int, *, silent_is_present: bool
) -> PupilLessons:
    row = PupilLessons(pk, PupilDay(0))
    for absence in records:
        written = getattr(absence, "settled", None)
        if absence.withdrawn_at is not None and written is not None:
            row.taken_back.add(Record(written.lesson, written.minutes, written.reason))
        elif written is not None and is_as_written(absence, written):
            row.ours[absence.lesson] = absence
        else:
            row.theirs.append(absence)
    row.seen = PupilDay(
        expected=expected,
        marks=marks,
        silent_is_present=silent_is_present,
        others=tuple(
            Other(absence.lesson, absence.minutes, came=absence.reason.minutes_required)
            for absence in row.theirs
            if absence.minutes is not None
        ),
        is_covered=any(absence.minutes is None for absence in row.theirs),
    )
    return row


def is_as_written(absence: Absence, written: SettledAbsence) -> bool:
    """Whether a record still says what the lessons wrote: nobody changed it by hand, and no import did."""
    return (
        absence.first == absence.last
        and absence.source_id is None
        and (absence.lesson, absence.minutes, absence.reason_id) == (written.lesson, written.minutes, written.reason_id)
    )

"""Reading what teachers saw in lessons, beside the records there are.

Whoever changes a lesson, a mark or a record reads this anew under the lock of the pupils, and has the records say what
it amounts to (services/absences.py, write_lessons): so it does not matter who saved first, and doing it again changes
nothing.

What others recorded is never rewritten: imports, reports of being ill, corrections by hand. They win, and the pages
show where the lessons say something else (listings/lesson_conflicts.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

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
)
from attendance.facts import exemptions_of, timetables_of
from attendance.models import Absence, Group, LessonMark, LessonTaken, RegisterTaken, SettledAbsence
from thuiszitters.accounts.models import School, Sector

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


def states_with_marks(pupil_id: int, first: date, last: date | None) -> list[DayState]:
    """The days from `first` to `last` on which teachers noted something of a pupil, with that pupil alone."""
    rows = LessonMark.objects.standing().filter(pupil=pupil_id, day__gte=first)
    if last is not None:
        rows = rows.filter(day__lte=last)
    days: dict[int, set[date]] = defaultdict(set)
    for group_id, day in rows.order_by().values_list("group", "day").distinct():
        days[group_id].add(day)
    groups = Group.objects.select_related("school").in_bulk(days)
    return [
        state
        for group_id, found in days.items()
        for state in states_of(groups[group_id], sorted(found), dict.fromkeys(found, (pupil_id,))).values()
    ]


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
        is_covered=any(decides_the_day(absence) for absence in row.theirs),
    )
    return row


def decides_the_day(absence: Absence) -> bool:
    """Whether a record of others leaves nothing to add: it covers the day, or somebody put it by hand in the place of
    what the lessons wrote of the whole day."""
    written: SettledAbsence | None = getattr(absence, "settled", None)
    return absence.minutes is None or (written is not None and written.lesson == 0)


def is_as_written(absence: Absence, written: SettledAbsence) -> bool:
    """Whether a record still says what the lessons wrote: nobody changed it by hand, and no import did."""
    return (
        absence.first == absence.last
        and absence.source_id is None
        and (absence.lesson, absence.minutes, absence.reason_id) == (written.lesson, written.minutes, written.reason_id)
    )

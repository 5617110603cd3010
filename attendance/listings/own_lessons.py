"""The classes that somebody teaches, with the lessons of today that were not taken yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from attendance.engine.lesson_day import LessonDay
from attendance.facts import schools_of
from attendance.listings.lesson_page import LessonTab, status_of
from attendance.models import Group, LessonTaken, RegisterTaken
from attendance.services.lesson_settling import lengths_on

DAYS = 2
"""School days that the list shows: today's, and the one before for what was forgotten."""


@dataclass(frozen=True)
class LessonsOfDay:
    day: date
    tabs: tuple[LessonTab, ...]

    @property
    def open(self) -> int:
        """How many lessons nobody took."""
        return sum(tab.status == "open" for tab in self.tabs)


@dataclass(frozen=True)
class TaughtGroup:
    """`days`: today, when there is school, and the school day before as long as it is not known who was there."""

    group: Group
    days: tuple[LessonsOfDay, ...]


def taught_groups(groups: Iterable[Group], today: date) -> list[TaughtGroup]:
    """The classes with their lessons. The number of queries does not follow the number of classes."""
    rows = sorted(groups, key=lambda group: (group.school.name, group.name))
    schools = schools_of({group.school_id for group in rows})
    days: dict[int, list[date]] = {}
    for pk, school in schools.items():
        last = school.calendar.school_day_on_or_before(today)
        days[pk] = [last, school.calendar.school_day_on_or_before(last - timedelta(days=1))][:DAYS]
    since = min((found[-1] for found in days.values()), default=today)
    taken: dict[tuple[int, date], dict[int, LessonTaken]] = defaultdict(dict)
    for row in LessonTaken.objects.filter(group__in=rows, day__gte=since, day__lte=today).select_related("taken_by"):
        taken[row.group_id, row.day][row.lesson] = row
    known = set(RegisterTaken.objects.filter(group__in=rows, day__gte=since).values_list("group", "day"))
    found = []
    for group in rows:
        through = group.school.complete_through
        shown = [
            day
            for day in days[group.school_id]
            if day == today or ((group.pk, day) not in known and (through is None or day > through))
        ]
        lessons = [(day, LessonDay(lengths_on(group.school, day))) for day in shown]
        tabs = [LessonsOfDay(day, lesson_tabs(row, taken[group.pk, day])) for day, row in lessons]
        found.append(TaughtGroup(group, tuple(tabs)))
    return found


def lesson_tabs(day: LessonDay, rows: dict[int, LessonTaken]) -> tuple[LessonTab, ...]:
    """The lessons of a day in order."""
    return tuple(
        LessonTab(number, status_of(rows.get(number)), rows.get(number), is_current=False)
        for number in range(1, len(day.lengths) + 1)
    )

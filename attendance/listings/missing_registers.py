"""Which registers of which classes were not filled in."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.db.models.query import QuerySet

from attendance.engine.calendar import SchoolCalendar
from attendance.facts import schools_of
from attendance.models import Enrolment, Group, RegisterTaken
from attendance.services.lesson_settling import has_lessons

DAYS_BACK = 10
"""School days that the list looks back, today included."""


@dataclass(frozen=True)
class GroupToTake:
    """A class with the days that still have to be filled in, newest first. `today_open`: one of them is today;
    `earlier`: the others."""

    group: Group
    pupils: int
    missing: tuple[date, ...]
    today_open: bool
    is_school_day: bool

    @property
    def has_lessons(self) -> bool:
        """Whether this class is filled in per lesson."""
        return has_lessons(self.group.school)

    @property
    def page(self) -> str:
        """Where a day of this class is filled in."""
        return "attendance:lessons_of_day" if self.has_lessons else "attendance:register_take"

    @property
    def earlier(self) -> tuple[date, ...]:
        return self.missing[1:] if self.today_open else self.missing


def groups_to_take(groups: QuerySet[Group], today: date) -> list[GroupToTake]:
    """The classes of `groups` that have pupils today. The number of queries does not follow the number of classes."""
    here = Enrolment.objects.on(today).filter(group=OuterRef("pk")).order_by().values("group")
    count = Subquery(here.annotate(number=Count("pk")).values("number"))
    rows = list(groups.select_related("school").annotate(pupils=Coalesce(count, 0)).filter(pupils__gt=0))
    rows.sort(key=lambda group: (group.school.name, group.name))
    schools = schools_of({group.school_id for group in rows})
    days = {pk: last_school_days(school.calendar, today) for pk, school in schools.items()}
    since = min((found[-1] for found in days.values()), default=today)
    taken: dict[int, set[date]] = defaultdict(set)
    for group_id, day in RegisterTaken.objects.filter(group__in=rows, day__gte=since).values_list("group_id", "day"):
        taken[group_id].add(day)
    found = []
    for group in rows:
        through = group.school.complete_through
        missing = tuple(
            day for day in days[group.school_id] if day not in taken[group.pk] and (through is None or day > through)
        )
        school_day = bool(days[group.school_id]) and days[group.school_id][0] == today
        found.append(GroupToTake(group, group.pupils, missing, today in missing, school_day))
    return found


def last_school_days(calendar: SchoolCalendar, today: date) -> list[date]:
    """The last school days up to and including `today`, newest first."""
    days: list[date] = []
    day = today
    while len(days) < DAYS_BACK:
        day = calendar.school_day_on_or_before(day)
        days.append(day)
        day -= timedelta(days=1)
    return days

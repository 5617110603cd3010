"""Which registers of which classes were not filled in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.db.models.query import QuerySet

from attendance.engine.calendar import SchoolCalendar
from attendance.facts import schools_of
from attendance.models import Enrolment, Group, GroupMentor, PastGroup, RegisterTaken
from attendance.models.pupils import holds_on
from attendance.services.lesson_settling import has_lessons
from thuiszitters.accounts.models import School

ONE_DAY = timedelta(days=1)
MONTH = timedelta(days=30)

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
    spans = pupils_between(rows, since, today)
    taken: dict[int, set[date]] = defaultdict(set)
    for group_id, day in RegisterTaken.objects.filter(group__in=rows, day__gte=since).values_list("group_id", "day"):
        taken[group_id].add(day)
    found = []
    for group in rows:
        through = group.school.complete_through
        missing = tuple(
            day
            for day in days[group.school_id]
            if day not in taken[group.pk]
            and (through is None or day > through)
            and any(first <= day <= last for first, last in spans[group.pk])
        )
        school_day = bool(days[group.school_id]) and days[group.school_id][0] == today
        found.append(GroupToTake(group, group.pupils, missing, today in missing, school_day))
    return found


def pupils_between(groups: Collection[Group], since: date, until: date) -> dict[int, set[tuple[date, date]]]:
    """By class, the periods between `since` and `until` in which some pupil was in it: a class without pupils on a day
    has no register to take."""
    past = PastGroup.objects.filter(last__gte=since)
    here = Q(group__in=groups) | Q(pk__in=past.filter(group__in=groups).values("enrolment"))
    enrolments = list(
        Enrolment.objects.filter(here, first__lte=until)
        .exclude(last__lt=since)
        .order_by("pk")
        .values_list("pk", "group", "first", "last")
    )
    before: dict[int, list[tuple[date, int | None]]] = defaultdict(list)
    rows = past.filter(enrolment__in=[row[0] for row in enrolments]).order_by("enrolment", "last")
    for enrolment_id, past_last, group_id in rows.values_list("enrolment", "last", "group"):
        before[enrolment_id].append((past_last, group_id))
    found: dict[int, set[tuple[date, date]]] = defaultdict(set)
    for pk, group_id, first, last in enrolments:
        since_then = first
        for past_last, past_group in before[pk]:
            if past_group is not None:
                found[past_group].add((since_then, past_last))
            since_then = past_last + ONE_DAY
        if group_id is not None:
            found[group_id].add((since_then, last or date.max))
    return found


def schools_with_registers(schools: Collection[School], today: date) -> set[int]:
    """Those where classes fill in registers: everywhere, but where the data comes from imports and nobody has filled in
    a class for a month."""
    recent = RegisterTaken.objects.filter(group__school__in=schools, day__gte=today - MONTH)
    used = set(recent.order_by().values_list("group__school", flat=True).distinct())
    return {school.pk for school in schools if school.complete_through is None or school.pk in used}


@dataclass(frozen=True)
class MissingDay:
    """A school day with the classes that were not filled in, each with who is its mentor today."""

    day: date
    classes: tuple[tuple[GroupToTake, tuple[str, ...]], ...]


def missing_days(groups: QuerySet[Group], today: date) -> list[MissingDay]:
    """Days with registers that were not taken, the newest first; of schools that fill in registers."""
    rows = [row for row in groups_to_take(groups, today) if row.missing]
    used = schools_with_registers({row.group.school for row in rows}, today)
    mentors: dict[int, list[str]] = defaultdict(list)
    here = GroupMentor.objects.filter(holds_on(today), group__in=[row.group for row in rows])
    for group_id, name in here.order_by("user__name").values_list("group", "user__name"):
        mentors[group_id].append(name)
    found: dict[date, list[tuple[GroupToTake, tuple[str, ...]]]] = defaultdict(list)
    for row in rows:
        if row.group.school_id in used:
            for day in row.missing:
                found[day].append((row, tuple(mentors[row.group.pk])))
    return [MissingDay(day, tuple(found[day])) for day in sorted(found, reverse=True)]


def last_school_days(calendar: SchoolCalendar, today: date) -> list[date]:
    """The last school days up to and including `today`, newest first."""
    days: list[date] = []
    day = today
    while len(days) < DAYS_BACK:
        day = calendar.school_day_on_or_before(day)
        days.append(day)
        day -= ONE_DAY
    return days

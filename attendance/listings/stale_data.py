"""Schools and classes of which it is not known who was there: a pupil can be at home unseen."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Count
from django.db.models.query import QuerySet

from attendance.engine.calendar import SchoolCalendar
from attendance.facts import schools_of
from attendance.listings.missing_registers import GroupToTake, groups_to_take
from attendance.models import Enrolment, Group
from thuiszitters.accounts.models import School


@dataclass(frozen=True)
class StaleSchool:
    """A school whose data is behind.

    `due`: the day up to which it should be known. `missing`: classes with the days that were not filled in, unless all
    of them miss the same days: then `shared` has those days, and `missing` is empty. `without_class`: pupils for whom
    no register can be taken, so that only an import tells whether they were there.
    """

    school: School
    due: date
    groups: int
    missing: tuple[GroupToTake, ...]
    shared: tuple[date, ...]
    without_class: int


def day_due(calendar: SchoolCalendar, today: date) -> date:
    """The last school day but one, today included: up to here the data should be known."""
    last = calendar.school_day_on_or_before(today)
    return calendar.school_day_on_or_before(last - timedelta(days=1))


def is_behind(due: date, through: date | None, missing: Sequence[date], *, without_class: bool) -> bool:
    """Whether data is not known through `due`: not declared complete (`through`), and of a day up to then a register is
    missing, or there are pupils without a class, for whom a register cannot be taken."""
    if through is not None and through >= due:
        return False
    return without_class or any(day <= due for day in missing)


def stale_schools(schools: QuerySet[School], groups: QuerySet[Group], today: date) -> list[StaleSchool]:
    """Which of `schools` are behind, with the classes of `groups` that are the reason. Looks ten school days back. The
    number of queries does not follow the number of schools or classes."""
    by_school: dict[int, list[GroupToTake]] = defaultdict(list)
    for row in groups_to_take(groups, today):
        by_school[row.group.school_id].append(row)
    places = list(schools.order_by("name", "pk"))
    calendars = schools_of([school.pk for school in places])
    unplaced = dict(
        Enrolment.objects.on(today)
        .filter(place__in=places, group=None)
        .order_by()
        .values("place")
        .annotate(number=Count("pk"))
        .values_list("place", "number")
    )
    found = []
    for school in places:
        rows = by_school[school.pk]
        due = day_due(calendars[school.pk].calendar, today)
        without_class = unplaced.get(school.pk, 0)
        days = [day for row in rows for day in row.missing]
        if is_behind(due, school.complete_through, days, without_class=without_class > 0):
            found.append(stale_school(school, due, rows, without_class))
    return found


def stale_school(school: School, due: date, rows: list[GroupToTake], without_class: int) -> StaleSchool:
    """The school with its classes; only days that were due."""
    behind = {row.group.pk: tuple(day for day in row.missing if day <= due) for row in rows}
    kinds = set(behind.values())
    shared = kinds.pop() if len(rows) > 1 and len(kinds) == 1 else ()
    missing = () if shared else tuple(row for row in rows if behind[row.group.pk])
    return StaleSchool(school, due, len(rows), missing, shared, without_class)

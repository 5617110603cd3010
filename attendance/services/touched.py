"""Whom a change can touch: the ids of the pupils whose clocks may say something else after it.

Each answer may hold a few too many, never one too few; the evaluation then finds nothing changed. A change of a
pupil's own facts touches that pupil, and needs no function here.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.db.models.query import QuerySet

from attendance.facts import schools_of
from attendance.models import Absence, Crossing, Enrolment, Group, NormRow, OwnTimetable, PastGroup, Pupil, Reason
from attendance.models.pupils import PupilQuerySet
from thuiszitters.accounts.models import Alliance, School

Ids = QuerySet[Pupil, int]
WEEK = timedelta(days=7)

MOST_WEEKS_CLOSED = 60
"""No school is closed for longer: where the search for lesson weeks to come stops."""


def touched_by_calendar(school: School, first: date, last: date) -> Ids:
    """Dates from `first` to `last` became free or open at this place of teaching. Ask after the change.

    Who was absent then, or so near that a window of lesson weeks now reaches other dates, or has something open or
    counted over these dates. Also who came to this place only afterwards: their windows are counted in its weeks, and
    reports of being ill at the school before may lie in them.
    """
    since, until = reach_of(school, first, last)
    near = Q(last=None) | Q(last__gte=since), Q(first__lte=until)
    absent = Absence.objects.standing().filter(*near, pupil=OuterRef("pk"))
    own = OwnTimetable.objects.filter(*near, pupil=OuterRef("pk"))
    counted = Crossing.objects.filter(pupil=OuterRef("pk"), start__lte=last, crossed_on__gte=first)
    running = Q(clock__open_since__lte=last)
    return _ids(taught_at(school, first, until).filter(Exists(absent) | Exists(own) | Exists(counted) | running))


def reach_of(school: School, first: date, last: date) -> tuple[date, date]:
    """From when to when a window of lesson weeks can lie with one of these dates in it, before or after the change."""
    weeks = NormRow.objects.aggregate(most=Max("weeks"))["most"] or 1
    changed = (last - first).days // 7 + 2
    calendar = schools_of([school.pk])[school.pk].calendar
    until = last
    for _ in range(weeks + changed + MOST_WEEKS_CLOSED):
        if calendar.lesson_weeks_start(until, weeks + changed) > last:
            break
        until += WEEK
    return calendar.lesson_weeks_start(first, weeks + changed), until


def touched_by_school(school: School) -> Ids:
    """The standard timetable, the region, the lesson length or the alliance of a school changed, for all dates."""
    enrolments = Enrolment.objects.filter(Q(place=school) | Q(school=school))
    return _ids(_with_something_to_count(Pupil.objects.filter(pk__in=enrolments.values("pupil"))))


def touched_by_complete_through(school: School, old: date | None, new: date) -> Ids:
    """Silence after `old` up to and including `new` now means "was there": who has something open on those dates."""
    since = date.min if old is None else old + timedelta(days=1)
    return _ids(taught_at(school, since, new).filter(clock__open_since__lte=new))


def touched_by_register(group: Group, day: date) -> Ids:
    """The register of this class was taken: who is in it that day and has something open. A mark is another change."""
    return _ids(in_group(group, day).filter(clock__open_since__lte=day))


def touched_by_reason(reason: Reason) -> Ids:
    """A reason counts differently: who has a record with it, or with a school's own code for it."""
    records = Absence.objects.standing().filter(Q(reason=reason) | Q(reason__maps_to=reason), pupil=OuterRef("pk"))
    return _ids(Pupil.objects.filter(Exists(records)))


def touched_by_norms(alliance: Alliance | None) -> Ids:
    """A norm of this alliance (None: of everybody) changed: its pupils with anything to count."""
    pupils = Pupil.objects.all()
    if alliance is not None:
        pupils = pupils.filter(Exists(Enrolment.objects.filter(school__alliance=alliance, pupil=OuterRef("pk"))))
    return _ids(_with_something_to_count(pupils))


def taught_at(school: School, first: date, last: date) -> PupilQuerySet:
    """Pupils taught at this place on any date from `first` to `last`."""
    # The enrolments of the place once, not for each pupil again: SQLite would take the index on the place for that.
    enrolments = Enrolment.objects.filter(Q(last=None) | Q(last__gte=first), place=school, first__lte=last)
    return Pupil.objects.filter(pk__in=enrolments.values("pupil"))


def in_group(group: Group, day: date) -> PupilQuerySet:
    """Pupils whose class on `day` is this one."""
    earlier = PastGroup.objects.filter(enrolment=OuterRef("pk"), last__gte=day).order_by("last")
    enrolments = (
        Enrolment.objects.on(day)
        .filter(place=group.school_id)
        .annotate(past=Subquery(earlier.values("pk")[:1]), past_group=Subquery(earlier.values("group")[:1]))
        .filter(Q(past=None, group=group) | Q(past_group=group.pk))
    )
    return Pupil.objects.filter(pk__in=enrolments.values("pupil"))


def class_of_each(groups: Collection[Group], day: date) -> dict[int, int]:
    """Of each pupil (id) whose class on `day` is one of these: which (id)."""
    earlier = PastGroup.objects.filter(enrolment=OuterRef("pk"), last__gte=day).order_by("last")
    wanted = [group.pk for group in groups]
    rows = (
        Enrolment.objects.on(day)
        .filter(place__in={group.school_id for group in groups})
        .annotate(past=Subquery(earlier.values("pk")[:1]), past_group=Subquery(earlier.values("group")[:1]))
        .filter(Q(past=None, group__in=wanted) | Q(past_group__in=wanted))
        .order_by("first")
        .values_list("pupil", "group", "past", "past_group")
    )
    return {pupil: group if past is None else past_group for pupil, group, past, past_group in rows}


def _with_something_to_count(pupils: QuerySet[Pupil]) -> QuerySet[Pupil]:
    return pupils.filter(
        Exists(Absence.objects.standing().filter(pupil=OuterRef("pk")))
        | Exists(OwnTimetable.objects.filter(pupil=OuterRef("pk")))
        | Exists(Crossing.objects.filter(pupil=OuterRef("pk")))
    )


def _ids(pupils: QuerySet[Pupil]) -> Ids:
    return pupils.order_by("pk").values_list("pk", flat=True)

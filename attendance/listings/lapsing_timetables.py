"""Own timetables that somebody has to look at again: they end soon, or nobody gave them an end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef

from attendance.models import Enrolment, OwnTimetable
from attendance.models.pupils import holds_on
from attendance.services.timetables import lapses_on
from thuiszitters.accounts.models import User

AHEAD = timedelta(weeks=6)
"""How long before its end a timetable is named: from the middle of June for what lapses on 31 July."""


@dataclass(frozen=True)
class Lapsing:
    """`ends_on`: the last day that is agreed. `has_lapsed`: that day is over and the timetable still counts."""

    timetable: OwnTimetable
    enrolment: Enrolment
    ends_on: date
    has_lapsed: bool

    @property
    def has_no_end(self) -> bool:
        return self.timetable.last is None


def timetables_to_look_at(user: User, today: date) -> list[OwnTimetable]:
    """Timetables of pupils who are now at a school of `user`, that hold and end within AHEAD with none after them, or
    go on without an end or past the school year in which they began. One query; those that hold are few."""
    later = OwnTimetable.objects.filter(pupil=OuterRef("pupil"), first__gt=OuterRef("first"))
    present = Enrolment.objects.visible_to(user).on(today)
    rows = OwnTimetable.objects.visible_to(user).filter(holds_on(today), pupil__in=present.values("pupil"))
    found: list[OwnTimetable] = []
    for row in rows.annotate(is_followed=Exists(later)).select_related("pupil"):
        goes_on = row.last is None or row.last > lapses_on(row.first)
        ends_soon = row.last is not None and row.last <= today + AHEAD and not row.is_followed
        if goes_on or ends_soon:
            found.append(row)
    return found


def has_lapsing_timetables(user: User, today: date) -> bool:
    """Whether there is any."""
    return bool(timetables_to_look_at(user, today))


def lapsing_timetables(user: User, today: date) -> list[Lapsing]:
    """The same, the first that ends first, with the class of each pupil. A fixed number of queries."""
    rows = timetables_to_look_at(user, today)
    enrolments = Enrolment.objects.visible_to(user).on(today).filter(pupil__in={row.pupil_id for row in rows})
    places = {row.pupil_id: row for row in enrolments.select_related("group", "place").order_by("first")}
    found = []
    for row in rows:
        lapse = lapses_on(row.first)
        found.append(Lapsing(row, places[row.pupil_id], min(row.last or lapse, lapse), lapse < today))
    return sorted(found, key=lambda row: (row.ends_on, row.timetable.pupil.surname_key, row.timetable.pk))

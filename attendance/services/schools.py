"""Changes of a whole school, or of what everybody is counted by. Whom they touch is marked and evaluated soon after."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from attendance.engine.facts import Week
from attendance.models import Reason
from attendance.services.follow_up import ask_evaluation
from attendance.services.marks import mark_dirty
from attendance.services.seen import check_seen, mark_of_school
from attendance.services.touched import (
    touched_by_complete_through,
    touched_by_norms,
    touched_by_reason,
    touched_by_school,
)
from thuiszitters.accounts.models import Alliance, School

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday")


@dataclass(frozen=True)
class Counted:
    """What the days and minutes of a school are counted with, own days apart."""

    sector: str
    region: str
    lesson_minutes: int | None
    week: Week

    @classmethod
    def of(cls, school: School) -> Counted:
        return cls(school.sector, school.region, school.lesson_minutes, school.week)

    def put_on(self, school: School) -> None:
        """Have the row say this (not saved)."""
        school.sector, school.region, school.lesson_minutes = self.sector, self.region, self.lesson_minutes
        school.monday, school.tuesday, school.wednesday, school.thursday, school.friday = self.week


def change_counted(*, school: School, counted: Counted, seen: str | None = None) -> None:
    """Sector, region, lesson length and standard timetable of a school, for every date. May be repeated.

    Raises ChangedMeanwhileError when the calendar is no longer the one that was `seen`.
    """
    with transaction.atomic():
        row = lock_school(school)
        check_seen(seen, mark_of_school(row))
        if Counted.of(row) == counted:
            return
        counted.put_on(row)
        row.save(update_fields=["sector", "region", "lesson_minutes", *WEEKDAYS])
        mark_dirty(touched_by_school(school), cause="rooster of regio van de school gewijzigd")
        ask_evaluation()


def declare_complete(*, school: School, through: date) -> bool:
    """The data of this place of teaching is complete up to and including `through`: silence now means "was there".

    Never moves back; says whether it moved. May be repeated.
    """
    with transaction.atomic():
        row = lock_school(school)
        old = row.complete_through
        if old is not None and old >= through:
            return False
        row.complete_through = through
        row.save(update_fields=["complete_through"])
        mark_dirty(touched_by_complete_through(school, old, through), cause="gegevens van de school compleet")
        ask_evaluation()
    return True


def recount_school(*, school: School) -> int:
    """The standard timetable, sector, region, lesson length or alliance of a school changed: have its pupils evaluated;
    how many they are."""
    with transaction.atomic():
        touched = mark_dirty(touched_by_school(school), cause="gegevens van de school gewijzigd")
        ask_evaluation()
    return touched


def recount_reason(*, reason: Reason) -> int:
    """A reason counts differently from now on: have whoever has a record with it evaluated; how many they are."""
    with transaction.atomic():
        touched = mark_dirty(touched_by_reason(reason), cause="reden gewijzigd")
        ask_evaluation()
    return touched


def recount_norms(*, alliance: Alliance | None) -> int:
    """Norms of this alliance (None: of everybody) changed, came or went: have its pupils evaluated; how many they
    are."""
    with transaction.atomic():
        touched = mark_dirty(touched_by_norms(alliance), cause="norm gewijzigd")
        ask_evaluation()
    return touched


def lock_school(school: School) -> School:
    """The school as it is now, locked until the transaction ends."""
    return School.objects.select_for_update(of=("self",)).get(pk=school.pk)

"""Up to which date a school's data is complete."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from attendance.importing.changes import Change, keep_changes, rewritten
from attendance.importing.holding import hold
from attendance.models import Enrolment, RegisterImport
from attendance.models.imports import ChangeKind
from attendance.services.marks import mark_dirty
from attendance.services.touched import touched_by_complete_through
from thuiszitters.accounts.models import School


class Completeness:
    """Collects which schools a file is about, and says in the end that their data is complete.

    Without a date it does nothing. With `school` it is about that school, whoever is in the file.
    """

    def __init__(self, through: date | None, school: School | None) -> None:
        self.through = through
        self.school_ids = {school.pk} if school else set()
        self.by_pupil = school is None

    def note(self, pupil_ids: Iterable[int]) -> None:
        """These pupils are in the file: it is about where they are taught on that date."""
        if self.through is not None and self.by_pupil:
            places = Enrolment.objects.on(self.through).filter(pupil__in=set(pupil_ids)).order_by()
            self.school_ids.update(places.values_list("place_id", flat=True).distinct())

    def record(self, row: RegisterImport, *, cause: str) -> tuple[School, ...]:
        """Move the date of each school forward, never back, and mark the pupils for whom that means something.

        Of `row`, the import, it is kept of which schools it says this, and which dates it moved.

        Answers the schools that are complete through the date, or a later one, now.
        """
        if self.through is None:
            return ()
        with transaction.atomic():
            hold(row)
            schools = School.objects.filter(pk__in=self.school_ids).order_by("pk")
            rows = tuple(schools.select_for_update(of=("self",), no_key=True))
            row.stated_complete.add(*rows)
            changes = []
            for school in rows:
                old = school.complete_through
                if old is None or old < self.through:
                    school.complete_through = self.through
                    school.save(update_fields=["complete_through"])
                    mark_dirty(touched_by_complete_through(school, old, self.through), cause=cause)
                    changes.append(moved(school, old, self.through))
            keep_changes(row, changes)
        return rows


def moved(school: School, old: date | None, new: date) -> Change:
    """The change of the date up to which a school's data is complete."""
    before, after = {"complete_through": old}, {"complete_through": new}
    return rewritten(ChangeKind.COMPLETE, school.pk, before, after, school_id=school.pk)

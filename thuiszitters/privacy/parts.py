"""Whose part a row is. A pupil who moved has a part at each school, and each part has its own clock.

Plain rules: no database, no clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from django.utils import timezone


@dataclass(frozen=True)
class Holder:
    """A school or an alliance (by id; one of the two): who keeps the data and destroys it."""

    school_id: int | None = None
    alliance_id: int | None = None


@dataclass(frozen=True)
class Stay:
    """An enrolment. `last` None: it has no end yet."""

    school_id: int
    first: date
    last: date | None

    def overlaps(self, first: date, last: date | None) -> bool:
        """Whether they have a date in common."""
        return (last is None or self.first <= last) and (self.last is None or first <= self.last)


@dataclass
class Parts:
    """The enrolments of one pupil, and what else tells whose part something is.

    `cases`: the schools of each case (id), most telling first. `carried`: stretches of dates that a signal of a later
    school rests on, with that school.
    """

    stays: list[Stay] = field(default_factory=list)
    cases: dict[int, tuple[int, ...]] = field(default_factory=dict)
    carried: list[tuple[date, date, int]] = field(default_factory=list)

    def left_on(self, school_id: int) -> date | None:
        """The last day at this school; None while an enrolment there has no end, or there is none."""
        lasts = [stay.last for stay in self.stays if stay.school_id == school_id]
        ended = [last for last in lasts if last is not None]
        return max(ended) if ended and len(ended) == len(lasts) else None

    def latest(self, school_ids: Iterable[int]) -> int | None:
        """The one of these schools where the pupil came last."""
        came = {stay.school_id: stay.first for stay in sorted(self.stays, key=lambda stay: stay.first)}
        return max((pk for pk in school_ids if pk in came), key=lambda pk: came[pk], default=None)

    def school_of_dates(self, first: date, last: date | None) -> int | None:
        """The school of these dates: what touches two is the later one's. Outside every enrolment: the school before
        it, else the first one."""
        touched = {stay.school_id for stay in self.stays if stay.overlaps(first, last)}
        if touched:
            touched |= {
                school_id for since, until, school_id in self.carried if since <= (last or date.max) and first <= until
            }
            return self.latest(touched)
        before = [stay for stay in self.stays if stay.first <= first]
        nearest = (
            max(before, key=lambda stay: stay.first)
            if before
            else min(self.stays, key=lambda stay: stay.first, default=None)
        )
        return nearest.school_id if nearest else None

    def school_of_case(self, case_id: int) -> int | None:
        """The school whose case it is now. One where the pupil was never enrolled: the school where they came last."""
        return self.known_or_latest(*self.cases[case_id])

    def known_or_latest(self, *school_ids: int) -> int | None:
        """The first of these where the pupil was enrolled, else the school where they came last."""
        enrolled = {stay.school_id for stay in self.stays}
        return next((pk for pk in school_ids if pk in enrolled), self.latest(enrolled))


def as_date(moment: date | datetime) -> date:
    """The date on the wall of a moment; a date as it is."""
    return timezone.localtime(moment).date() if isinstance(moment, datetime) else moment

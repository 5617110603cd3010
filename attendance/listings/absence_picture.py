"""The absence of a class or a school over the school year: by lesson week, by weekday, and how it is divided."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from uuid import UUID

from django.db.models.query import QuerySet

from attendance.engine.missed import Cause, Looked, looked, percentage
from attendance.facts import facts_of
from attendance.listings.school_year import school_year_of
from attendance.models import AbsenceBands, Enrolment, Group, Pupil
from attendance.models.bands import Bands
from attendance.models.pupils import EnrolmentQuerySet
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import SCHOOL_WIDE

WEEKDAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag")
BY_WEEK = timedelta(days=7)
STEPS = (0, 1, 5, 10, 15, 20, 30, 50)
"""Lower ends of the groups in the distribution, in per cent; the first is nothing at all."""


@dataclass(frozen=True)
class Missed:
    """Minutes expected of all pupils together, and those missed by cause; `label` says of which week or weekday."""

    label: str
    first: date | None
    expected: int
    missed: Mapping[Cause, int]

    def tenths(self, cause: Cause | None = None) -> float:
        """Per cent of the expected minutes, to a tenth; of all causes together unless one is given."""
        part = sum(self.missed.values()) if cause is None else self.missed.get(cause, 0)
        return round(100 * part / self.expected, 1) if self.expected else 0.0


@dataclass(frozen=True)
class PupilShare:
    """A pupil in the list. `per_cent` is whole, of the timetable that held; `band`: the highest that is reached."""

    pupil: Pupil
    group: str
    per_cent: int
    band: int
    days: int
    unauthorised: bool


@dataclass(frozen=True)
class Band:
    """The pupils who missed so much, and not more; `words` say how much."""

    words: str
    rows: tuple[PupilShare, ...]


@dataclass(frozen=True)
class AbsencePicture:
    """From the start of the school year up to today, over known school days.

    `spread`: how many pupils missed how much, by the words of each group. `above`: who reached the lowest band, most
    first. `unknown`: pupils of whom no school day is known.
    """

    first: date
    last: date
    pupils: int
    unknown: int
    weeks: tuple[Missed, ...]
    weekdays: tuple[Missed, ...]
    spread: tuple[tuple[str, int], ...]
    bands: Bands
    above: tuple[PupilShare, ...]

    @property
    def total(self) -> Missed:
        """The whole period."""
        missed: Counter[Cause] = Counter()
        for week in self.weeks:
            missed.update(week.missed)
        return Missed("", self.first, sum(week.expected for week in self.weeks), missed)

    def in_band(self, band: int) -> int:
        """How many pupils missed at least `band` per cent."""
        return sum(1 for row in self.above if row.band >= band)

    def by_band(self) -> tuple[Band, ...]:
        """Who stands in which band, the highest first."""
        return tuple(
            Band(range_of(low, high), tuple(row for row in self.above if row.band == low))
            for low, high in zip(self.bands[::-1], (None, *self.bands[:0:-1]), strict=True)
        )


@dataclass(frozen=True)
class Subject:
    """What is looked at: a class (`kind` "group") or a school, with the enrolments that the reader may see."""

    title: str
    kind: str
    code: UUID
    school: School
    enrolments: EnrolmentQuerySet


def schools_looked_at(user: User) -> QuerySet[School]:
    """The schools that `user` may look at as a whole: where they have a school-wide role."""
    return School.objects.filter(pk__in=grants_of(user).school_ids(SCHOOL_WIDE)).order_by("name")


def groups_with_pupils(groups: QuerySet[Group], today: date) -> list[Group]:
    """Those of `groups` that have pupils today, by school."""
    found = groups.filter(pk__in=Enrolment.objects.on(today).values("group"))
    return list(found.select_related("school").order_by("school__name", "name"))


def picture_of(subject: Subject, today: date) -> AbsencePicture:
    """The picture, with the bands of the school."""
    return absence_picture(subject.enrolments, subject.school, AbsenceBands.objects.of_school(subject.school), today)


def absence_picture(enrolments: EnrolmentQuerySet, school: School, bands: Bands, today: date) -> AbsencePicture:
    """Of who is enrolled in `enrolments` today, their time at this school (the place of teaching).

    The number of queries does not follow the number of pupils.
    """
    first = school_year_of(today)[0]
    rows = list(enrolments.on(today).filter(place=school).select_related("pupil", "group"))
    facts = facts_of([row.pupil_id for row in rows])
    found: list[tuple[Enrolment, Looked]] = []
    for row in rows:
        whole = facts[row.pupil_id]
        here = tuple(other for other in whole.enrolments if other.school.key == school.pk)
        found.append((row, looked(replace(whole, enrolments=here), first, today)))
    expected, missed = by_date([each for _row, each in found])
    return AbsencePicture(
        first=first,
        last=today,
        pupils=len(rows),
        unknown=sum(1 for _row, each in found if not any(each.expected.values())),
        weeks=weeks_of(expected, missed),
        weekdays=weekdays_of(expected, missed),
        spread=spread_of([shares for _row, each in found if (shares := exact(each)) is not None]),
        bands=bands,
        above=above_of(found, bands),
    )


ByDate = dict[int, Counter[Cause]]


def by_date(all_looked: list[Looked]) -> tuple[Counter[int], ByDate]:
    """Of all pupils together: expected minutes, and missed minutes by cause, by date (ordinal).

    Pupils of a class mostly share one answer to what was expected: it is walked over once.
    """
    shared: dict[int, Mapping[int, int]] = {}
    times: Counter[int] = Counter()
    missed: ByDate = defaultdict(Counter)
    for each in all_looked:
        shared[id(each.expected)] = each.expected
        times[id(each.expected)] += 1
        for day, causes in each.missed.items():
            missed[day].update(causes)
    expected: Counter[int] = Counter()
    for key, minutes in shared.items():
        for day, amount in minutes.items():
            expected[day] += amount * times[key]
    return expected, missed


def weeks_of(expected: Counter[int], missed: ByDate) -> tuple[Missed, ...]:
    """By week of which a school day is known, in order."""
    weeks: dict[date, list[int]] = defaultdict(list)
    for day in sorted(expected):
        found = date.fromordinal(day)
        weeks[found - timedelta(days=found.weekday())].append(day)
    return tuple(
        together(f"wk {monday.isocalendar().week}", monday, days, expected, missed) for monday, days in weeks.items()
    )


def weekdays_of(expected: Counter[int], missed: ByDate) -> tuple[Missed, ...]:
    """By day of the week."""
    return tuple(
        together(name, None, [day for day in expected if (day - 1) % 7 == weekday], expected, missed)
        for weekday, name in enumerate(WEEKDAYS)
    )


def together(label: str, first: date | None, days: list[int], expected: Counter[int], missed: ByDate) -> Missed:
    causes: Counter[Cause] = Counter()
    for day in days:
        causes.update(missed.get(day, ()))
    return Missed(label, first, sum(expected[day] for day in days), {cause: causes[cause] for cause in Cause})


def exact(each: Looked) -> tuple[int, int] | None:
    """Minutes missed and expected; None when nothing is known."""
    expected = sum(each.expected.values())
    if not expected:
        return None
    return sum(sum(causes.values()) for causes in each.missed.values()), expected


def spread_of(shares: list[tuple[int, int]]) -> tuple[tuple[str, int], ...]:
    """How many pupils in each group of STEPS, by exact shares."""
    counts = [0] * len(STEPS)
    for missed, expected in shares:
        place = sum(1 for step in STEPS[2:] if 100 * missed >= step * expected) + 1 if missed else 0
        counts[place] += 1
    ends = (*STEPS[2:], None)
    words = ["niets", *(range_of(low, high) for low, high in zip(STEPS[1:], ends, strict=True))]
    return tuple(zip(words, counts, strict=True))


def range_of(low: int, high: int | None) -> str:
    if high is None:
        return f"{low}% en meer"
    return f"tot {high}%" if low == STEPS[1] else f"{low} tot {high}%"


def above_of(found: list[tuple[Enrolment, Looked]], bands: Bands) -> tuple[PupilShare, ...]:
    """Who missed at least the lowest band, by exact shares, most first."""
    rows = []
    for enrolment, each in found:
        share = exact(each)
        if share is None:
            continue
        missed, expected = share
        reached = [band for band in bands if 100 * missed >= band * expected]
        if reached:
            unauthorised = any(Cause.UNAUTHORISED in causes for causes in each.missed.values())
            rows.append(
                PupilShare(
                    enrolment.pupil,
                    enrolment.group.name if enrolment.group else "",
                    percentage(missed, expected) or 0,
                    max(reached),
                    len(each.missed),
                    unauthorised,
                )
            )
    return tuple(sorted(rows, key=lambda row: (-row.per_cent, row.pupil.surname_key, row.pupil.pk)))

"""Classes that missed far more last week than they usually do."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import Q

from attendance.engine.facts import Facts
from attendance.engine.missed import looked
from attendance.engine.usual_rate import WEEKS_BEFORE, Week, jump
from attendance.facts import facts_of
from attendance.listings.data_quality.findings import MOST_SHOWN, Finding, Kind, Link, Reader, Solved
from attendance.models import Absence, Group
from thuiszitters.accounts.dutch_dates import short_date

ONE_DAY, WEEK = timedelta(days=1), timedelta(days=7)
FEWEST_PUPILS = 5
"""In a smaller class one child with flu is a jump."""
WORTH_A_LOOK = 5
"""Per cent of the days of a class with some absence, below which it cannot have missed MORE_PERCENT (usual_rate.py),
unless half of the class has next to no timetable."""


@dataclass(frozen=True)
class Weeks:
    """Mondays: the last lesson week that is over, and those before it, newest first."""

    last: date
    before: tuple[date, ...]


def weeks_until(reader: Reader) -> Weeks:
    """A week is over from its Saturday on."""
    soon = reader.today + 2 * ONE_DAY
    monday = soon - soon.weekday() * ONE_DAY
    found = [reader.calendar.lesson_weeks_start(monday - ONE_DAY, n + 1) for n in range(WEEKS_BEFORE + 1)]
    return Weeks(found[0], tuple(found[1:]))


def jumps(reader: Reader) -> Kind:
    """Classes of today. What each pupil missed is worked out only for classes with much absence in that week."""
    weeks = weeks_until(reader)
    classes = worth_a_look(reader, weeks.last)
    facts = facts_of([pk for pupil_ids in classes.values() for pk in pupil_ids])
    findings = []
    for group, pupil_ids in classes.items():
        rates = rates_of([facts[pk] for pk in pupil_ids], reader.school.pk, weeks)
        leap = jump(rates[0], rates[1:])
        if leap is not None:
            text = (
                f"In de week van {short_date(weeks.last, reader.today)} {leap.last}% gemist; "
                f"in de {WEEKS_BEFORE} lesweken ervoor {leap.usual}%."
            )
            solved = Solved(Link("Bekijk de klas", "attendance:picture_of_group", (group.code,)))
            findings.append(Finding(group.name, text, solved))
    return Kind(
        key="sprong",
        title="Veel meer afwezig dan anders",
        why="Meer dan het dubbele van wat gewoon is: griep, een fout in een bestand, of meldingen die niemand afsloot.",
        good="Geen klas was vorige week veel meer afwezig dan anders.",
        findings=tuple(findings[:MOST_SHOWN]),
        number=len(findings),
    )


def worth_a_look(reader: Reader, monday: date) -> dict[Group, list[int]]:
    """The classes of today, by name, with so much absence in the week of `monday` that a jump is possible; each with
    the pupils in it."""
    pupils: dict[int, list[int]] = defaultdict(list)
    rows = reader.enrolments.on(reader.today).exclude(group=None).order_by()
    for group_id, pupil_id in rows.values_list("group_id", "pupil_id"):
        pupils[group_id].append(pupil_id)
    days = days_absent(reader, monday)
    school_days = reader.calendar.school_days_between(monday, monday + WEEK - ONE_DAY)
    wanted = [
        group_id
        for group_id, ids in pupils.items()
        if len(ids) >= FEWEST_PUPILS and 100 * sum(days[pk] for pk in ids) >= WORTH_A_LOOK * len(ids) * school_days
    ]
    return {group: pupils[group.pk] for group in Group.objects.filter(pk__in=wanted).order_by("name")}


def days_absent(reader: Reader, monday: date) -> Counter[int]:
    """School days of the week with some absence, by pupil; a day with two records counts twice."""
    sunday = monday + WEEK - ONE_DAY
    here = reader.enrolments.on(reader.today).order_by().values("pupil")
    rows = Absence.objects.standing().filter(Q(last=None) | Q(last__gte=monday), first__lte=sunday, pupil__in=here)
    found: Counter[int] = Counter()
    for pupil_id, first, last in rows.order_by().values_list("pupil_id", "first", "last"):
        found[pupil_id] += reader.calendar.school_days_between(max(first, monday), min(last or sunday, sunday))
    return found


def rates_of(all_facts: Iterable[Facts], place: int, weeks: Weeks) -> list[Week]:
    """Of these pupils together, what was missed and expected at this school in the last week and each one before."""
    missed, expected = [0] * (WEEKS_BEFORE + 1), [0] * (WEEKS_BEFORE + 1)
    mondays = (weeks.last, *weeks.before)
    for facts in all_facts:
        here = tuple(row for row in facts.enrolments if row.school.key == place)
        found = looked(replace(facts, enrolments=here), mondays[-1], weeks.last + WEEK - ONE_DAY)
        for n, monday in enumerate(mondays):
            share = found.share(monday, monday + WEEK - ONE_DAY)
            missed[n] += share.missed
            expected[n] += share.expected
    return list(zip(missed, expected, strict=True))

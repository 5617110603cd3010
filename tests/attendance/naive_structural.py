"""The structural suggestion again, day by day and slow, to hold the engine against."""

from __future__ import annotations

from datetime import date

from attendance.engine.facts import Facts, Kind, Rule
from tests.attendance.naive import ONE_DAY, day_of, enrolment_on, is_known, norm_on, own_timetable_on, window_start


def share_on(facts: Facts, day: date) -> int | None:
    """The share of the standard timetable missed or left out, in whole per cent; None when too little is known."""
    enrolment = enrolment_on(facts, day)
    norm = norm_on(facts, Rule.STRUCTURAL, day)
    if enrolment is None or norm is None:
        return None
    standard = short = 0
    mondays: set[date] = set()
    on = window_start(enrolment.school, day, norm.weeks)
    while on <= day:
        there = enrolment_on(facts, on)
        found = day_of(facts, on)
        if there is not None and found.school_day and found.kind is not Kind.EXEMPT and is_known(there, on):
            of_school = there.school.week[on.weekday()]
            own = own_timetable_on(facts, on)
            of_pupil = of_school if own is None else own.week[on.weekday()]
            standard += of_school
            short += found.missed + max(of_school - of_pupil, 0)
            mondays.add(on - on.weekday() * ONE_DAY)
        on += ONE_DAY
    return short * 100 // standard if standard and len(mondays) >= norm.min_weeks else None


def share_reached(facts: Facts, day: date) -> bool:
    norm = norm_on(facts, Rule.STRUCTURAL, day)
    share = share_on(facts, day)
    return norm is not None and share is not None and share >= norm.amount


def has_short_timetable(facts: Facts, day: date) -> bool:
    """Whether an own timetable below the standard is valid on a date on which something can be expected."""
    enrolment = enrolment_on(facts, day)
    own = own_timetable_on(facts, day)
    if enrolment is None or own is None or norm_on(facts, Rule.STRUCTURAL, day) is None:
        return False
    return day_of(facts, day).kind is not Kind.EXEMPT and sum(own.week) < sum(enrolment.school.week)


def school_days_back(facts: Facts, day: date) -> list[date]:
    """The school days of the pupil up to and including a date, the last one first."""
    first = min(enrolment.first for enrolment in facts.enrolments)
    found: list[date] = []
    while day >= first:
        if day_of(facts, day).school_day:
            found.append(day)
        day -= ONE_DAY
    return found


def suggested_on(facts: Facts, day: date) -> date | None:
    """Since when the suggestion holds that holds on a date; None when none does."""
    found: list[date] = []
    own = own_timetable_on(facts, day)
    if own is not None and has_short_timetable(facts, day):
        found.append(own.first)
    since: date | None = None
    if share_reached(facts, day):
        for on in school_days_back(facts, day):
            if not share_reached(facts, on):
                break
            since = on
    if since is not None:
        found.append(since)
    return min(found, default=None)

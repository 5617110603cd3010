"""Pupils for the property tests: realistic, and as awkward as the rules of registration allow."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from hypothesis import strategies as st

from attendance.engine.calendar import SchoolCalendar
from attendance.engine.facts import (
    Absence,
    Enrolment,
    Exemption,
    Facts,
    Norm,
    Norms,
    OwnTimetable,
    Reading,
    Rule,
    School,
    Week,
)
from tests.attendance.calendars import calendar_of
from tests.attendance.school_holidays_facts import SchoolException

ORIGIN = date(2025, 8, 25)
DAYS = 420
"""Facts lie between ORIGIN and ORIGIN + DAYS, so that every holiday of a year lies in between."""

DEFAULT_NORMS = (
    Norm(Rule.HOME_2W, 10, calendar_days=14),
    Norm(Rule.HOME_4W, 20, calendar_days=28),
    Norm(Rule.HOME_3M, 3),
    Norm(Rule.LRV, 20),
    Norm(Rule.HOURS_16, 16, weeks=4, gap_days=7),
    Norm(Rule.SICK_4X, 4, weeks=12),
    Norm(Rule.SICK_7D, 7),
    Norm(Rule.STRUCTURAL, 20, weeks=6, min_weeks=3),
)

ZEROS: Week = (0, 0, 0, 0, 0)
WEEKS: tuple[Week, ...] = (
    (300, 300, 300, 300, 300),
    (330, 330, 195, 330, 330),
    (350, 400, 250, 400, 300),
    (300, 300, 0, 300, 300),
)
OWN_WEEKS: tuple[Week, ...] = (
    ZEROS,
    (300, 0, 300, 0, 300),
    (0, 0, 120, 0, 0),
    (60, 60, 60, 60, 60),
    (0, 330, 330, 330, 400),
)
REASONS: tuple[tuple[bool, bool | None, bool], ...] = (
    (True, False, False),  # ongeoorloofd
    (True, True, True),  # ziek
    (True, None, False),  # onbekend
    (True, True, False),  # geoorloofd
    (False, True, False),  # elders
    (True, False, True),
    (True, None, True),
    (False, False, True),
)
"""Counts, authorised, sick. The last three are codes that a school can make for itself."""

Span = tuple[int, int | None]
"""First and last offset from ORIGIN; no last: open."""


def at(offset: int) -> date:
    return ORIGIN + timedelta(days=offset)


@st.composite
def spans(draw: st.DrawFn, most: int, longest: int, least: int = 0, *, may_be_open: bool = True) -> list[Span]:
    """Periods in order that do not overlap; often adjacent; the last one sometimes open."""
    found: list[Span] = []
    offset = 0
    for _ in range(draw(st.integers(least, most))):
        first = offset + draw(st.sampled_from((0, 1, 2, 3)) | st.integers(0, 90))
        last = first + draw(st.integers(0, longest))
        if first > DAYS:
            break
        found.append((first, last))
        offset = last + 1
    if found and may_be_open and draw(st.booleans()):
        found[-1] = (found[-1][0], None)
    return found


@st.composite
def school_exceptions(draw: st.DrawFn) -> tuple[SchoolException, ...]:
    return tuple(
        (at(first), at(last if last is not None else first), draw(st.sampled_from(("vrij", "open"))))
        for first, last in draw(spans(3, 30, may_be_open=False))
    )


@st.composite
def calendars(draw: st.DrawFn) -> SchoolCalendar:
    return calendar_of(draw(st.sampled_from(("zuid", "midden", "noord"))), draw(school_exceptions()))


@st.composite
def schools(draw: st.DrawFn, key: int) -> School:
    return School(
        key=key,
        calendar=draw(calendars()),
        week=draw(st.sampled_from(WEEKS)),
        hour_minutes=draw(st.sampled_from((60, 50, 45))),
        complete_through=draw(st.sampled_from((at(DAYS + 200), None)) | st.integers(0, DAYS).map(at)),
    )


@st.composite
def norms(draw: st.DrawFn) -> Norms:
    """The default norms, or ones made low, given in the other reading, changed on a date or absent for a while."""
    rows: list[Norm] = []
    for norm in DEFAULT_NORMS:
        how = draw(st.sampled_from(("default", "default", "default", "other", "changes")))
        if how == "default":
            rows.append(norm)
        elif how == "other":
            rows.append(draw(other_norm(norm)))
        else:
            until = draw(st.integers(0, DAYS))
            pause = draw(st.sampled_from((0, 1, 30)))
            rows.append(replace(norm, valid_until=at(until)))
            rows.append(replace(draw(other_norm(norm)), valid_from=at(until + 1 + pause)))
    return Norms(tuple(draw(st.permutations(rows))))


@st.composite
def other_norm(draw: st.DrawFn, norm: Norm) -> Norm:
    changed = replace(norm, amount=draw(st.integers(1, norm.amount + 2)))
    if norm.rule in (Rule.HOME_2W, Rule.HOME_4W) and draw(st.booleans()):
        changed = replace(changed, reading=Reading.CALENDAR, calendar_days=draw(st.integers(1, 40)))
    if norm.weeks:
        changed = replace(changed, weeks=draw(st.integers(1, norm.weeks + 1)))
    if norm.gap_days:
        changed = replace(changed, gap_days=draw(st.integers(1, 10)))
    return changed


@st.composite
def enrolments(draw: st.DrawFn) -> tuple[Enrolment, ...]:
    """One to three enrolments: the same school again, another one, a gap or none, a final ending."""
    pool = [draw(schools(key)) for key in range(draw(st.integers(1, 2)))]
    alliances = [draw(norms()) for _ in range(draw(st.integers(1, 2)))]
    periods: list[Span] = [(0, None)]
    if draw(st.booleans()):
        periods = draw(spans(3, 200, least=1))
    found: list[Enrolment] = []
    for first, last in periods:
        found.append(
            Enrolment(
                first=at(first),
                last=None if last is None else at(last),
                school=draw(st.sampled_from(pool)),
                norms=draw(st.sampled_from(alliances)),
                taken=draw(registers()),
                final=last is not None and draw(st.booleans()),
            )
        )
    return tuple(found)


@st.composite
def registers(draw: st.DrawFn) -> frozenset[date]:
    """Dates on which the register was taken: none, a few, or all but a few."""
    few = draw(st.frozensets(st.integers(0, DAYS).map(at), max_size=5))
    if draw(st.booleans()):
        return few
    return frozenset(at(offset) for offset in range(DAYS + 1)) - few


@st.composite
def reasons(draw: st.DrawFn) -> tuple[bool, bool | None, bool]:
    return draw(st.sampled_from(REASONS))


@st.composite
def absences(draw: st.DrawFn) -> tuple[Absence, ...]:
    """Whole-day records that do not overlap, and partial ones on the other dates (more than one a date too)."""
    # One pupil mostly has one kind of story: long at home, often away for some lessons, often ill.
    usual = draw(reasons())
    reason = st.just(usual) | reasons()
    longest = draw(st.sampled_from((1, 3, 12, 120)))
    whole = draw(spans(8, longest))
    partial = draw(partial_dates())
    for offset in draw(dense_dates()):
        if draw(st.booleans()):
            partial.append(offset)
        elif not is_inside(whole, offset):
            whole.append((offset, offset))
    found: list[Absence] = []
    for first, last in whole:
        counts, authorised, sick = draw(reason)
        found.append(Absence(at(first), None if last is None else at(last), None, counts, authorised, sick))
    for offset in partial:
        if not is_inside(whole, offset):
            counts, authorised, sick = draw(reason)
            part = draw(st.sampled_from((45, 50, 120, 240, 300, 500)))
            found.append(Absence(at(offset), at(offset), part, counts, authorised, sick))
    numbered = [replace(record, ref=number) for number, record in enumerate(found)]
    return tuple(draw(st.permutations(numbered)))


def is_inside(periods: list[Span], offset: int) -> bool:
    return any(first <= offset and (last is None or offset <= last) for first, last in periods)


@st.composite
def dense_dates(draw: st.DrawFn) -> list[int]:
    """Nearly every date of a few weeks, or none: the register of a pupil who is written up day by day."""
    first = draw(st.integers(0, 150))
    present = draw(st.frozensets(st.integers(0, 24), max_size=4))
    return [first + n for n in range(25) if n not in present] if draw(st.integers(0, 3)) == 0 else []


@st.composite
def partial_dates(draw: st.DrawFn) -> list[int]:
    """Offsets of parts of a day: some loose ones, and some weeks in which a pupil misses lessons often."""
    loose = draw(st.lists(st.integers(0, DAYS), max_size=4))
    if draw(st.booleans()):
        return loose
    offset = draw(st.integers(0, 200))
    steps = draw(st.lists(st.sampled_from((0, 1, 2, 3, 7)), max_size=25))
    for step in steps:
        offset += step
        loose.append(offset)
    return loose


@st.composite
def own_timetables(draw: st.DrawFn) -> tuple[OwnTimetable, ...]:
    return tuple(
        OwnTimetable(at(first), None if last is None else at(last), draw(st.just(ZEROS) | st.sampled_from(OWN_WEEKS)))
        for first, last in draw(spans(3, draw(st.sampled_from((4, 60)))))
    )


@st.composite
def exemptions(draw: st.DrawFn) -> tuple[Exemption, ...]:
    return tuple(
        Exemption(at(first), None if last is None else at(last))
        for first, last in draw(spans(2, draw(st.sampled_from((2, 40)))))
    )


@st.composite
def pupils(draw: st.DrawFn) -> Facts:
    """Everything the rules need about one pupil."""
    return Facts(
        enrolments=draw(enrolments()),
        absences=draw(absences()),
        timetables=draw(st.just(()) | own_timetables()),
        exemptions=draw(st.just(()) | exemptions()),
    )


def dates() -> st.SearchStrategy[date]:
    """Dates of evaluation: mostly late, so that there is something to find."""
    return st.sampled_from((DAYS + 30, DAYS + 120, 200)).map(at) | st.integers(-5, DAYS + 120).map(at)


@dataclass(frozen=True)
class Moment:
    """A pupil and a date of evaluation."""

    facts: Facts
    as_of: date


def moments() -> st.SearchStrategy[Moment]:
    return st.builds(Moment, facts=pupils(), as_of=dates())

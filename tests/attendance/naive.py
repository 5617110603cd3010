"""The seven rules again, day by day and slow, to hold the engine against. Nothing of the engine but its facts is used.

Read it next to docs/regels.md: one loop a rule, over every date from the first fact to the date of evaluation.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from attendance.engine.facts import Absence, Enrolment, Facts, Kind, Norm, OwnTimetable, Reading, Rule, School

Found = tuple[str, date, date]
"""Rule, from, crossed on."""

ONE_DAY = timedelta(days=1)
MOST_WEEKS_BACK = 400
"""Past this the search for lesson weeks stops: no school is closed for eight years."""


@dataclass(frozen=True)
class NaiveDay:
    """What one date is for one pupil. `home_by_agreement`: a school day under an own timetable of only zeros."""

    day: date
    kind: Kind
    school_day: bool
    home_by_agreement: bool
    expected: int
    missed: int
    unauthorised: int
    sick: int

    @property
    def unauthorised_kind(self) -> Kind:
        """The kind of this date for the unauthorised run."""
        if self.kind in (Kind.NEUTRAL, Kind.EXEMPT, Kind.UNKNOWN):
            return self.kind
        if self.home_by_agreement:
            return Kind.NEUTRAL
        return Kind.MISSED if self.unauthorised == self.expected else Kind.ATTENDED

    @property
    def breaks_sick_episode(self) -> bool:
        """Whether an episode cannot go on over this date: no sick minutes, and neither neutral nor unknown."""
        return self.sick == 0 and not self.home_by_agreement and self.kind not in (Kind.NEUTRAL, Kind.UNKNOWN)


def crossings(facts: Facts, as_of: date) -> list[Found]:
    """Every crossing as of a date, sorted by date, rule and start."""
    days = list(days_until(facts, as_of))
    found = [
        *run_crossings(facts, Rule.HOME_2W, home_run(facts, days)),
        *run_crossings(facts, Rule.HOME_4W, home_run(facts, days)),
        *run_crossings(facts, Rule.HOME_3M, home_run(facts, days)),
        *run_crossings(facts, Rule.LRV, unauthorised_run(facts, days)),
        *hours_crossings(facts, days),
        *sick_report_crossings(facts, days),
        *sick_row_crossings(facts, days),
    ]
    return sorted(found, key=lambda crossing: (crossing[2], crossing[0], crossing[1]))


def open_runs(facts: Facts, as_of: date) -> tuple[RunDay | None, RunDay | None]:
    """The run at home and the unauthorised run that are open as of a date."""
    days = list(days_until(facts, as_of))
    home = [run for run in home_run(facts, days) if run.day == as_of]
    unauthorised = [run for run in unauthorised_run(facts, days) if run.day == as_of]
    return (home[0] if home else None), (unauthorised[0] if unauthorised else None)


# The day


def days_until(facts: Facts, as_of: date) -> Iterator[NaiveDay]:
    """Every date from the first enrolment up to and including `as_of`."""
    if not facts.enrolments:
        return
    day = min(enrolment.first for enrolment in facts.enrolments)
    while day <= as_of:
        yield day_of(facts, day)
        day += ONE_DAY


def day_of(facts: Facts, day: date) -> NaiveDay:
    """The kind and the minutes of one date."""
    enrolment = enrolment_on(facts, day)
    if enrolment is None:
        return NaiveDay(day, Kind.NEUTRAL, False, False, 0, 0, 0, 0)
    school = enrolment.school
    school_day = school.calendar.is_school_day(day)
    if any(covers(exemption.first, exemption.last, day) for exemption in facts.exemptions):
        return NaiveDay(day, Kind.EXEMPT, school_day, False, 0, 0, 0, 0)
    if not school_day:
        return NaiveDay(day, Kind.NEUTRAL, False, False, 0, 0, 0, 0)
    own = own_timetable_on(facts, day)
    if own is not None and sum(own.week) == 0:
        return NaiveDay(day, Kind.MISSED, True, True, 0, 0, 0, 0)
    expected = (own.week if own is not None else school.week)[day.weekday()]
    if expected == 0:
        return NaiveDay(day, Kind.NEUTRAL, True, False, 0, 0, 0, 0)

    records = [record for record in facts.absences if record_covers(record, day)]
    counting = [record for record in records if record.counts]
    missed = minutes(counting, expected)
    unauthorised = minutes([record for record in counting if record.authorised is False], expected)
    sick = minutes([record for record in counting if record.sick], expected)

    if missed == expected:
        kind = Kind.MISSED
    elif not records and not is_known(enrolment, day):
        kind = Kind.UNKNOWN
    else:
        kind = Kind.ATTENDED
    return NaiveDay(day, kind, True, False, expected, missed, unauthorised, sick)


def covers(first: date, last: date | None, day: date) -> bool:
    return first <= day and (last is None or day <= last)


def record_covers(record: Absence, day: date) -> bool:
    if record.minutes is not None:
        return record.first == day
    return covers(record.first, record.last, day)


def minutes(records: list[Absence], expected: int) -> int:
    total = 0
    for record in records:
        total += expected if record.minutes is None else record.minutes
    return min(total, expected)


def is_known(enrolment: Enrolment, day: date) -> bool:
    through = enrolment.school.complete_through
    return day in enrolment.taken or (through is not None and day <= through)


def enrolment_on(facts: Facts, day: date) -> Enrolment | None:
    for enrolment in facts.enrolments:
        if covers(enrolment.first, enrolment.last, day):
            return enrolment
    return None


def own_timetable_on(facts: Facts, day: date) -> OwnTimetable | None:
    for timetable in facts.timetables:
        if covers(timetable.first, timetable.last, day):
            return timetable
    return None


def norm_on(facts: Facts, rule: Rule, day: date) -> Norm | None:
    """The norm of the enrolment of that date; on a date without one, of the last enrolment before it."""
    begun = [enrolment for enrolment in facts.enrolments if enrolment.first <= day]
    if not begun:
        return None
    return max(begun, key=lambda enrolment: enrolment.first).norms.on(rule, day)


def is_lesson_week(school: School, monday: date) -> bool:
    return any(school.calendar.is_school_day(monday + n * ONE_DAY) for n in range(7))


def window_start(school: School, day: date, weeks: int) -> date:
    """The Monday of the last-but-`weeks` lesson week, counted back from and including the week of `day`."""
    monday = day - day.weekday() * ONE_DAY
    seen = 0
    for _ in range(MOST_WEEKS_BACK):
        if is_lesson_week(school, monday):
            seen += 1
            if seen == weeks:
                return monday
        monday -= 7 * ONE_DAY
    return monday


# The runs


def nobody_expected_since_yesterday(facts: Facts, day: date) -> bool:
    """Whether yesterday was the last day of an enrolment that ended with diploma, abroad or death."""
    return any(enrolment.final and enrolment.last == day - ONE_DAY for enrolment in facts.enrolments)


@dataclass(frozen=True)
class RunDay:
    """A date inside a run and how many school days the run has on it."""

    start: date
    day: date
    school_days: int


def home_run(facts: Facts, days: list[NaiveDay]) -> Iterator[RunDay]:
    """Every date that lies in a run at home."""
    start: date | None = None
    school_days = 0
    for today in days:
        if nobody_expected_since_yesterday(facts, today.day) or today.kind in (Kind.ATTENDED, Kind.EXEMPT):
            start = None
        if today.kind is Kind.MISSED and start is None:
            start, school_days = today.day, 0
        if start is not None:
            if today.school_day and today.kind in (Kind.MISSED, Kind.NEUTRAL):
                school_days += 1
            yield RunDay(start, today.day, school_days)


def unauthorised_run(facts: Facts, days: list[NaiveDay]) -> Iterator[RunDay]:
    """Every date that lies in an unauthorised run."""
    start: date | None = None
    school_days = 0
    for today in days:
        kind = today.unauthorised_kind
        if nobody_expected_since_yesterday(facts, today.day) or kind in (Kind.ATTENDED, Kind.EXEMPT):
            start = None
        if kind is Kind.MISSED and start is None:
            start, school_days = today.day, 0
        if start is not None:
            if today.school_day and kind in (Kind.MISSED, Kind.NEUTRAL) and not today.home_by_agreement:
                school_days += 1
            yield RunDay(start, today.day, school_days)


def run_crossings(facts: Facts, rule: Rule, run_days: Iterator[RunDay]) -> Iterator[Found]:
    """thuis-2w, thuis-4w, thuis-3m or lrv: on the first date of each run that has the length of the norm."""
    fired: set[date] = set()
    for today in run_days:
        norm = norm_on(facts, rule, today.day)
        if norm is None or today.start in fired:
            continue
        if rule is Rule.HOME_3M:
            reached = today.day >= today.start + relativedelta(months=norm.amount)
        elif norm.reading is Reading.CALENDAR:
            reached = (today.day - today.start).days + 1 >= norm.calendar_days
        else:
            reached = today.school_days >= norm.amount
        if reached:
            fired.add(today.start)
            yield rule.value, today.start, today.day


# The hours


def hours_crossings(facts: Facts, days: list[NaiveDay]) -> Iterator[Found]:
    """uren-16."""
    by_date = {today.day: today for today in days}
    at_school: School | None = None
    counted_from: date | None = None
    previous: date | None = None
    for today in days:
        enrolment = enrolment_on(facts, today.day)
        if enrolment is None:
            continue
        school = enrolment.school
        if at_school is None or school.key != at_school.key:
            counted_from, previous = today.day, None
        at_school = school
        norm = norm_on(facts, Rule.HOURS_16, today.day)
        if norm is None or not today.school_day or today.kind is Kind.EXEMPT:
            continue
        if previous is not None and today.day < previous + norm.gap_days * ONE_DAY:
            continue
        total = 0
        first: date | None = None
        day = window_start(school, today.day, norm.weeks)
        while day <= today.day:
            at_this_school = counted_from is not None and day >= counted_from
            if day in by_date and at_this_school and (previous is None or day > previous):
                total += by_date[day].unauthorised
                if first is None and by_date[day].unauthorised > 0:
                    first = day
            day += ONE_DAY
        if first is not None and total >= norm.amount * school.hour_minutes:
            previous = today.day
            yield Rule.HOURS_16.value, first, today.day


# The sick reports


def episodes(days: list[NaiveDay]) -> list[list[NaiveDay]]:
    """The sick episodes, each the list of its dates with sick minutes."""
    found: list[list[NaiveDay]] = []
    going_on = False
    for today in days:
        if today.sick > 0:
            if not going_on:
                found.append([])
            found[-1].append(today)
            going_on = True
        elif today.breaks_sick_episode:
            going_on = False
    return found


def sick_report_crossings(facts: Facts, days: list[NaiveDay]) -> Iterator[Found]:
    """ziek-4x."""
    starts = [episode[0].day for episode in episodes(days)]
    previous: date | None = None
    for day in starts:
        enrolment = enrolment_on(facts, day)
        norm = norm_on(facts, Rule.SICK_4X, day)
        if enrolment is None or norm is None:
            continue
        since = window_start(enrolment.school, day, norm.weeks)
        reports = [start for start in starts if since <= start <= day and (previous is None or start > previous)]
        if len(reports) >= norm.amount:
            previous = day
            yield Rule.SICK_4X.value, reports[-norm.amount], day


def sick_row_crossings(facts: Facts, days: list[NaiveDay]) -> Iterator[Found]:
    """ziek-7d."""
    for episode in episodes(days):
        row: list[date] = []
        for today in episode:
            if today.sick < today.expected:
                row = []
                continue
            row.append(today.day)
            norm = norm_on(facts, Rule.SICK_7D, today.day)
            if norm is not None and len(row) >= norm.amount:
                yield Rule.SICK_7D.value, row[-norm.amount], today.day
                break

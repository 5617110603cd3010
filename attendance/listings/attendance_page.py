"""A pupil's attendance over a school year: shares, episodes, the calendar, and what is used of the norms."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

from attendance.engine.calendar import SchoolCalendar
from attendance.engine.episodes import episodes
from attendance.engine.evaluate import evaluate
from attendance.engine.explain import days
from attendance.engine.facts import Crossing, Facts, Rule
from attendance.engine.forecast import forecast
from attendance.engine.missed import Share, looked
from attendance.engine.norm_periods import norm_periods, period_on
from attendance.facts import facts_of
from attendance.listings.absence_charts import dutch_number
from attendance.listings.pupil_clock import hour_minutes_on, reason_of
from attendance.listings.pupil_page import PupilHead, covers, pupil_head, visible_enrolments, year_mark
from attendance.listings.reasons import telling_for
from attendance.listings.school_year import Month, months_of, school_year_of
from attendance.models import Absence, Enrolment, Pupil
from attendance.models.calendar import RULE_LABELS
from thuiszitters.accounts.models import User

WINDOWS = ((4, "Laatste 4 lesweken"), (12, "Laatste 12 lesweken"))
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class ShareRow:
    """A period in words, its first date, and what was missed in it."""

    label: str
    first: date
    share: Share
    hours: str


@dataclass(frozen=True)
class EpisodeRow:
    """`words`: the reasons of the records it rests on."""

    first: date
    last: date
    school_days: int
    is_open: bool
    words: str


@dataclass(frozen=True)
class ToCome:
    """A norm that will be passed if nothing changes."""

    label: str
    on: date


@dataclass(frozen=True)
class AttendancePage:
    """`year` is the first date of the school year shown; `years`: the others that there is anything to show of."""

    head: PupilHead
    year: date
    years: tuple[date, ...]
    shares: tuple[ShareRow, ...]
    hours_used: int
    hours_norm: int
    sick_reports: int
    sick_norm: int
    to_come: tuple[ToCome, ...]
    episodes: tuple[EpisodeRow, ...]
    months: tuple[Month, ...]


def attendance_page(pupil: Pupil, user: User, today: date, year: date | None = None) -> AttendancePage:
    """The page for this reader, of the school year with `year` in it (the present one unless given).

    Only dates that the reader may see are shown and counted; what is used of the norms is what the rules say.
    """
    seen = visible_enrolments(pupil, user)
    facts = facts_of([pupil.pk])[pupil.pk]
    head = pupil_head(pupil, seen, facts, today)
    as_of = today if head.is_current else min(today, head.enrolment.last or today)
    first, last = school_year_of(year or as_of)
    told = telling_for(user, pupil.code)
    rows = Absence.objects.filter(pupil=pupil).select_related("reason")
    reasons = {row.pk: (told(row.reason) if told else row.reason).label.lower() for row in rows}
    evaluation = evaluate(facts, as_of)
    minutes = hour_minutes_on(facts, as_of)
    sick_norm = period_on(norm_periods(facts.enrolments, Rule.SICK_4X), as_of.toordinal())
    marks = [year_mark(day, seen, reasons, today) for day in days(facts, first, last)]
    return AttendancePage(
        head=head,
        year=first,
        years=years_of(seen, today),
        shares=shares_of(only_seen(facts, seen), calendar_of(facts, head), first, min(last, as_of), as_of),
        hours_used=evaluation.unauthorised_minutes // minutes,
        hours_norm=round(evaluation.hours_minutes / minutes),
        sick_reports=evaluation.sick_reports,
        sick_norm=sick_norm.norm.amount if sick_norm else 0,
        to_come=tuple(to_come(row) for row in forecast(facts, as_of)) if as_of == today else (),
        episodes=episodes_of(facts, seen, reasons, first, min(last, as_of)),
        months=months_of(marks),
    )


def only_seen(facts: Facts, seen: list[Enrolment]) -> Facts:
    """The facts at the schools that the reader may see. Enrolments of one pupil start on different dates."""
    starts = {row.first for row in seen}
    return replace(facts, enrolments=tuple(row for row in facts.enrolments if row.first in starts))


def calendar_of(facts: Facts, head: PupilHead) -> SchoolCalendar:
    """That of the school on top of the page."""
    return next(row.school.calendar for row in facts.enrolments if row.school.key == head.enrolment.place_id)


def years_of(seen: list[Enrolment], today: date) -> tuple[date, ...]:
    """The first dates of the school years that these enrolments touch, newest first."""
    first = school_year_of(min(row.first for row in seen))[0]
    year = school_year_of(today)[0]
    found = []
    while year >= first:
        if any(row.first < year.replace(year=year.year + 1) and (row.last is None or row.last >= year) for row in seen):
            found.append(year)
        year = year.replace(year=year.year - 1)
    return tuple(found)


def shares_of(facts: Facts, calendar: SchoolCalendar, first: date, last: date, as_of: date) -> tuple[ShareRow, ...]:
    """The last weeks up to `as_of` (of the year that is running only), and the school year from `first` to `last`."""
    periods = [(label, calendar.lesson_weeks_start(as_of, weeks)) for weeks, label in WINDOWS] if last == as_of else []
    periods.append(("Dit schooljaar" if last == as_of else "Dat schooljaar", first))
    found = looked(facts, min(start for _label, start in periods), last)
    minutes = hour_minutes_on(facts, last) if facts.enrolments else 60
    rows = []
    for label, start in periods:
        share = found.share(start, last)
        rows.append(ShareRow(label, start, share, dutch_number(share.missed / minutes)))
    return tuple(rows)


def to_come(crossing: Crossing) -> ToCome:
    return ToCome(RULE_LABELS[crossing.rule], crossing.crossed_on)


def episodes_of(
    facts: Facts, seen: list[Enrolment], reasons: dict[int, str], first: date, last: date
) -> tuple[EpisodeRow, ...]:
    """Those that touch the school year, newest first; each as far as the reader may see it."""
    start = min((row.first for row in facts.enrolments), default=first)
    explained = [day for day in days(facts, min(start, first), last) if covers(seen, day.day)]
    return tuple(
        EpisodeRow(row.first, row.last, row.school_days, row.is_open, reason_of(row.refs, reasons))
        for row in reversed(episodes(explained))
        if row.last >= first
    )

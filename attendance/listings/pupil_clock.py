"""The clocks of one pupil, made ready for the page from the facts."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from attendance.engine.evaluate import evaluate
from attendance.engine.explain import days
from attendance.engine.facts import Crossing, Evaluation, Facts, Rule, Why
from attendance.engine.forecast import forecast
from attendance.listings.clock import Clock, line_of, rows_of_weeks
from attendance.listings.day_marks import DayMark, mark_of
from attendance.models import NormRow, PupilClock
from attendance.services.norm_texts import norm_text

HOME_NORMS = {Rule.HOME_2W: "2 weken", Rule.HOME_4W: "4 weken", Rule.HOME_3M: "3 maanden"}
COUNTED = frozenset({Why.MISSED, Why.HOME_BY_AGREEMENT, Why.DAY_OFF})
"""Why a date counts as a school day of the run at home."""
WATCHED_FROM = 0.75
"""The hours are shown from 12 of 16 on."""

Sees = Callable[[date], bool]
"""Whether the reader may see a date of this pupil."""


def school_days_word(number: int) -> str:
    return "schooldag thuis" if number == 1 else "schooldagen thuis"


def small_clock(row: PupilClock) -> Clock | None:
    """The clock for a list, as it stood at the last evaluation; None when no run is open."""
    if row.run_since is None:
        return None
    return Clock(row.run_school_days, school_days_word(row.run_school_days), row.run_since)


def clocks_of(
    facts: Facts, as_of: date, today: date, *, sees: Sees, reasons: dict[int, str], records: dict[int, str]
) -> tuple[list[Clock], Evaluation]:
    """The run at home, and the hours when they say something else; what the rules say as of `as_of`.

    `reasons` and `records` have, by primary key of an absence, its reason and a line about it. A past `as_of` has no
    forecast.
    """
    evaluation = evaluate(facts, as_of)
    clocks = []
    if evaluation.home is not None:
        clocks.append(home_clock(facts, evaluation, today, sees=sees, reasons=reasons, records=records))
    if evaluation.hours_minutes and evaluation.unauthorised_minutes >= WATCHED_FROM * evaluation.hours_minutes:
        clocks.append(hours_clock(facts, evaluation))
    return clocks, evaluation


def home_clock(
    facts: Facts, evaluation: Evaluation, today: date, *, sees: Sees, reasons: dict[int, str], records: dict[int, str]
) -> Clock:
    """The open run at home, with the norms passed and to come."""
    run, as_of = evaluation.home, evaluation.as_of
    assert run is not None
    passed = [row for row in evaluation.crossings if row.rule in HOME_NORMS and row.start == run.start]
    to_come = forecast(facts, as_of) if as_of == today else ()
    coming = [row for row in to_come if row.rule in HOME_NORMS and row.start == run.start]
    norms = [(HOME_NORMS[row.rule], row.crossed_on, True) for row in passed]
    norms += [(HOME_NORMS[row.rule], row.crossed_on, False) for row in coming]
    now_at, line = line_of(run.start, as_of, sorted(norms, key=lambda norm: norm[1]))
    explained = days(facts, run.start, as_of)
    marks = [
        hidden(day.day, today)
        if not sees(day.day)
        else counted(mark_of(day, today, reason_of(day.refs, reasons)), yes=day.why in COUNTED)
        for day in explained
    ]
    used = sorted({ref for day in explained if day.why in COUNTED for ref in day.refs if sees(day.day)})
    return Clock(
        amount=run.school_days,
        unit=school_days_word(run.school_days),
        since=run.start,
        calendar_days=run.calendar_days,
        now_at=now_at,
        norms=line,
        weeks=rows_of_weeks(marks),
        sentence=sentence_of(run.school_days, [*passed, *coming], as_of),
        records=tuple(records[ref] for ref in used if ref in records),
    )


def hours_clock(facts: Facts, evaluation: Evaluation) -> Clock:
    """The hours used of the sixteen, in hours of this school."""
    minutes = hour_minutes_on(facts, evaluation.as_of)
    norm = round(evaluation.hours_minutes / minutes)
    used = evaluation.unauthorised_minutes // minutes
    first = min(
        (row.first for row in facts.absences if row.authorised is False and row.first <= evaluation.as_of),
        default=evaluation.as_of,
    )
    window = max(
        (row.school.calendar.lesson_weeks_start(evaluation.as_of, 4) for row in facts.enrolments), default=first
    )
    return Clock(used, f"van {norm} uur ongeoorloofd", max(first, window), scope="in de laatste 4 lesweken")


def hour_minutes_on(facts: Facts, day: date) -> int:
    """Minutes of an hour at the school of this day, or of the last enrolment."""
    rows = sorted(facts.enrolments, key=lambda row: row.first)
    here = [row for row in rows if row.first <= day and (row.last is None or day <= row.last)]
    return (here or rows)[-1].school.hour_minutes


def reason_of(refs: Iterable[int], reasons: dict[int, str]) -> str:
    """The reasons of the records that a date rests on, each once."""
    return ", ".join(dict.fromkeys(reasons[ref] for ref in refs if ref in reasons))


def hidden(day: date, today: date) -> DayMark:
    """A date at another school, which its own people see."""
    return DayMark(day, "none", "niet op deze school", is_today=day == today)


def counted(mark: DayMark, *, yes: bool) -> DayMark:
    return DayMark(mark.day, mark.kind, mark.text, yes, mark.is_today)


def sentence_of(school_days: int, crossings: list[Crossing], as_of: date) -> str:
    """The count, against the norm that was passed last (or, before that, comes first), with its source."""
    start = f"{school_days} schooldag{'' if school_days == 1 else 'en'} {'telt' if school_days == 1 else 'tellen'} mee."
    rows = sorted(crossings, key=lambda row: row.crossed_on)
    passed = [row for row in rows if row.crossed_on <= as_of]
    shown = passed[-1:] or rows[:1]
    if not shown:
        return start
    norm = shown[0].norm
    rows_of_norm = NormRow.objects.filter(pk=norm.ref or 0)
    source = rows_of_norm.values_list("source", flat=True).first() or ""
    return f"{start} De norm: {norm_text(norm, source.rstrip('.'))}."

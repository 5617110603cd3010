"""Evaluating pupils and keeping what the rules say of them."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from operator import attrgetter

from django.db import transaction

from attendance.batches import rows_of
from attendance.engine import facts as engine
from attendance.engine.evaluate import Clocks, evaluation_of
from attendance.engine.forecast import next_on
from attendance.facts import facts_of
from attendance.models import Crossing, PupilClock
from attendance.services.bulk_writes import insert_rows
from attendance.services.crossings import Finding, Outcome, store_crossings
from attendance.services.follow_up import announce
from attendance.services.locks import lock_pupils
from attendance.services.marks import mark_dirty

logger = logging.getLogger(__name__)

TIME = "een nieuwe dag"
"""The cause of what nobody changed. Pupils that were marked dirty get the cause they were marked with."""
WEEK = timedelta(days=7)
WATCHED_FROM = 3 / 4
"""Share of the hours norm from which lists show the hours: 12 of 16."""


def evaluate_pupil(pupil_id: int, *, today: date, cause: str, finished: date | None = None) -> Outcome:
    """Bring the stored crossings and the clock of one pupil up to `today`. May be repeated, also at the same time."""
    return evaluate_pupils([pupil_id], today=today, cause=cause, finished=finished)


def evaluate_pupils(pupil_ids: Iterable[int], *, today: date, cause: str, finished: date | None = None) -> Outcome:
    """The same for some pupils (at most a few thousand: they are locked together) in one transaction, with few
    queries.

    `finished` is the last date to take as finished, when that is not `today`: at night nobody can know who will be
    there in the morning. A pupil that was evaluated later than that already is not set back.
    `cause` is kept with what changes: a few Dutch words without personal data. A pupil whose facts the rules cannot
    take is logged, named in `failed` and marked for the next run, so that a fact can be recorded whatever the rules
    make of it.
    """
    with transaction.atomic():
        found = lock_pupils(pupil_ids)
        clocks = {row.pupil_id: row for row in PupilClock.objects.filter(rows_of("pupil", found))}
        stored = crossings_of(found)
        findings: list[Finding] = []
        failed: list[int] = []
        rows: list[PupilClock] = []
        for pk, facts in facts_of(found).items():
            clock = clocks.get(pk)
            if not has_something_to_count(facts, clock, stored.get(pk)):
                continue
            try:
                as_of = last_date(clock, today, finished)
                now = Clocks(facts, as_of.toordinal())
                evaluation = evaluation_of(now, as_of)
                row = clock_row(pk, evaluation, next_on(facts, as_of, now))
            except Exception:
                logger.exception("pupil %s cannot be evaluated", pk)
                failed.append(pk)
                continue
            findings.append(Finding(facts, evaluation, now.timeline, stored.get(pk, []), cause_of(clock, cause), pk))
            rows.append(row)
        outcome = store_crossings(findings)
        save_clocks(rows, clocks)
        if failed:
            mark_dirty(failed, cause=cause)
        outcome.failed = failed
        outcome.evaluated = len(findings)
        if outcome.changed:
            announce()
    return outcome


def has_something_to_count(facts: engine.Facts, clock: PupilClock | None, stored: list[Crossing] | None) -> bool:
    """Whether an evaluation of this pupil can find anything, or has to undo what an earlier one found."""
    return bool(clock is not None or stored or facts.absences or facts.timetables)


def crossings_of(pupil_ids: Collection[int]) -> dict[int, list[Crossing]]:
    """The stored crossings of each pupil, withdrawn ones too, without their evidence."""
    found: dict[int, list[Crossing]] = defaultdict(list)
    rows = Crossing.objects.filter(rows_of("pupil", pupil_ids)).order_by("pupil_id", "crossed_on", "rule")
    for row in rows.defer("evidence"):
        found[row.pupil_id].append(row)
    return found


def last_date(clock: PupilClock | None, today: date, finished: date | None) -> date:
    """Up to which date a pupil is evaluated: `finished`, or later if it was evaluated later, but at most `today`."""
    if finished is None:
        return today
    if clock is None or clock.evaluated_on is None:
        return min(finished, today)
    return min(max(finished, clock.evaluated_on), today)


def cause_of(clock: PupilClock | None, cause: str) -> str:
    if cause == TIME and clock is not None and clock.dirty and clock.dirty_cause:
        return clock.dirty_cause
    return cause


# The clock

STATE = (
    "dirty",
    "dirty_cause",
    "evaluated_on",
    "next_on",
    "open_since",
    "run_since",
    "run_school_days",
    "unauthorised_minutes",
    "hours_minutes",
    "sick_reports",
    "structural_share",
)
state_of = attrgetter(*STATE)


def clock_row(pupil_id: int, evaluation: engine.Evaluation, due: date | None) -> PupilClock:
    """The clock as this evaluation leaves it (not saved).

    Hours that lists show go out of their window by themselves: from 12 of 16 on they are counted again each Monday.
    """
    home = evaluation.home
    today = evaluation.as_of
    if evaluation.hours_minutes and evaluation.unauthorised_minutes >= WATCHED_FROM * evaluation.hours_minutes:
        monday = today - timedelta(days=today.weekday()) + WEEK
        due = monday if due is None else min(due, monday)
    return PupilClock(
        pupil_id=pupil_id,
        dirty=False,
        dirty_cause="",
        evaluated_on=today,
        next_on=due,
        open_since=evaluation.open_since,
        run_since=home.start if home else None,
        run_school_days=home.school_days if home else 0,
        unauthorised_minutes=evaluation.unauthorised_minutes,
        hours_minutes=evaluation.hours_minutes,
        sick_reports=evaluation.sick_reports,
        structural_share=evaluation.structural_share,
    )


def save_clocks(rows: Iterable[PupilClock], stored: dict[int, PupilClock]) -> None:
    """Write the clocks that are new or other than they were. The pupils must be locked."""
    new: list[PupilClock] = []
    changed: list[PupilClock] = []
    for row in rows:
        old = stored.get(row.pupil_id)
        if old is None:
            new.append(row)
        elif state_of(old) != state_of(row):
            changed.append(row)
    if new:
        insert_rows(PupilClock, new)
    if changed:
        PupilClock.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["pupil"], update_fields=list(STATE)
        )

"""What a change would do to clocks and crossings, by the very rules that saving it applies. Reads only: no row is
written and none is locked."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from attendance.batches import in_batches, rows_of
from attendance.engine import facts as engine
from attendance.engine.evaluate import Clocks, evaluate, evaluation_of
from attendance.facts import facts_of
from attendance.models import Crossing, PupilClock
from attendance.services.clocks import crossings_of, has_something_to_count, last_date
from attendance.services.crossings import Finding, found_crossings
from attendance.services.matching import match_crossings

logger = logging.getLogger(__name__)

Change = Callable[[engine.Facts], engine.Facts]
"""The facts of a pupil as they would be after the change. It is called once for each pupil, and must give back facts
that differ in nothing but the change itself."""

BATCH = 2000


@dataclass(frozen=True)
class Signal:
    """A crossing in short. `crossing_id` is that of the stored row, None for one that is not there yet."""

    pupil_id: int
    rule: str
    start: date
    crossed_on: date
    crossing_id: int | None = None


@dataclass(frozen=True)
class Move:
    """A standing signal that gets other dates."""

    was: Signal
    becomes: Signal


@dataclass
class ToldEffect:
    """What saving would do. `changed` are the pupils of whom any count or signal becomes another; `new` has the signals
    that appear, withdrawn ones that hold again included; `failed` the pupils whose facts the rules cannot take."""

    looked_at: int = 0
    changed: set[int] = field(default_factory=set)
    new: list[Signal] = field(default_factory=list)
    moved: list[Move] = field(default_factory=list)
    withdrawn: list[Signal] = field(default_factory=list)
    failed: list[int] = field(default_factory=list)

    @property
    def pupils_changed(self) -> int:
        return len(self.changed)

    @property
    def changes_signals(self) -> bool:
        """Whether any signal comes, goes or moves."""
        return bool(self.new or self.moved or self.withdrawn)


def told_effect(pupil_ids: Iterable[int], change: Change, *, today: date, finished: date | None = None) -> ToldEffect:
    """What the same `change` of the facts of each of these pupils would do, as of `today`.

    `finished` as in services.clocks.evaluate_pupils: give it when the change is evaluated by a job that does so too.
    Takes any number of pupils: a fixed number of queries for each two thousand.
    """
    return told_effect_of(dict.fromkeys(pupil_ids, change), today=today, finished=finished)


def told_effect_of(changes: Mapping[int, Change], *, today: date, finished: date | None = None) -> ToldEffect:
    """The same with a change for each pupil (by id)."""
    effect = ToldEffect()
    for batch in in_batches(sorted(changes), BATCH):
        clocks = {row.pupil_id: row for row in PupilClock.objects.filter(rows_of("pupil", batch))}
        stored = crossings_of(batch)
        for pk, facts in facts_of(batch).items():
            effect.looked_at += 1
            changed = changes[pk](facts)
            if not has_something_to_count(changed, clocks.get(pk), stored.get(pk)):
                continue
            try:
                as_of = last_date(clocks.get(pk), today, finished)
                now = Clocks(changed, as_of.toordinal())
                after = evaluation_of(now, as_of)
                moves = _take(effect, Finding(changed, after, now.timeline, stored.get(pk, []), "", pk))
                if moves or (changed is not facts and counts_of(evaluate(facts, as_of)) != counts_of(after)):
                    effect.changed.add(pk)
            except Exception:
                # As saving does it: the fact can be recorded whatever the rules make of it.
                logger.exception("pupil %s cannot be evaluated", pk)
                effect.failed.append(pk)
    return effect


def _take(effect: ToldEffect, finding: Finding) -> bool:
    """Add what storing this finding would do; whether that is anything."""
    pk = finding.pupil_id
    matching = match_crossings(finding.stored, found_crossings(finding))
    effect.new += [_found(pk, row) for row in matching.created]
    effect.new += [_found(pk, crossing, row) for row, crossing in matching.restored]
    effect.moved += [Move(_stored(row), _found(pk, crossing, row)) for row, crossing in matching.moved]
    effect.withdrawn += [_stored(row) for row in matching.withdrawn]
    return bool(matching.created or matching.restored or matching.moved or matching.withdrawn)


def counts_of(evaluation: engine.Evaluation) -> tuple[object, ...]:
    """What a page says of a pupil: how long, how much, how often."""
    return (
        [(row.rule, row.start, row.crossed_on) for row in evaluation.crossings],
        evaluation.home,
        evaluation.unauthorised,
        evaluation.unauthorised_minutes,
        evaluation.hours_minutes,
        evaluation.sick_reports,
        evaluation.structural_share,
    )


def _stored(row: Crossing) -> Signal:
    return Signal(row.pupil_id, row.rule, row.start, row.crossed_on, row.pk)


def _found(pupil_id: int, crossing: engine.Crossing, row: Crossing | None = None) -> Signal:
    return Signal(pupil_id, crossing.rule.value, crossing.start, crossing.crossed_on, None if row is None else row.pk)


# Changes


def with_records(*, added: Iterable[engine.Absence] = (), without: Collection[int] = ()) -> Change:
    """Absence records come, and those with these primary keys go."""
    rows = tuple(added)
    gone = frozenset(without)

    def change(facts: engine.Facts) -> engine.Facts:
        kept = tuple(row for row in facts.absences if row.ref not in gone)
        return replace(facts, absences=(*kept, *rows))

    return change


def with_school(school: engine.School) -> Change:
    """A place of teaching becomes this one (the same `key`, other days or another timetable).

    Take the present one from attendance.facts.schools_of and `dataclasses.replace` what changes.
    """

    def change(facts: engine.Facts) -> engine.Facts:
        if all(row.school.key != school.key for row in facts.enrolments):
            return facts
        return replace(
            facts,
            enrolments=tuple(
                replace(row, school=school) if row.school.key == school.key else row for row in facts.enrolments
            ),
        )

    return change

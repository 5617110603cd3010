"""Keeping crossings: each stored once, and moved, withdrawn or restored when the past is corrected."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils import timezone

from attendance.engine import facts as engine
from attendance.engine.evaluate import evaluate
from attendance.engine.explain import KINDS, marks
from attendance.engine.timeline import Timeline
from attendance.models import Crossing, CrossingChange, NormRow
from attendance.services.bulk_writes import insert_rows
from attendance.services.matching import match_crossings
from attendance.services.norm_texts import norm_text

LONGEST_CAUSE = 120
WORDS = {why: (kind.value, why.value) for why, kind in KINDS.items()}


@dataclass
class Outcome:
    """What an evaluation changed in the stored crossings. The rows are saved."""

    created: list[Crossing] = field(default_factory=list)
    moved: list[Crossing] = field(default_factory=list)
    restored: list[Crossing] = field(default_factory=list)
    withdrawn: list[Crossing] = field(default_factory=list)
    evaluated: int = 0
    failed: list[int] = field(default_factory=list)

    @property
    def changed(self) -> bool:
        """Whether any crossing is other than it was."""
        return bool(self.created or self.moved or self.restored or self.withdrawn)


@dataclass
class Finding:
    """What was found of one pupil, beside what is stored of it. `cause` is the change that made somebody look."""

    facts: engine.Facts
    evaluation: engine.Evaluation
    timeline: Timeline
    stored: list[Crossing]
    cause: str
    pupil_id: int


def store_crossings(findings: Iterable[Finding]) -> Outcome:
    """Make the stored crossings say what was found; the same again changes nothing. The pupils must be locked."""
    writing = _Writing(timezone.now())
    for finding in findings:
        if finding.stored or finding.evaluation.crossings or finding.evaluation.structural:
            writing.take(finding)
    writing.save()
    return writing.outcome


def found_crossings(finding: Finding) -> list[engine.Crossing]:
    """The crossings that hold by these facts, suggestions included.

    A suggestion holds for a while and then no more, and neither is a correction: a stored one goes on standing as
    long as the facts still give it for its own date. While it stands, one that begins inside its window is no other.
    One that the facts do not give for its own date either takes no other's place: the two would change for ever.
    """
    suggestions: dict[object, engine.Crossing] = {}
    for row in finding.stored:
        if row.rule == engine.Rule.STRUCTURAL:
            then = evaluate(finding.facts, row.crossed_on).structural
            if then is None or (row.withdrawn_at is not None and then.start != row.start):
                continue
            if then.crossed_on == row.crossed_on or evaluate(finding.facts, then.crossed_on).structural == then:
                suggestions[then.start] = then
    now = finding.evaluation.structural
    if now is not None and not any(
        now.start <= other.crossed_on and other.start <= now.crossed_on for other in suggestions.values()
    ):
        suggestions[now.start] = now
    return [*finding.evaluation.crossings, *suggestions.values()]


class _Writing:
    """The rows to write for many pupils, collected so that they can be written together."""

    def __init__(self, now: datetime) -> None:
        self.outcome = Outcome()
        self._now = now
        self._changes: list[CrossingChange] = []
        self._texts: dict[engine.Norm, str] = {}

    def take(self, finding: Finding) -> None:
        matching = match_crossings(finding.stored, found_crossings(finding))
        cause = finding.cause[:LONGEST_CAUSE]
        for crossing in matching.created:
            row = Crossing(pupil_id=finding.pupil_id, rule=crossing.rule.value, cause=cause)
            self._fill(row, crossing, finding.timeline)
            self.outcome.created.append(row)
        for row, crossing in matching.moved:
            self._note(row, CrossingChange.Kind.MOVED, cause)
            self._fill(row, crossing, finding.timeline)
            self.outcome.moved.append(row)
        for row, crossing in matching.restored:
            self._note(row, CrossingChange.Kind.RESTORED, cause)
            self._fill(row, crossing, finding.timeline)
            row.withdrawn_at = None
            row.withdrawn_cause = ""
            self.outcome.restored.append(row)
        for row in matching.withdrawn:
            self._note(row, CrossingChange.Kind.WITHDRAWN, cause)
            row.withdrawn_at = self._now
            row.withdrawn_cause = cause
            self.outcome.withdrawn.append(row)

    def save(self) -> None:
        outcome = self.outcome
        insert_rows(Crossing, outcome.created)
        dated = ["start", "crossed_on", "norm", "norm_text", "evidence", "revision"]
        standing = ["withdrawn_at", "withdrawn_cause"]
        Crossing.objects.bulk_update(outcome.moved, dated, batch_size=200)
        Crossing.objects.bulk_update(outcome.restored, [*dated, *standing], batch_size=200)
        Crossing.objects.bulk_update(outcome.withdrawn, ["revision", *standing], batch_size=200)
        CrossingChange.objects.bulk_create(self._changes)

    def _note(self, row: Crossing, kind: CrossingChange.Kind, cause: str) -> None:
        change = CrossingChange(
            crossing=row, kind=kind, old_start=row.start, old_crossed_on=row.crossed_on, cause=cause
        )
        self._changes.append(change)
        row.revision += 1

    def _fill(self, row: Crossing, crossing: engine.Crossing, timeline: Timeline) -> None:
        norm = crossing.norm
        row.start = crossing.start
        row.crossed_on = crossing.crossed_on
        row.norm_id = norm.ref
        row.norm_text = self._text(norm)
        row.evidence = evidence_of(timeline, crossing)

    def _text(self, norm: engine.Norm) -> str:
        if norm not in self._texts:
            source = "" if norm.ref is None else NormRow.objects.values_list("source", flat=True).get(pk=norm.ref)
            self._texts[norm] = norm_text(norm, source)
        return self._texts[norm]


def evidence_of(timeline: Timeline, crossing: engine.Crossing) -> list[list[Any]]:
    """The dates of a crossing as Crossing.evidence keeps them."""
    return [[day.isoformat(), *WORDS[why], int(counted), name] for day, why, counted, name in marks(timeline, crossing)]

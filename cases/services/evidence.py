"""The dates that a crossing rests on, with their minutes."""

from __future__ import annotations

from attendance.engine import facts as engine
from attendance.engine.explain import explain
from attendance.facts import facts_of
from attendance.models import Crossing


def counted_days(crossing: Crossing) -> list[engine.Day]:
    """The dates that were counted for this crossing, as today's facts have them, in order."""
    facts = facts_of([crossing.pupil_id])[crossing.pupil_id]
    rule = engine.Rule(crossing.rule)
    norm = engine.Norm(rule, 0)
    if crossing.norm is not None:
        row = crossing.norm
        norm = engine.Norm(
            rule,
            row.amount,
            engine.Reading(row.reading),
            calendar_days=row.calendar_days,
            weeks=row.weeks,
            gap_days=row.gap_days,
            min_weeks=row.min_weeks,
        )
    days = explain(facts, engine.Crossing(rule, crossing.start, crossing.crossed_on, norm), crossing.crossed_on)
    return [day for day in days if day.counted and day.missed]

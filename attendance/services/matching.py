"""Which stored crossing is which found one: so that a correction moves a crossing instead of doubling it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from attendance.engine import facts as engine
from attendance.models import Crossing

Pair = tuple[Crossing, engine.Crossing]


@dataclass
class Matching:
    """What has to happen to the stored crossings of one pupil for them to say what was found."""

    created: list[engine.Crossing] = field(default_factory=list)
    moved: list[Pair] = field(default_factory=list)
    restored: list[Pair] = field(default_factory=list)
    withdrawn: list[Crossing] = field(default_factory=list)


def match_crossings(stored: Iterable[Crossing], found: Iterable[engine.Crossing]) -> Matching:
    """Pair them: first by rule and start, withdrawn ones too (those are restored); then what is left of the same rule
    and overlaps (those have moved). Found alone is new; standing alone no longer holds."""
    result = Matching()
    left = {(row.rule, row.start): row for row in stored}
    unmatched: list[engine.Crossing] = []
    for crossing in found:
        row = left.pop((crossing.rule.value, crossing.start), None)
        if row is None:
            unmatched.append(crossing)
        elif row.withdrawn_at is not None:
            result.restored.append((row, crossing))
        elif row.crossed_on != crossing.crossed_on:
            result.moved.append((row, crossing))
    standing = sorted((row for row in left.values() if row.withdrawn_at is None), key=lambda row: row.start)
    for crossing in unmatched:
        row = next((row for row in standing if overlaps(row, crossing)), None)
        if row is None:
            result.created.append(crossing)
        else:
            standing.remove(row)
            result.moved.append((row, crossing))
    result.withdrawn = standing
    return result


def overlaps(row: Crossing, crossing: engine.Crossing) -> bool:
    """Whether these are of one rule and have a date in common."""
    return row.rule == crossing.rule.value and row.start <= crossing.crossed_on and crossing.start <= row.crossed_on

"""The periods in which a pupil was away, for a list on the page: each from the first missed date to the last."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from attendance.engine.facts import Day, Kind, Why

_SCHOOL_DAYS = frozenset({Why.MISSED, Why.HOME_BY_AGREEMENT, Why.DAY_OFF})


@dataclass(frozen=True, slots=True)
class Episode:
    """Dates missed in a row, with nothing but neutral or unknown dates between them.

    `last` is the last missed date; `school_days` counts as the run at home does, up to that date. `refs` are the
    records it rests on. `is_open`: no date at school after it is known.
    """

    first: date
    last: date
    school_days: int
    refs: tuple[int, ...]
    is_open: bool


def episodes(days: Iterable[Day]) -> list[Episode]:
    """The episodes in these dates (in order, explained for the run at home), oldest first."""
    found: list[Episode] = []
    first: date | None = None
    last = date.min
    counted = upto_last = 0
    refs: dict[int, None] = {}

    def finish(*, is_open: bool) -> None:
        if first is not None:
            found.append(Episode(first, last, upto_last, tuple(refs), is_open))

    for day in days:
        if day.kind in (Kind.ATTENDED, Kind.EXEMPT):
            finish(is_open=False)
            first, counted, upto_last, refs = None, 0, 0, {}
            continue
        if first is None and day.kind is not Kind.MISSED:
            continue
        counted += day.why in _SCHOOL_DAYS
        if day.kind is Kind.MISSED:
            first = first or day.day
            last, upto_last = day.day, counted
            refs |= dict.fromkeys(day.refs)
    finish(is_open=True)
    return found

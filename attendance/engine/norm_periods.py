"""Which norm is valid when for one pupil: that of its enrolment, else of the latest one begun before."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from attendance.engine.calendar import LATEST
from attendance.engine.facts import Enrolment, Norm, Norms, Rule


class NormPeriod(NamedTuple):
    """A norm with the dates (ordinals, both included) on which it decides, and the enrolment that brings it."""

    lo: int
    hi: int
    norm: Norm
    enrolment: Enrolment


@lru_cache(maxsize=1024)
def _sorted_rows(norms: Norms) -> dict[Rule, list[tuple[int, int, Norm]]]:
    found: dict[Rule, list[tuple[int, int, Norm]]] = {rule: [] for rule in Rule}
    for norm in norms.rows:
        lo = 0 if norm.valid_from is None else norm.valid_from.toordinal()
        hi = LATEST if norm.valid_until is None else norm.valid_until.toordinal()
        found[norm.rule].append((lo, hi, norm))
    for rows in found.values():
        rows.sort(key=lambda row: row[0])
    return found


def _of_one(enrolment: Enrolment, rule: Rule) -> list[NormPeriod]:
    first = enrolment.first.toordinal()
    return [
        NormPeriod(max(lo, first), hi, norm, enrolment)
        for lo, hi, norm in _sorted_rows(enrolment.norms)[rule]
        if hi >= first
    ]


def norm_periods(enrolments: tuple[Enrolment, ...], rule: Rule) -> list[NormPeriod]:
    """The norms of `rule` in order of time. `enrolments` are sorted; before the first one there is no norm."""
    if len(enrolments) == 1:
        return _of_one(enrolments[0], rule)
    found: list[NormPeriod] = []
    last = LATEST
    for enrolment in reversed(enrolments):
        first = enrolment.first.toordinal()
        for lo, hi, norm in reversed(_sorted_rows(enrolment.norms)[rule]):
            if lo <= last and hi >= first:
                found.append(NormPeriod(max(lo, first), min(hi, last), norm, enrolment))
        last = first - 1
    found.reverse()
    return found


def period_on(periods: list[NormPeriod], day: int) -> NormPeriod | None:
    """The norm that decides on `day`, None when there is none."""
    for period in periods:
        if period.lo <= day <= period.hi:
            return period
    return None

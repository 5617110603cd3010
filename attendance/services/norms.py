"""The norms of an alliance: a next version holds from a date on, and the version before it ends the day before. What
held in the past is never written over."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.db import transaction

from attendance.engine.facts import Norm, Reading, Rule
from attendance.models import NormRow
from attendance.services.schools import recount_norms
from attendance.services.seen import check_seen, mark_of_norms
from thuiszitters.accounts.dutch_dates import full_date
from thuiszitters.accounts.models import Alliance

ONE_DAY = timedelta(days=1)


class NormError(ValueError):
    """A version that cannot be; the message is Dutch and meant for who entered it."""


@dataclass(frozen=True)
class NormValues:
    """The numbers of a norm and where it comes from (engine.facts.Norm tells what they mean per rule)."""

    amount: int
    source: str
    reading: Reading = Reading.SCHOOL
    calendar_days: int = 0
    weeks: int = 0
    gap_days: int = 0
    min_weeks: int = 0


def own_versions(alliance: Alliance, rule: Rule) -> list[NormRow]:
    """The alliance's own norms of this rule, in order of time."""
    rows = NormRow.objects.filter(alliance=alliance, rule=rule.value)
    return sorted(rows, key=lambda row: row.valid_from or date.min)


def with_next(
    rows: Sequence[NormRow], *, alliance: Alliance, rule: Rule, valid_from: date, values: NormValues | None
) -> list[NormRow]:
    """The versions (copies, not saved) as they become: from `valid_from` on these values hold, or, without values, the
    norm of everybody. Raises NormError."""
    found = [copy(row) for row in rows]
    last = found[-1] if found else None
    if last is not None and last.valid_from is not None and last.valid_from >= valid_from:
        raise NormError(
            f"Er is al een versie vanaf {full_date(last.valid_from)}. Kies een latere dag, of trek die versie eerst in."
        )
    holds = last is not None and (last.valid_until is None or last.valid_until >= valid_from)
    if values is None and not holds:
        raise NormError("Op deze dag geldt de algemene norm al.")
    if last is not None and holds:
        last.valid_until = valid_from - ONE_DAY
    if values is not None:
        found.append(NormRow(alliance=alliance, rule=rule.value, valid_from=valid_from, **asdict(values)))
    return found


def without_last(rows: Sequence[NormRow], *, today: date) -> list[NormRow]:
    """The versions (copies) without the last one, which has not begun: what held until then goes on. Raises
    NormError."""
    found = [copy(row) for row in rows]
    if not found or found[-1].valid_from is None or found[-1].valid_from <= today:
        raise NormError("Deze norm geldt al. Voeg een volgende versie toe, vanaf een dag die je kiest.")
    gone = found.pop()
    assert gone.valid_from is not None
    if found and found[-1].valid_until == gone.valid_from - ONE_DAY:
        found[-1].valid_until = None
    return found


def set_next_norm(
    *, alliance: Alliance, rule: Rule, valid_from: date, values: NormValues | None, seen: str | None = None
) -> None:
    """From `valid_from` on these values hold for the alliance; None: the norm of everybody again.

    Raises NormError, and ChangedMeanwhileError when the norms are no longer those that were `seen`.
    """
    with transaction.atomic():
        lock_norms(alliance, seen)
        rows = own_versions(alliance, rule)
        for row in with_next(rows, alliance=alliance, rule=rule, valid_from=valid_from, values=values):
            row.save()
        recount_norms(alliance=alliance)


def withdraw_next_norm(*, alliance: Alliance, rule: Rule, today: date, seen: str | None = None) -> None:
    """The version that has not begun yet will not come. Raises as set_next_norm does."""
    with transaction.atomic():
        lock_norms(alliance, seen)
        rows = own_versions(alliance, rule)
        for row in without_last(rows, today=today):
            row.save()
        rows[-1].delete()
        recount_norms(alliance=alliance)


def lock_norms(alliance: Alliance, seen: str | None) -> None:
    """Until the transaction ends nobody else writes norms of this alliance. Raises ChangedMeanwhileError."""
    Alliance.objects.select_for_update(of=("self",)).get(pk=alliance.pk)
    check_seen(seen, mark_of_norms(alliance))


def source_of(norm: Norm | None) -> str:
    """Where a stored norm comes from."""
    if norm is None or norm.ref is None:
        return ""
    return NormRow.objects.values_list("source", flat=True).get(pk=norm.ref)

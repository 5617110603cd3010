"""Absence of which the reason is not known yet, for who can fill it in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from attendance.listings.reasons import LATE, UNKNOWN, short_choices
from attendance.models import Absence, Enrolment, Reason
from attendance.services.unknown_reasons import with_unknown_reason
from thuiszitters.accounts.models import User

MOST, FEW = 50, 5
"""Rows on one page, and where it is a part of another; who has more sees the number, and the newest first."""
USUAL = 3

Choice = tuple[str, str, str]
"""Code, short word, description."""


@dataclass(frozen=True)
class UnknownReason:
    """A record without a known reason, and the class of the pupil now. `usual` and `others`: the reasons to choose
    from."""

    absence: Absence
    group_name: str
    usual: list[Choice]
    others: list[Choice]


@dataclass(frozen=True)
class UnknownReasons:
    """The newest of `total`."""

    rows: list[UnknownReason]
    total: int


def unknown_reasons(user: User, known: dict[str, Reason], today: date, most: int = MOST) -> UnknownReasons:
    """The newest records that `user` may fill in; the number of queries does not follow their number."""
    rows = with_unknown_reason(Absence.objects.visible_to(user)).filter(first__lte=today)
    order = ("-first", "pupil__surname_key", "pupil__first_name", "pk")
    found = list(rows.select_related("pupil", "reason").order_by(*order)[:most])
    total = len(found) if len(found) < most else rows.count()
    groups = dict(
        Enrolment.objects.on(today)
        .filter(pupil__in={row.pupil_id for row in found}, group__isnull=False)
        .order_by()
        .values_list("pupil", "group__name")
    )
    return UnknownReasons([line_of(row, groups.get(row.pupil_id, ""), known) for row in found], total)


def line_of(absence: Absence, group_name: str, known: dict[str, Reason]) -> UnknownReason:
    """One record with its reasons: being late is one only for a part of a day."""
    choices = [row for row in short_choices(known) if row[0] != UNKNOWN]
    usual, others = choices[:USUAL], choices[USUAL:]
    if absence.minutes is not None and LATE in known:
        usual.insert(0, (LATE, "te laat", known[LATE].label))
    return UnknownReason(absence, group_name, usual, others)

"""The reasons that people choose from. A school's own codes come in with its imports and are not chosen by hand."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from attendance.models import Reason
from thuiszitters.accounts.authorizer import may_see
from thuiszitters.accounts.data_classes import DataClass
from thuiszitters.accounts.models import User

LATE, SICK, UNKNOWN = "telaat", "ziek", "onbekend"
FIRST = ("onbekend", "ziek", "geoorloofd", "ongeoorloofd")
"""The ones chosen most, in this order; not known yet comes first."""

SHORT = {
    "onbekend": "onbekend",
    "ziek": "ziek",
    "geoorloofd": "geoorloofd",
    "ongeoorloofd": "ongeoorloofd",
    "schorsing": "geschorst",
    "luxe": "vakantie",
    "digitaal": "les thuis",
    "elders": "les elders",
}
"""One or two words, where a phone has no room for more."""

TOLD_TO_ALL = frozenset({"ziek", "onbekend", "geoorloofd", "ongeoorloofd", "luxe", "digitaal", "telaat", "elders"})
"""Codes of every installation that say nothing of discipline. What is not named here might."""

Telling = Callable[[Reason], Reason]
"""As which reason one is told."""


def telling_for(user: User, subject: UUID) -> Telling | None:
    """How `user` is told the reasons of the pupil with this code; None: as they are.

    Who may not know of discipline (a jeugdarts) gets for a suspension, and for what a school calls something itself,
    the reason of every installation that means the same for the count. One query, for those readers.
    """
    if may_see(user, DataClass.SCHOOL_REASONS, subject):
        return None
    common = reasons()
    by_pk = {row.pk: row for row in common.values()}

    def told(reason: Reason) -> Reason:
        meant = by_pk.get(reason.maps_to_id or reason.pk, reason)
        return meant if meant.school_id is None and meant.code in TOLD_TO_ALL else common[alike(meant)]

    return told


def alike(reason: Reason) -> str:
    """The code of every installation that has the same properties."""
    if not reason.counts:
        return "elders"
    if reason.sick:
        return SICK
    return UNKNOWN if reason.authorised is None else "geoorloofd" if reason.authorised else "ongeoorloofd"


def reasons() -> dict[str, Reason]:
    """Every reason of the installation by code, the usual ones first."""
    rows = {row.code: row for row in Reason.objects.filter(school=None).order_by("label")}
    usual = {code: rows[code] for code in FIRST if code in rows}
    return usual | {code: row for code, row in rows.items() if code not in usual}


def absence_choices(rows: dict[str, Reason]) -> list[tuple[str, str]]:
    """Those that fit whole days."""
    return [(code, row.label) for code, row in rows.items() if not row.minutes_required]


def short_choices(rows: dict[str, Reason]) -> list[tuple[str, str, str]]:
    """The same with a short word: code, word, description."""
    return [(code, SHORT.get(code, label.lower()), label) for code, label in absence_choices(rows)]

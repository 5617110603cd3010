"""The reasons that people choose from. A school's own codes come in with its imports and are not chosen by hand."""

from __future__ import annotations

from attendance.models import Reason

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

"""How what was kept as it was at some moment (a report as it was sent) is called in a file for parents."""

from __future__ import annotations

from cases.models import Report
from thuiszitters.privacy.pieces.left_out import LABELS

NAMES: dict[str, str] = LABELS | {
    "pupil": "leerling",
    "birth_date": "geboortedatum",
    "number": "leerlingnummer",
    "school": "school",
    "brin": "schoolnummer (BRIN)",
    "place": "plaats van onderwijs",
    "kind": "soort melding",
    "first_day": "vanaf",
    "last_day": "tot en met",
    "supposed_reason": "vermoedelijke reden",
    "all_lessons_missed": "alle lessen gemist",
    "school_actions": "wat de school deed",
    "action_wanted": "de school vraagt leerplicht iets te doen",
    "no_action_reason": "waarom leerplicht niets hoeft te doen",
    "reporter": "wie meldde",
    "contact_phone": "telefoonnummer van ouder of leerling",
    "other_address": "ander verblijfadres",
    "specification": "gemiste dagen (minuten, lessen, reden)",
    "informed_on": "ouders geïnformeerd op",
    "informed_by": "ouders geïnformeerd door",
    "informed_how": "hoe de ouders zijn geïnformeerd",
    "informed_why_not": "waarom de ouders niet zijn geïnformeerd",
}
"""By key."""
CHOICES: dict[str, dict[str, str]] = {"kind": {str(value): str(label) for value, label in Report.Kind.choices}}
"""By key, of what was kept as a code, what people call it."""

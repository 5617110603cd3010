"""What stands in the log, in the words of people: columns without a Dutch name of their own, mails, moments, codes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from thuiszitters.accounts.dutch_dates import full_date

EMPTY = "leeg"
COLUMNS = {
    "accepted_at": "overgenomen",
    "accepted_by": "overgenomen door",
    "alliance": "samenwerkingsverband",
    "answer": "antwoord",
    "answer_text": "toelichting bij het antwoord",
    "answered_at": "beantwoord",
    "answered_by": "beantwoord door",
    "approved_at": "akkoord gegeven",
    "approved_by": "akkoord van",
    "at": "wanneer",
    "by": "door",
    "case": "dossier",
    "closed_at": "gesloten",
    "closed_by": "gesloten door",
    "closed_reason": "waarom gesloten",
    "created": "nieuw",
    "created_by": "gemaakt door",
    "crossing": "signaal",
    "decided_at": "besloten",
    "decided_by": "besloten door",
    "declined_at": "niet geplaatst",
    "declined_by": "niet geplaatst door",
    "done_at": "gedaan",
    "done_by": "gedaan door",
    "dropped": "vervallen",
    "emptied_at": "leeggemaakt",
    "ended_by": "beëindigd door",
    "entered_at": "ingevoerd",
    "entered_by": "ingevoerd door",
    "entitled_at": "afgewogen",
    "entitled_by": "afgewogen door",
    "finished_at": "klaar",
    "from_school": "van school",
    "group_absence": "groepsmelding",
    "informed": "ouders geïnformeerd",
    "left_at": "van de tafel",
    "left_by": "van de tafel door",
    "left_reason": "waarom van de tafel",
    "lifted_at": "opgeheven",
    "lifted_by": "opgeheven door",
    "made_at": "gemaakt",
    "made_by": "gemaakt door",
    "maps_to": "staat voor",
    "offered_at": "aangeboden",
    "opened_by": "geopend door",
    "placed_at": "geplaatst",
    "placed_by": "geplaatst door",
    "prepared_at": "klaargezet",
    "prepared_by": "klaargezet door",
    "proposed_at": "voorgesteld",
    "proposed_by": "voorgesteld door",
    "pupil": "leerling",
    "reason": "reden",
    "recorded_at": "vastgelegd",
    "recorded_by": "vastgelegd door",
    "refused": "geweigerd",
    "revoked_at": "ingetrokken",
    "revoked_by": "ingetrokken door",
    "sent_at": "verstuurd",
    "sent_by": "verstuurd door",
    "sent_facts": "wat verstuurd is",
    "sequence": "versie van de uitnodiging",
    "set_at": "gezet",
    "set_by": "gezet door",
    "solved_at": "opgelost",
    "solved_by": "opgelost door",
    "source": "uit bestand",
    "specification": "gemiste dagen",
    "terms": "termijnen",
    "to_school": "naar school",
    "turned_on_at": "aangezet",
    "turned_on_by": "aangezet door",
    "unchanged": "zelfde",
    "undo_started_at": "begonnen met ongedaan maken",
    "undone_by": "ongedaan gemaakt door",
    "updated": "gewijzigd",
    "withdrawn_at": "ingetrokken",
    "withdrawn_by": "ingetrokken door",
}
SAME_IN_DUTCH = frozenset({"code", "school", "sector", "status"})
MAILS = {
    "access_antwoord": "je vraag om toegang is beantwoord",
    "access_eindigt": "toegang loopt af",
    "access_gevraagd": "iemand vraagt toegang",
    "access_nood": "noodtoegang geopend",
    "account_invitation": "uitnodiging",
    "invitation": "uitnodiging voor een afspraak",
    "lock_out": "te vaak een verkeerd wachtwoord",
    "log_does_not_fit": "controle van het logboek klopt niet",
    "new_browser": "ingelogd op een nieuw apparaat",
    "odd_patterns": "opvallende patronen",
    "password_link": "link voor een nieuw wachtwoord",
    "registers_due": "klassen niet ingevuld",
    "report": "nieuwe melding",
    "second_factor_changed": "tweede stap gewijzigd",
    "second_factor_reset": "tweede stap weggehaald",
    "second_factor_reset_notice": "tweede stap van een collega weggehaald",
    "steps_due": "stappen te doen",
}
"""By the name of the text that was sent."""
TABLES = {"case hand over": "overdracht van een dossier"}

ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d")
ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(\.\d+)?(Z|[+-]\d\d:\d\d)")
CODE = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
SHORT = 8
"""Characters of a code: enough to tell two rows apart."""


def called(what: str) -> str:
    """What an entry is about; a mail by what it told."""
    start, colon, name = what.rpartition(": ")
    return TABLES.get(what) or f"{start}{colon}{MAILS.get(name, name)}"


def codes_in(values: Any) -> set[UUID]:
    """Every code that stands somewhere in what an entry says: some are of people."""
    if isinstance(values, Mapping):
        values = values.values()
    elif not isinstance(values, list):
        return {UUID(values)} if isinstance(values, str) and CODE.fullmatch(values) else set()
    return {code for value in values for code in codes_in(value)}


def plain(value: Any, names: Mapping[UUID | None, str]) -> str:
    """A value as people write it; `names` of who is known by a code."""
    if value is None or value == "":
        return EMPTY
    if isinstance(value, bool):
        return "ja" if value else "nee"
    if isinstance(value, list):
        return ", ".join(plain(one, names) for one in value) or EMPTY
    return _text(value, names) if isinstance(value, str) else str(value)


def _text(value: str, names: Mapping[UUID | None, str]) -> str:
    # Dates, moments and codes were kept as text. A code of nobody is that of a row: its beginning is enough.
    try:
        if ISO_DATE.fullmatch(value):
            return full_date(date.fromisoformat(value))
        if ISO_MOMENT.fullmatch(value):
            moment = timezone.localtime(datetime.fromisoformat(value))
            return f"{full_date(moment.date())}, {moment:%H:%M}"
    except (ValueError, OverflowError):
        # A name that somebody typed can look like a day that does not exist, or lie at the edge of the calendar.
        return value
    return names.get(UUID(value), value[:SHORT]) if CODE.fullmatch(value) else value

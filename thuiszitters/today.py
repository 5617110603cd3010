""" "Vandaag": the first page of everybody, made of sections that each app answers for itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from attendance.listings.access import has_access_to_tend, has_emergency_to_review
from attendance.listings.lapsing_timetables import has_lapsing_timetables
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import ASSIGNED, Role
from thuiszitters.privacy.listings.alerts import has_alerts_to_judge
from thuiszitters.privacy.listings.requests import has_open_requests


@dataclass(frozen=True)
class Section:
    """A part of the page: loaded from `page` when the screen shows it, and a link to that page without JavaScript.

    The view of `page` has its own roles; `roles` here only says whose page it stands on. An htmx request is answered
    with the part alone. `is_wanted`: whether there is anything to show; without it the section always stands there.
    """

    title: str
    page: str
    roles: frozenset[Role]
    is_wanted: Callable[[User, date], bool] | None = None


SECTIONS: tuple[Section, ...] = (
    Section("Nieuw", "cases:signal_list", frozenset({Role.COO, Role.ZORGCOACH, Role.MENTOR})),
    Section("Nog in te richten", "attendance:set_up", frozenset({Role.BEHEERDER})),
    Section(
        "Noodtoegang",
        "attendance:emergency_list",
        frozenset({Role.FG}),
        is_wanted=has_emergency_to_review,
    ),
    Section(
        "Opvallend in het logboek",
        "privacy:alert_list",
        frozenset({Role.FG, Role.SCHOOLLEIDER}),
        is_wanted=has_alerts_to_judge,
    ),
    Section(
        "Toegang",
        "attendance:access_overview",
        frozenset({Role.COO, Role.ZORGCOACH}),
        is_wanted=has_access_to_tend,
    ),
    Section("Wie dossiers opende", "accounts:read_log", frozenset({Role.FG})),
    Section(
        "Privacyverzoeken",
        "privacy:request_list",
        frozenset({Role.COO, Role.SCHOOLLEIDER, Role.FG}),
        is_wanted=has_open_requests,
    ),
    Section("Meldingen van scholen", "cases:inbox", frozenset({Role.LEERPLICHT})),
    Section("Te doen", "cases:step_list", frozenset({Role.COO, Role.ZORGCOACH, Role.MENTOR, Role.GEDRAGSDESKUNDIGE})),
    Section("Meldingen die op jou wachten", "cases:report_list", frozenset({Role.COO, Role.ADMINISTRATIE})),
    Section("Mijn leerlingen", "attendance:assigned_pupils", ASSIGNED),
    Section("Op komst", "attendance:upcoming", frozenset({Role.COO, Role.ZORGCOACH, Role.SCHOOLLEIDER})),
    Section(
        "Thuiszitterstafel",
        "tables:board",
        frozenset({Role.COO, Role.ZORGCOACH, Role.SCHOOLLEIDER, Role.SWV, Role.LEERPLICHT}),
    ),
    Section(
        "Afspraken deze week",
        "cases:meeting_list",
        frozenset({Role.COO, Role.ZORGCOACH, Role.GEDRAGSDESKUNDIGE, Role.JEUGDARTS}),
    ),
    Section("Mijn lessen", "attendance:own_lessons", frozenset({Role.DOCENT})),
    Section("Klassen invullen", "attendance:registers_to_take", frozenset({Role.MENTOR})),
    Section(
        "Nog niet ingevulde klassen",
        "attendance:registers_missing",
        frozenset({Role.ADMINISTRATIE, Role.SCHOOLLEIDER}),
    ),
    Section(
        "Redenen die nog ontbreken",
        "attendance:unknown_reason_list",
        frozenset({Role.MENTOR, Role.ADMINISTRATIE}),
    ),
    Section("Mijn leerlingen met een signaal", "attendance:own_signals", frozenset({Role.MENTOR})),
    Section(
        "Roosters die aflopen",
        "attendance:lapsing_timetables",
        frozenset({Role.COO, Role.ADMINISTRATIE, Role.ZORGCOACH}),
        is_wanted=has_lapsing_timetables,
    ),
    Section(
        "Gegevens niet compleet",
        "attendance:data_quality_list",
        frozenset({Role.COO, Role.ADMINISTRATIE, Role.SCHOOLLEIDER}),
    ),
)

WHAT_YOU_DO_HERE: dict[Role, tuple[str, ...]] = {
    Role.MENTOR: (
        "Vul elke dag je klas in: iedereen is er, tot je iets anders aangeeft.",
        "Zie welke leerling uit je klas aandacht nodig heeft, en waarom.",
    ),
    Role.DOCENT: (
        "Vul per les in wie er niet is of te laat komt.",
        "Je ziet alleen de lessen van je eigen klassen, geen dossiers en geen redenen.",
    ),
    Role.ADMINISTRATIE: (
        "Vul klassen in of aan, en meld een leerling afwezig of beter.",
        "Verstuur meldingen die de COO heeft klaargezet, of stuur ze terug met een vraag.",
    ),
    Role.COO: (
        "Zie elke ochtend welke leerlingen te lang thuis zijn, en beslis wat er gebeurt.",
        "Zet een leerling op de Thuiszitterstafel en bereid de melding aan leerplicht voor.",
    ),
    Role.ZORGCOACH: ("Zie welke leerlingen thuiszitten en welke stap nu aan jou is.",),
    Role.SCHOOLLEIDER: ("Zie welke leerlingen van je school thuiszitten en of er genoeg gebeurt.",),
    Role.GEDRAGSDESKUNDIGE: ("Zie de leerlingen die aan jou zijn toegewezen, met hun aanwezigheid.",),
    Role.JEUGDARTS: ("Zie de leerlingen waarvoor de school je heeft uitgenodigd. Medische gegevens horen hier niet.",),
    Role.LEERPLICHT: ("Behandel de meldingen van leerlingen die in jouw gemeente wonen.",),
    Role.SWV: ("Zie de leerlingen op de Thuiszitterstafel van je samenwerkingsverband.",),
    Role.FG: ("Controleer wie welk dossier heeft geopend.", "Je ziet zelf geen dossiers."),
    Role.BEHEERDER: (
        "Beheer scholen, accounts en rollen, eigen vrije dagen en normen.",
        "Je ziet zelf geen dossiers.",
    ),
}


@for_roles(*Role)
def today(request: StaffRequest) -> HttpResponse:
    """What asks for attention now, by role."""
    grants = grants_of(request.user)
    context: dict[str, Any] = {
        "day": clock_today(),
        "sections": [
            {"title": section.title, "url": reverse(section.page), "id": section.page.replace(":", "-")}
            for section in SECTIONS
            if section.roles & grants.roles
            and (section.is_wanted is None or section.is_wanted(request.user, clock_today()))
        ],
        "what_you_do": [(role.label, WHAT_YOU_DO_HERE[role]) for role in Role if role in grants.roles],
    }
    return render(request, "today.html", context)

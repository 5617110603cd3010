"""The menu: which pages a role finds there. Only finished pages stand in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from thuiszitters.accounts.grants import Grants, all_grants_of
from thuiszitters.accounts.roles import ASSIGNED, CASE_WORKERS, SEES_PUPILS, Role
from thuiszitters.accounts.timeouts import seconds_left


@dataclass(frozen=True)
class Item:
    """One line of the menu, for who holds one of `roles`."""

    label: str
    page: str
    icon: str
    roles: frozenset[Role]


SEES_FILES = frozenset(
    {Role.COO, Role.ZORGCOACH, Role.SCHOOLLEIDER, Role.MENTOR, Role.GEDRAGSDESKUNDIGE, Role.JEUGDARTS}
)
AT_THE_TABLE = frozenset(
    {
        Role.COO,
        Role.ZORGCOACH,
        Role.SCHOOLLEIDER,
        Role.SWV,
        Role.LEERPLICHT,
        Role.GEDRAGSDESKUNDIGE,
        Role.JEUGDARTS,
    }
)

ITEMS: tuple[Item, ...] = (
    Item("Vandaag", "today", "sun", frozenset(Role)),
    Item("Klassen", "attendance:registers_to_take", "people", frozenset({Role.MENTOR, Role.ADMINISTRATIE, Role.COO})),
    Item("Lessen", "attendance:own_lessons", "journal-check", frozenset({Role.DOCENT})),
    Item(
        "In beeld",
        "attendance:picture_list",
        "bar-chart",
        frozenset({Role.MENTOR, Role.COO, Role.ZORGCOACH, Role.SCHOOLLEIDER, Role.ADMINISTRATIE}),
    ),
    Item("Dossiers", "cases:case_list", "folder2-open", SEES_FILES),
    Item("Tafel", "tables:board", "table", AT_THE_TABLE),
    Item("Afspraken", "cases:meeting_list", "calendar-event", SEES_FILES - {Role.JEUGDARTS}),
    Item(
        "Meldingen",
        "cases:report_list",
        "send",
        frozenset({Role.COO, Role.ZORGCOACH, Role.ADMINISTRATIE, Role.SCHOOLLEIDER}),
    ),
    Item("Meldingen", "cases:inbox", "inbox", frozenset({Role.LEERPLICHT})),
    Item("Leerlingen", "attendance:assigned_pupils", "people", ASSIGNED),
    Item(
        "Bestanden", "attendance:import_list", "file-earmark-arrow-up", frozenset({Role.ADMINISTRATIE, Role.BEHEERDER})
    ),
    Item("Schooljaar", "attendance:school_years", "calendar3", frozenset({Role.SCHOOLLEIDER})),
    Item(
        "Gegevens",
        "attendance:data_quality_list",
        "clipboard-check",
        frozenset({Role.ADMINISTRATIE, Role.SCHOOLLEIDER}),
    ),
    Item("Inrichten", "attendance:set_up", "sliders", frozenset({Role.BEHEERDER})),
    Item("Noodtoegang", "attendance:emergency_list", "shield-exclamation", frozenset({Role.FG})),
    Item("Verzoeken", "privacy:request_list", "envelope-paper", frozenset({Role.COO, Role.SCHOOLLEIDER, Role.FG})),
    Item("Logboek", "accounts:read_log", "eye", frozenset({Role.FG})),
    Item("Bewaren", "privacy:retention", "archive", frozenset({Role.BEHEERDER, Role.FG, Role.SCHOOLLEIDER})),
    Item("Signalen", "attendance:own_signals", "bell", frozenset({Role.MENTOR})),
)


def access_page(grants: Grants) -> str:
    """Where somebody finds who looks in for a time, or asks for that; empty for who does neither."""
    if grants.has(*CASE_WORKERS):
        return reverse("attendance:access_overview")
    return reverse("attendance:my_access") if grants.has(*SEES_FILES) else ""


def menu(request: HttpRequest) -> dict[str, Any]:
    """Context processor: the menu of whoever is logged in, and what the base page needs to know of the installation."""
    context: dict[str, Any] = {"menu_items": [], "is_demo": settings.DEMO, "is_development": settings.DEVELOPMENT}
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return context
    grants = all_grants_of(user)
    current = request.resolver_match.view_name if request.resolver_match else ""
    context["grants"] = grants
    context["session_left"] = seconds_left(request.session) if grants.roles else None
    context["my_roles"] = [role.label for role in Role if role in grants.roles]
    context["access_page"] = access_page(grants)
    context["can_search"] = grants.has(*SEES_PUPILS)
    context["menu_items"] = [
        {"label": item.label, "url": reverse(item.page), "icon": item.icon, "current": item.page == current}
        for item in ITEMS
        if item.roles & grants.roles
    ]
    return context

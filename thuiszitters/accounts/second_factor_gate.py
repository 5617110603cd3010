"""The gate behind the log-in page: who cannot do without a second step gives it, or sets it up first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from thuiszitters.accounts.proof import ask_for_proof, gave_second_factor, lead
from thuiszitters.accounts.school_login import second_factor_at_school
from thuiszitters.accounts.second_factor import has_second_factor, must_have_second_factor

ABOUT_THE_SESSION = frozenset({"accounts:own_sessions", "accounts:session_state"})
"""Where somebody is logged in, and for how long still."""


def second_factor_gate(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: every page is behind it, except those of the own account.

    It costs no query of who gave a second step in this session. Systems with a key of their own have no session.
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        return get_response(request)

    def process_view(
        request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        del args, kwargs
        page = request.resolver_match.view_name if request.resolver_match else ""
        if not request.user.is_authenticated or page in ABOUT_THE_SESSION or is_of_own_account(view):
            return None
        if gave_second_factor(request) or second_factor_at_school(request, request.user):
            return None
        if not must_have_second_factor(request.user):
            return None
        return ask_for_proof(request) if has_second_factor(request.user) else set_up_first(request)

    middleware.process_view = process_view  # type: ignore[attr-defined]
    return middleware


def is_of_own_account(view: Callable[..., Any]) -> bool:
    """Pages to log in and out, and to set up how one logs in: of the library and ours, without pupils."""
    module = getattr(view, "view_class", view).__module__
    open_to_all = not getattr(view, "login_required", True)
    return open_to_all or getattr(view, "own_account", False) or module.startswith("allauth.")


def set_up_first(request: HttpRequest) -> HttpResponse:
    """The way to the page where a second step is set up; whoever sent a form meanwhile is told what became of it."""
    if request.method in {"GET", "HEAD"}:
        return lead(request, reverse("mfa_index"))
    return render(request, "accounts/second_factor_first.html", status=403)

"""Step-up: who exports, gives rights or opens a file in an emergency has proved lately who they are."""

from __future__ import annotations

import time
from typing import Any, cast

from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter, get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.account.forms import ReauthenticateForm as PasswordForm
from allauth.account.internal.flows.reauthentication import reauthenticate_by_password
from allauth.core import ratelimit
from allauth.mfa import app_settings as mfa_settings
from allauth.mfa.base.forms import ReauthenticateForm as CodeForm
from allauth.mfa.webauthn.forms import ReauthenticateWebAuthnForm as PasskeyForm
from allauth.mfa.webauthn.internal.auth import begin_authentication
from allauth.utils import get_form_class
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import AnonymousUser
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from thuiszitters.accounts.models import User
from thuiszitters.accounts.second_factor import has_second_factor

PREFIX = "bewijs"
"""Before the names of what is asked in between, so that it is not taken for a field of the form that waits."""
PASSWORD, CODE, PASSKEY = "reauthenticate", "mfa_reauthenticate", "mfa_reauthenticate:webauthn"
"""The ways to prove who one is, as django-allauth calls them."""
LABELS = {PASSWORD: "Met je wachtwoord", CODE: "Met een code", PASSKEY: "Met een passkey"}
FIELDS = {PASSWORD: "password", CODE: "code", PASSKEY: "credential"}


def proofs(request: HttpRequest) -> list[dict[str, Any]]:
    """How the person of this session proved who they are, oldest first: `method` and `at` (seconds since 1970)."""
    return cast("list[dict[str, Any]]", get_authentication_records(request, request.user))


def gave_second_factor(request: HttpRequest) -> bool:
    """Whether this session began with, or has since seen, a second step."""
    return any(proof["method"] == "mfa" for proof in proofs(request))


def proved_lately(request: HttpRequest) -> bool:
    """Whether somebody proved less than STEP_UP_MINUTES ago who they are: with the second step by who has one, with the
    password by others. Logging in counts."""
    since = time.time() - settings.STEP_UP_MINUTES * 60
    recent = {proof["method"] for proof in proofs(request) if proof["at"] > since}
    if "mfa" in recent:
        return True
    return bool(recent) and isinstance(request.user, User) and not has_second_factor(request.user)


class AskAgain(DefaultAccountAdapter):  # type: ignore[misc]
    """What django-allauth's own pages ask before they change how somebody logs in is the same as ours."""

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        required: bool = super().is_reauthentication_required(app=app, **kwargs)
        return required and not proved_lately(self.request)

    def get_reauthentication_methods(self, user: User | AnonymousUser) -> list[dict[str, Any]]:
        """A password proves little of who has a second step: then only that counts."""
        found: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        if isinstance(user, User) and has_second_factor(user):
            found = [method for method in found if method["id"] != PASSWORD]
            found.sort(key=lambda method: method["id"] != PASSKEY)
        return [method | {"description": LABELS[method["id"]]} for method in found]


def ask_for_proof(request: HttpRequest) -> HttpResponseBase | None:
    """None: proved. Otherwise what to answer: a page that asks, and leads back.

    Somebody who sent a form loses nothing: the page holds what was typed and sends it again with the proof. Nothing of
    it is kept on the server.
    """
    if proved_lately(request):
        return None
    ways = get_adapter().get_reauthentication_methods(request.user)
    if not ways:
        messages.warning(request, "Hiervoor is een tweede stap nodig. Stel er een in, dan kun je verder.")
        return lead(request, reverse("mfa_index"))
    if request.method not in {"POST", "PUT", "PATCH", "DELETE"}:
        htmx = getattr(request, "htmx", None)
        back = htmx.current_url_abs_path or "/" if htmx else request.get_full_path()
        return lead(request, f"{ways[0]['url']}?{urlencode({'next': back})}")
    return _ask_in_between(request, {way["id"] for way in ways})


def lead(request: HttpRequest, url: str) -> HttpResponse:
    """Go to another page, also from a part of one."""
    if getattr(request, "htmx", None):
        return HttpResponse(headers={"HX-Redirect": url})
    return HttpResponseRedirect(url)


def _ask_in_between(request: HttpRequest, ways: set[str]) -> HttpResponse | None:
    """The form that waits goes on when the proof that came with it is good."""
    forms = {way: _form(request, way) for way in FIELDS if way in ways}
    for way, form in forms.items():
        if form.is_bound and _is_good(request, way, form):
            kept = request.POST.copy()
            for name in [name for name in kept if name.startswith(f"{PREFIX}-")]:
                del kept[name]
            request.POST = kept  # type: ignore[assignment]
            return None
    waiting = [
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if name != "csrfmiddlewaretoken" and not name.startswith(f"{PREFIX}-")
    ]
    context = {
        "action": request.get_full_path(),
        "waiting": waiting,
        "files": bool(request.FILES),
        "password_form": forms.get(PASSWORD),
        "code_form": forms.get(CODE),
        "passkey_form": forms.get(PASSKEY),
        "options": {"request_options": begin_authentication(request.user)} if PASSKEY in forms else None,
    }
    answer = render(request, "accounts/prove.html", context)
    if getattr(request, "htmx", None):
        answer["HX-Retarget"], answer["HX-Reswap"] = "body", "innerHTML"
    return answer


def _form(request: HttpRequest, way: str) -> Form:
    """The library's own form of a way to prove, filled in when it was sent."""
    sent = request.POST if f"{PREFIX}-{FIELDS[way]}" in request.POST else None
    if way == PASSWORD:
        kind = get_form_class(account_settings.FORMS, "reauthenticate", PasswordForm)
    elif way == CODE:
        kind = get_form_class(mfa_settings.FORMS, "reauthenticate", CodeForm)
    else:
        kind = get_form_class(mfa_settings.FORMS, "reauthenticate_webauthn", PasskeyForm)
    return cast("Form", kind(data=sent, user=request.user, prefix=PREFIX))


def _is_good(request: HttpRequest, way: str, form: Any) -> bool:
    """Whether the proof holds, which is then remembered for STEP_UP_MINUTES. Guessing is limited as on the library's
    own page."""
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        form.add_error(None, "Te veel pogingen. Wacht een minuut en probeer het opnieuw.")
        return False
    if not form.is_valid():
        return False
    if way == PASSWORD:
        reauthenticate_by_password(request)
    else:
        form.save()
    return True

"""Pages about being logged in: through school, where, and how long."""

from __future__ import annotations

from typing import cast
from uuid import UUID

from allauth.core import ratelimit
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.listings.sessions import sessions_of
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.school_login import SchoolOAuth2Adapter, refused
from thuiszitters.accounts.services.sessions import end_other_sessions, end_session
from thuiszitters.accounts.timeouts import keep_going, seconds_left


@never_cache
@login_not_required
@require_POST
def school_login(request: HttpRequest, code: UUID) -> HttpResponse:
    """On to the service of school. A page in between, since a form may not send anybody to another site."""
    if (busy := ratelimit.consume_or_429(request, action="login")) is not None:
        return cast("HttpResponse", busy)
    try:
        provider = get_adapter().get_provider(request, str(code))
    except SocialApp.DoesNotExist as error:
        raise Http404 from error
    try:
        answer = provider.redirect_from_request(request)
    except (OAuth2Error, KeyError) as error:
        return refused(request, provider.row, str(error)[:100])
    if answer.status_code != 302:
        return cast("HttpResponse", answer)
    return render(request, "account/school_redirect.html", {"school": provider.row.name, "to": answer["Location"]})


@never_cache
@login_not_required
@require_GET
def school_callback(request: HttpRequest, code: UUID) -> HttpResponse:
    """Back from the service of school, with what it says about who this is."""
    if (busy := ratelimit.consume_or_429(request, action="login", limit_get=True)) is not None:
        return cast("HttpResponse", busy)
    try:
        view = OAuth2CallbackView.adapter_view(SchoolOAuth2Adapter(request, str(code)))
        return cast("HttpResponse", view(request))
    except SocialApp.DoesNotExist as error:
        raise Http404 from error


@for_roles(*Role)
def own_sessions(request: StaffRequest) -> HttpResponse:
    """Where somebody is logged in. POST ends one of those (`sessie`), or all but this one."""
    if request.method != "POST":
        context = {
            "sessions": sessions_of(request.user, request.session),
            "idle_minutes": settings.SESSION_IDLE_MINUTES,
        }
        return render(request, "accounts/own_sessions.html", context)
    which = request.POST.get("sessie", "")
    if which == "andere":
        number = end_other_sessions(user=request.user, request=request)
        messages.success(
            request, "Je bent overal uitgelogd, behalve hier." if number else "Je was alleen hier ingelogd."
        )
    elif not which.isascii() or not which.isdigit() or not end_session(user=request.user, session_id=int(which[:18])):
        raise Http404
    else:
        messages.success(request, "Op dat apparaat ben je uitgelogd.")
    return redirect("accounts:own_sessions")


@for_roles(*Role)
def session_state(request: StaffRequest) -> HttpResponse:
    """How long the session of this browser has, for the clock in the page. POST: somebody is there still."""
    if request.method == "POST":
        keep_going(request.session)
    return JsonResponse(
        {"left": seconds_left(request.session), "user": str(request.user.code), "csrf": get_token(request)}
    )

"""How long a session lasts: not longer than somebody is there, and never longer than a working day."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import REDIRECT_FIELD_NAME, SESSION_KEY, logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme

from thuiszitters.accounts.session_store import BEGUN, SEEN
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record

COARSE = 60
"""What happens within a minute of what was written down is not written down again."""
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


@dataclass(frozen=True)
class Limits:
    """Seconds without a sign of life, and seconds in all."""

    idle: int
    whole: int

    def left(self, *, begun: int, seen: int, now: int) -> int:
        """The seconds until a session ends by itself; 0 or less: it is over. A clock set back gives no extra time."""
        return min(seen + self.idle, begun + self.whole) - max(now, seen, begun)


def limits() -> Limits:
    return Limits(idle=settings.SESSION_IDLE_MINUTES * 60, whole=settings.SESSION_COOKIE_AGE)


def begin(session: SessionBase) -> None:
    """From now on this session counts: somebody just logged in."""
    session[BEGUN] = session[SEEN] = int(time.time())


def seconds_left(session: SessionBase) -> int:
    """How long this session has, if nothing happens any more."""
    now = int(time.time())
    return limits().left(begun=session.get(BEGUN, now), seen=session.get(SEEN, now), now=now)


def is_sign_of_life(request: HttpRequest) -> bool:
    """Whether somebody did something. A part of a page that loads or refreshes by itself says that it does so; asking
    how long a session has is no reason to make it last."""
    return "X-Background" not in request.headers


def timed_sessions(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware: a session that is over is thrown away before anything is shown; one that is used is kept going."""

    def middleware(request: HttpRequest) -> HttpResponse:
        session = request.session
        if SESSION_KEY in session:
            if BEGUN not in session or seconds_left(session) <= 0:
                end(request)
            elif is_sign_of_life(request):
                keep_going(session)
        return get_response(request)

    return middleware


def keep_going(session: SessionBase) -> None:
    now = int(time.time())
    if now - session[SEEN] >= COARSE:
        session[SEEN] = now
        UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=timezone.now())


def end(request: HttpRequest) -> None:
    """Log somebody out whose time is over. The page that asks to log in again says why."""
    if request.user.is_authenticated:
        record(Kind.LOGOUT, "tijd verstreken", actor=request.user.code)
    UserSession.objects.filter(session_key=request.session.session_key).delete()
    logout(request)
    vars(request)["timed_out"] = True


class LoginRequired(LoginRequiredMiddleware):
    """Django's own, but who sent a form comes back to the page on which it stood: it cannot be sent from an address."""

    def handle_no_permission(
        self,
        request: HttpRequest,
        view_func: Callable[..., HttpResponseBase],  # noqa: ARG002 - as Django calls it
    ) -> HttpResponseRedirect:
        came_from = request.get_full_path() if request.method in SAFE_METHODS else page_before(request)
        answer = redirect_to_login(came_from, resolve_url(settings.LOGIN_URL), REDIRECT_FIELD_NAME)
        if vars(request).get("timed_out"):
            answer["Location"] += "&verlopen=1"
        return answer


def page_before(request: HttpRequest) -> str:
    """The page of ours from which this request was sent; the first page when that is not known."""
    referer = request.headers.get("referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return "/"
    parts = urlsplit(referer)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path or "/"

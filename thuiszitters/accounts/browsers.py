"""Browsers in words, and the ones in which somebody logged in before."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils.crypto import constant_time_compare, salted_hmac
from ua_parser import parse

from thuiszitters.accounts.models import User

COOKIE = "apparaten"
YEAR = 365 * 24 * 60 * 60
MOST_PEOPLE = 20
"""So many people are known in one browser: one in a staff room is shared by many. The eldest makes room."""
NAMES = {"Mobile Safari": "Safari", "Chrome Mobile": "Chrome", "Firefox Mobile": "Firefox", "Edge Mobile": "Edge"}


def browser_in_words(user_agent: str) -> str:
    """Such as "Firefox op Linux". What a browser says about itself, which it may make up."""
    found = parse(user_agent[:300])
    browser = found.user_agent.family if found.user_agent else ""
    system = found.os.family if found.os else ""
    browser, system = NAMES.get(browser, browser), {"Mac OS X": "macOS"}.get(system, system)
    if not browser or browser == "Other":
        browser = "Een onbekende browser"
    return f"{browser} op {system}" if system and system != "Other" else browser


def browser_of(request: HttpRequest) -> str:
    return browser_in_words(request.headers.get("user-agent", ""))


def is_known(request: HttpRequest, user: User) -> bool:
    """Whether `user` logged in with this browser in the past year, and was not logged out everywhere since."""
    own = _mark(user)
    return any(constant_time_compare(mark, own) for mark in _marks(request))


def remember(response: HttpResponseBase, request: HttpRequest, user: User) -> None:
    """Let the browser keep that `user` logged in here. What it keeps says to nobody else who that is."""
    own = _mark(user)
    marks = [own, *(mark for mark in _marks(request) if mark != own)][:MOST_PEOPLE]
    response.set_cookie(
        COOKIE,
        ".".join(marks),
        max_age=YEAR,
        httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
        samesite="Lax",
    )


def _mark(user: User) -> str:
    """A mark of this user that nobody can make without the secret of the installation."""
    value = f"{user.code}:{user.session_round}"
    return salted_hmac("thuiszitters.accounts.browsers", value, algorithm="sha256").hexdigest()[:32]


def _marks(request: HttpRequest) -> list[str]:
    return [mark for mark in request.COOKIES.get(COOKIE, "").split(".") if mark][:MOST_PEOPLE]

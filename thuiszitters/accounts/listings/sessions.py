"""Where somebody is logged in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.base import SessionBase

from thuiszitters.accounts.browsers import browser_in_words
from thuiszitters.accounts.models import User


@dataclass(frozen=True)
class Line:
    """A session: the browser in words, and when it was first and last used. From where is not shown."""

    pk: int
    browser: str
    first: datetime
    last: datetime
    is_here: bool


def sessions_of(user: User, session: SessionBase) -> list[Line]:
    """The sessions of `user` that still count, this one first, then the latest."""
    lines = [
        Line(
            row.pk,
            browser_in_words(row.user_agent),
            row.created_at,
            row.last_seen_at,
            row.session_key == session.session_key,
        )
        for row in UserSession.objects.purge_and_list(user)
    ]
    return sorted(lines, key=lambda line: (line.is_here, line.last), reverse=True)

"""Ending what somebody has open: in this browser, in another one, everywhere."""

from __future__ import annotations

from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.http import HttpRequest
from django.utils import timezone

from thuiszitters.accounts.models import User


@transaction.atomic
def end_sessions(*, user: User) -> int:
    """Log `user` out everywhere, and void every link to choose a password; how many sessions there were.

    Also sessions that nobody kept count of stop at their next request. May run twice.
    """
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    user.refresh_from_db(fields=["session_round"])
    rows = list(UserSession.objects.filter(user=user))
    for row in rows:
        row.end()
    return len(rows)


@transaction.atomic
def end_other_sessions(*, user: User, request: HttpRequest) -> int:
    """Log `user` out everywhere but in the browser of this request; how many sessions that were."""
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    user.refresh_from_db(fields=["session_round"])
    here = request.session.session_key
    rows = list(UserSession.objects.filter(user=user))
    for row in rows:
        row.end()
    update_session_auth_hash(request, user)  # gives this session another key
    UserSession.objects.create_from_request(request)
    return sum(row.session_key != here for row in rows)


@transaction.atomic
def end_session(*, user: User, session_id: int) -> bool:
    """Log `user` out in one browser; False when there is no such session of theirs."""
    row = UserSession.objects.filter(user=user, pk=session_id).first()
    if row is None:
        return False
    row.end()
    return True


def forget_ended_sessions() -> int:
    """Remove what is kept of sessions that ran out; how many there were. May run twice."""
    Session.objects.filter(expire_date__lt=timezone.now()).delete()
    there = Session.objects.filter(session_key=OuterRef("session_key"))
    removed: int = UserSession.objects.exclude(Exists(there)).delete()[0]
    return removed

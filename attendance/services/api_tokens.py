"""Making, finding and revoking the keys of systems that push."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import date, timedelta

from django.db.models import Q
from django.utils import timezone

from attendance.models import ApiToken
from thuiszitters.accounts.models import School, User
from thuiszitters.audit.services import bulk_changes

LONGEST = timedelta(days=366)
"""A key that nobody renews within a year is a key that nobody knows of any more."""
BYTES = 32
MARK = "tz_"
"""With this a key that leaked into a file can be recognised."""


def make_token(
    *, school: School, name: str, scopes: Collection[str], last: date, by: User, today: date
) -> tuple[ApiToken, str]:
    """A new key that works from `today` to `last`, and the secret to hand over: it is not kept and cannot be shown
    again. Raises ValueError for a period that is over or longer than a year.
    """
    if not today <= last <= today + LONGEST:
        raise ValueError("Kies een laatste dag tussen vandaag en een jaar verder.")
    secret = MARK + secrets.token_urlsafe(BYTES)
    token = ApiToken.objects.create(
        school=school, name=name, scopes=sorted(scopes), first=today, last=last, made_by=by, digest=digest_of(secret)
    )
    return token, secret


def token_of(secret: str, *, today: date) -> ApiToken | None:
    """The key with this secret, when it works today; notes that it was used."""
    token = ApiToken.objects.usable_on(today).filter(digest=digest_of(secret)).select_related("school").first()
    if token is not None and token.last_used_on != today:
        ApiToken.objects.filter(Q(last_used_on=None) | Q(last_used_on__lt=today), pk=token.pk).update(
            last_used_on=today
        )
    return token


def revoke_token(*, token: ApiToken, by: User) -> bool:
    """The key works no longer; whether it did until now. May be repeated."""
    found = ApiToken.objects.filter(pk=token.pk, revoked_at=None)
    return bool(bulk_changes.update(found, revoked_at=timezone.now(), revoked_by=by))


def digest_of(secret: str) -> str:
    """What is kept of a secret. It is as random as the digest is long, so it needs no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()

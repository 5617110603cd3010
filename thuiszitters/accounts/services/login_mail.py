"""Mail about logging in. Never inside a transaction; none of it names a pupil."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import timezone

from thuiszitters.accounts.addresses import address_of
from thuiszitters.accounts.links import password_link
from thuiszitters.accounts.mail import send_staff_mail
from thuiszitters.accounts.models import LoginProvider, User

SECONDS_A_DAY = 24 * 60 * 60


def mail_password_link(*, user: User) -> bool:
    """For who asked for a new password. Who can only log in through school is told so instead."""
    school = LoginProvider.objects.only_way_for(user)
    context: dict[str, Any] = {"name": user.name, "school": school, "log_in": address_of("account_login")}
    if school is None:
        context |= {"link": password_link(user), "days": settings.PASSWORD_RESET_TIMEOUT // SECONDS_A_DAY}
    return send_staff_mail(user.email, "Nieuw wachtwoord voor Thuiszitters", "mail/password_link.txt", context)


def mail_lock_out(*, user: User) -> bool:
    """Somebody tried too often to log in as `user`: who that was, only they can know."""
    context = {
        "name": user.name,
        "minutes": settings.LOCK_OUT_MINUTES,
        "new_password": address_of("account_reset_password"),
    }
    return send_staff_mail(user.email, "Inloggen is even geblokkeerd", "mail/lock_out.txt", context)


def mail_new_browser(*, user: User, browser: str, at: datetime) -> bool:
    """Somebody logged in as `user` where that never happened before."""
    context = {
        "name": user.name,
        "browser": browser,
        "at": timezone.localtime(at),
        "sessions": address_of("accounts:own_sessions"),
        "new_password": address_of("account_reset_password"),
    }
    return send_staff_mail(user.email, "Er is ingelogd op een nieuw apparaat", "mail/new_browser.txt", context)

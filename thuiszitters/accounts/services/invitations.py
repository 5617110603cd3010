"""Inviting somebody who got an account: a mail with a link to choose a password."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils import timezone

from thuiszitters.accounts.addresses import address_of
from thuiszitters.accounts.links import password_link
from thuiszitters.accounts.mail import send_staff_mail
from thuiszitters.accounts.models import LoginProvider, User

SECONDS_A_DAY = 24 * 60 * 60


def send_invitation(*, user: User) -> bool:
    """Mail `user` a link to choose a password; whether the mail server took it. Never inside a transaction.

    The link works once and a limited time; the link of an earlier invitation stops working. Who can only log in through
    school gets no link to choose a password. May be repeated.
    """
    user.invited_at = timezone.now()
    user.save(update_fields=["invited_at"])
    school = LoginProvider.objects.only_way_for(user)
    context: dict[str, Any] = {
        "name": user.name,
        "school": school,
        "log_in": address_of("account_login"),
    }
    if school is None:
        context |= {
            "link": password_link(user),
            "ask_again": address_of("account_reset_password"),
            "days": settings.PASSWORD_RESET_TIMEOUT // SECONDS_A_DAY,
        }
    return send_staff_mail(user.email, "Je account bij Thuiszitters", "mail/account_invitation.txt", context)

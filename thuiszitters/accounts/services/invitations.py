"""Inviting somebody who got an account: a mail with a link to choose a password."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse

from thuiszitters.accounts.models import User

logger = logging.getLogger(__name__)

SECONDS_A_DAY = 24 * 60 * 60


def send_invitation(*, user: User) -> bool:
    """Mail `user` a link to choose a password; whether the mail server took it. Never inside a transaction.

    The link works once and a limited time, as the one for a forgotten password does. May be repeated.
    """
    path = reverse(
        "account_reset_password_from_key",
        kwargs={"uidb36": user_pk_to_url_str(user), "key": default_token_generator.make_token(user)},
    )
    text = render_to_string(
        "mail/account_invitation.txt",
        {
            "name": user.name,
            "link": settings.SITE_URL.rstrip("/") + path,
            "ask_again": settings.SITE_URL.rstrip("/") + reverse("account_reset_password"),
            "days": settings.PASSWORD_RESET_TIMEOUT // SECONDS_A_DAY,
        },
    )
    try:
        EmailMessage(subject="Je account bij Thuiszitters", body=text, to=[user.email]).send()
    except (SMTPException, OSError) as error:
        logger.warning("an invitation could not be sent: %s", type(error).__name__)
        return False
    return True

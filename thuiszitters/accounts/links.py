"""Links to choose a password: of an invitation, and for who forgot it."""

from __future__ import annotations

from typing import Any

from allauth.account.utils import user_pk_to_url_str
from django.contrib.auth.tokens import PasswordResetTokenGenerator

from thuiszitters.accounts.addresses import address_of
from thuiszitters.accounts.models import User


class LinkTokens(PasswordResetTokenGenerator):
    """What Django's own depend on (password, last log-in, address), and what ends a link here: a later invitation, the
    end of all sessions of somebody (so also their leaving), an account that was closed."""

    def _make_hash_value(self, user: Any, timestamp: int) -> str:
        usual = super()._make_hash_value(user, timestamp)
        return f"{usual}|{user.session_round}|{user.is_active}|{user.invited_at or ''}"


def password_link(user: User) -> str:
    """A link with which `user` can choose a password, once and a limited time."""
    key = LinkTokens().make_token(user)
    return address_of("account_reset_password_from_key", uidb36=user_pk_to_url_str(user), key=key)

"""The second step of logging in: an app, a passkey or a recovery code, kept by django-allauth."""

from __future__ import annotations

from typing import Any

from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from django.contrib.auth.models import AnonymousUser
from django.db.models.query import QuerySet

from thuiszitters.accounts.encryption import decrypt, encrypt
from thuiszitters.accounts.grants import all_grants_of
from thuiszitters.accounts.models import User

FEW_CODES = 3
"""With so many recovery codes left, somebody is told to make new ones."""

KIND_NAMES = {
    Authenticator.Type.TOTP: "app",
    Authenticator.Type.WEBAUTHN: "passkey",
    Authenticator.Type.RECOVERY_CODES: "herstelcode",
}


def kind_of(factor: Authenticator) -> str:
    """What a second step is called: "app", "passkey" or "herstelcode"."""
    return KIND_NAMES[Authenticator.Type(factor.type)]


def factors_of(user: User) -> QuerySet[Authenticator]:
    """The apps and passkeys of somebody. Recovery codes are no factor of their own: they come with one."""
    found: QuerySet[Authenticator] = Authenticator.objects.filter(user=user)
    return found.exclude(type=Authenticator.Type.RECOVERY_CODES)


def has_second_factor(user: User) -> bool:
    """Whether somebody set up a second step."""
    return factors_of(user).exists()


def must_have_second_factor(user: User | AnonymousUser) -> bool:
    """Whether somebody can do nothing without a second step: see second_factor_rule. The superuser reaches everything,
    and belongs to no organisation that could say otherwise."""
    if not isinstance(user, User) or not user.is_active:
        return False
    return user.is_superuser or all_grants_of(user).second_factor


def codes_left(user: User) -> int | None:
    """How many recovery codes were not used yet; None: there are none."""
    codes = Authenticator.objects.filter(user=user, type=Authenticator.Type.RECOVERY_CODES).first()
    return None if codes is None else len(codes.wrap().get_unused_codes())


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """What of django-allauth's second step is ours: keys are encrypted in the database, and texts are Dutch."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "Deze code klopt niet. Een code uit de app werkt een halve minuut en één keer.",
        "cannot_delete_authenticator": "Dit is je enige tweede stap en die is verplicht. Voeg eerst een andere toe.",
        "cannot_generate_recovery_codes": "Herstelcodes horen bij een app of passkey. Stel die eerst in.",
    }

    def encrypt(self, text: str) -> str:
        return encrypt(text)

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last one stays with who cannot do without."""
        person = authenticator.user
        return not must_have_second_factor(person) or factors_of(person).exclude(pk=authenticator.pk).exists()

    def generate_authenticator_name(self, user: Any, type: Any) -> str:  # noqa: A002 - the library calls it so
        number = Authenticator.objects.filter(user=user, type=type).count()
        return f"Passkey {number + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": context.request.get_host().partition(":")[0], "name": "Thuiszitters"}

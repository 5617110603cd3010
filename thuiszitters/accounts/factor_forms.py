"""The forms in which somebody gives a second step: django-allauth's, which also tell the log.

MFA_FORMS in the settings names them; the library's pages use them, and so does the page that asks in between.
"""

from __future__ import annotations

from allauth.account.adapter import get_adapter as get_account_adapter
from allauth.core import context
from allauth.mfa.base import forms as code_forms
from allauth.mfa.models import Authenticator
from allauth.mfa.webauthn import forms as passkey_forms
from django.contrib import messages
from django.core.exceptions import ValidationError

from thuiszitters.accounts.models import LoginProvider, User
from thuiszitters.accounts.second_factor import FEW_CODES, codes_left, kind_of
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record


def tell_used(factor: Authenticator, occasion: str) -> None:
    """`occasion`: "inloggen" or "opnieuw bewijzen"."""
    detail = {"met": kind_of(factor), "bij": occasion}
    record(Kind.LOGIN, "tweede stap gegeven", row=factor.pk, actor=factor.user.code, detail=detail)


def tell_failed(user: User | None, way: str, occasion: str) -> None:
    """Somebody gave a code or passkey that is not theirs. None: nobody in particular."""
    detail = {"met": way, "bij": occasion}
    record(Kind.LOGIN_FAILED, "tweede stap klopte niet", actor=user.code if user else None, detail=detail)


class _Code(code_forms.BaseAuthenticateForm):  # type: ignore[misc]
    occasion = "inloggen"

    def clean_code(self) -> str:
        try:
            code: str = super().clean_code()
        except ValidationError:
            tell_failed(self.user, "code", self.occasion)
            raise
        tell_used(self.authenticator, self.occasion)
        warn_of_few_codes(self.authenticator)
        return code


class CodeAtLogin(_Code, code_forms.AuthenticateForm):  # type: ignore[misc]
    """A code of the app, or a recovery code, after the password."""


class CodeAgain(_Code, code_forms.ReauthenticateForm):  # type: ignore[misc]
    """The same, of somebody who is logged in."""

    occasion = "opnieuw bewijzen"


class _Passkey(passkey_forms.AuthenticateWebAuthnForm):  # type: ignore[misc]
    occasion = "inloggen"

    def clean_credential(self) -> Authenticator:
        try:
            factor: Authenticator = super().clean_credential()
        except ValidationError:
            tell_failed(self.user, "passkey", self.occasion)
            raise
        tell_used(factor, self.occasion)
        return factor


class PasskeyAtLogin(_Passkey):
    """A passkey after the password."""


class PasskeyAgain(_Passkey, passkey_forms.ReauthenticateWebAuthnForm):  # type: ignore[misc]
    """A passkey of somebody who is logged in."""

    occasion = "opnieuw bewijzen"


class PasskeyAlone(_Passkey, passkey_forms.LoginWebAuthnForm):  # type: ignore[misc]
    """A passkey instead of address and password: not for who has to come in through school, as with a password."""

    def clean_credential(self) -> Authenticator:
        factor: Authenticator = super().clean_credential()
        if LoginProvider.objects.only_way_for(factor.user) is not None:
            raise get_account_adapter().validation_error("only_through_school")
        return factor


def warn_of_few_codes(factor: Authenticator) -> None:
    """A recovery code works once: who uses the last ones is told in time."""
    if factor.type != Authenticator.Type.RECOVERY_CODES:
        return
    left = codes_left(factor.user) or 0
    if left <= FEW_CODES:
        text = f"Je hebt nog {left} herstelcode{'' if left == 1 else 's'}. Maak nieuwe bij Beveiliging van je account."
        messages.warning(context.request, text)

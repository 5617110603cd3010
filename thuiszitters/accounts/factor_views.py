"""Pages of one's own account: the app, passkeys and recovery codes. The steps are django-allauth's; the log, the mail
and the last one that stays are ours."""

from __future__ import annotations

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.views import GenerateRecoveryCodesView
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, RemoveWebAuthnView
from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse

from thuiszitters.accounts.access import StaffRequest, own_account
from thuiszitters.accounts.second_factor import FEW_CODES, codes_left, factors_of, must_have_second_factor
from thuiszitters.accounts.services.second_factor import tell_change

ADDED, REMOVED, RENEWED = "toegevoegd", "weggehaald", "opnieuw gemaakt"


@own_account
def security(request: StaffRequest) -> HttpResponse:
    """How the account is protected, and what to do about it."""
    factors = list(factors_of(request.user))
    left = codes_left(request.user)
    context = {
        "app": next((factor for factor in factors if factor.type == Authenticator.Type.TOTP), None),
        "passkeys": [factor for factor in factors if factor.type == Authenticator.Type.WEBAUTHN],
        "has_factor": bool(factors),
        "codes_left": left,
        "few_codes": left is not None and left <= FEW_CODES,
        "required": must_have_second_factor(request.user),
        "has_password": request.user.has_usable_password(),
    }
    return render(request, "accounts/security.html", context)


@own_account
def passkey_list(request: StaffRequest) -> HttpResponse:  # noqa: ARG001 - a page like any other
    """Passkeys stand on the page with everything else."""
    return redirect("mfa_index")


def remember_proof(request: StaffRequest, factor: Authenticator) -> None:
    """Who has just set up a second step has shown to have it."""
    record_authentication(request, request.user, "mfa", id=factor.pk, type=factor.type)


class ActivateApp(ActivateTOTPView):  # type: ignore[misc]
    """Set up an app."""

    request: StaffRequest

    def form_valid(self, form: Form) -> HttpResponse:
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            factor = factors_of(self.request.user).get(type=Authenticator.Type.TOTP)
            tell_change(person=self.request.user, factor=factor, what=ADDED)
        remember_proof(self.request, factor)
        return answer


class DeactivateApp(DeactivateTOTPView):  # type: ignore[misc]
    """Take the app away, unless it is the only one and has to be there."""

    request: StaffRequest

    def form_valid(self, form: Form) -> HttpResponse:
        with transaction.atomic():
            tell_change(person=self.request.user, factor=self.authenticator, what=REMOVED)
            answer: HttpResponse = super().form_valid(form)
        return answer


class AddPasskey(AddWebAuthnView):  # type: ignore[misc]
    """Set up a passkey."""

    request: StaffRequest

    def form_valid(self, form: Form) -> HttpResponse:
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            factor = factors_of(self.request.user).filter(type=Authenticator.Type.WEBAUTHN).latest("pk")
            tell_change(person=self.request.user, factor=factor, what=ADDED)
        remember_proof(self.request, factor)
        return answer


class RemovePasskey(RemoveWebAuthnView):  # type: ignore[misc]
    """Take a passkey away, unless it is the only one and has to be there."""

    request: StaffRequest

    def form_valid(self, form: Form) -> HttpResponse:
        adapter = get_adapter()
        if not adapter.can_delete_authenticator(self.object):
            messages.error(self.request, adapter.error_messages["cannot_delete_authenticator"])
            return HttpResponseRedirect(reverse("mfa_index"))
        with transaction.atomic():
            tell_change(person=self.request.user, factor=self.object, what=REMOVED)
            answer: HttpResponse = super().form_valid(form)
        return answer


class RenewCodes(GenerateRecoveryCodesView):  # type: ignore[misc]
    """Make new recovery codes; the old ones stop."""

    request: StaffRequest

    def form_valid(self, form: Form) -> HttpResponse:
        with transaction.atomic():
            answer: HttpResponse = super().form_valid(form)
            codes = Authenticator.objects.get(user=self.request.user, type=Authenticator.Type.RECOVERY_CODES)
            tell_change(person=self.request.user, factor=codes, what=RENEWED)
        return answer


activate_app = own_account(ActivateApp.as_view())
deactivate_app = own_account(DeactivateApp.as_view())
add_passkey = own_account(AddPasskey.as_view())
remove_passkey = own_account(RemovePasskey.as_view())
renew_codes = own_account(RenewCodes.as_view())

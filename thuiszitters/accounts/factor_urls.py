"""Addresses under /account/2fa/ at which a page of ours stands instead of the library's, under the library's name."""

from __future__ import annotations

from django.urls import include, path

from thuiszitters.accounts import factor_views

urlpatterns = [
    path("", factor_views.security, name="mfa_index"),
    path("totp/activate/", factor_views.activate_app, name="mfa_activate_totp"),
    path("totp/deactivate/", factor_views.deactivate_app, name="mfa_deactivate_totp"),
    path("recovery-codes/generate/", factor_views.renew_codes, name="mfa_generate_recovery_codes"),
    path("webauthn/", factor_views.passkey_list, name="mfa_list_webauthn"),
    path("webauthn/add/", factor_views.add_passkey, name="mfa_add_webauthn"),
    path("webauthn/keys/<int:pk>/remove/", factor_views.remove_passkey, name="mfa_remove_webauthn"),
    path("", include("allauth.mfa.urls")),
]

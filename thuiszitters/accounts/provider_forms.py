"""Setting up a connection for logging in through school."""

from __future__ import annotations

import re
from typing import Any

from django import forms

from thuiszitters.accounts.models import LoginProvider, ProviderKind
from thuiszitters.accounts.school_claims import is_for_one_tenant

OF_EVERYBODY = frozenset(
    {"gmail.com", "googlemail.com", "hotmail.com", "hotmail.nl", "icloud.com", "kpnmail.nl", "live.nl", "outlook.com"}
    | {"outlook.nl", "proton.me", "protonmail.com", "yahoo.com", "ziggo.nl"}
)
"""Domains at which anybody can have an address: no school can say whose an address there is."""
DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


class LoginProviderForm(forms.ModelForm):  # type: ignore[type-arg]
    """The secret is written, and never shown again."""

    client_secret = forms.CharField(
        label="Client-secret", required=False, widget=forms.PasswordInput(attrs={"autocomplete": "off"})
    )

    class Meta:
        model = LoginProvider
        fields = (
            "name",
            "kind",
            "issuer",
            "client_id",
            "client_secret",
            "alliance",
            "schools",
            "domains",
            "password_allowed",
            "second_factor_values",
            "is_active",
        )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["client_secret"] = ""
        if self.instance.pk:
            self.fields["client_secret"].help_text = "Leeg laten: het blijft zoals het is."
        if "alliance" in self.fields:
            self.fields["alliance"].required = True
        if "issuer" in self.fields:
            self.fields["issuer"].help_text = (
                "Precies zoals de dienst zichzelf noemt. Bij Entra ID: "
                "https://login.microsoftonline.com/het-id-van-de-tenant/v2.0"
            )
        self.fields["second_factor_values"].help_text = (
            "Waarden van acr of amr waarmee de dienst zegt dat er een tweede stap was, met spaties ertussen. "
            "Bij Entra ID: mfa. Leeg: Thuiszitters vraagt zelf om een tweede stap."
        )

    def clean_client_secret(self) -> str:
        given: str = self.cleaned_data["client_secret"]
        if given:
            return given
        if not self.instance.pk:
            raise forms.ValidationError("Vul het client-secret in.")
        return str(self.instance.client_secret)

    def clean_domains(self) -> str:
        found = sorted(set(self.cleaned_data["domains"].lower().replace(",", " ").replace("@", " ").split()))
        for domain in found:
            if not DOMAIN.fullmatch(domain):
                raise forms.ValidationError(f"{domain} is geen domein. Schrijf het als mijnschool.nl.")
            if domain in OF_EVERYBODY:
                raise forms.ValidationError(
                    f"Bij {domain} kan iedereen een adres hebben. Gebruik het domein van school."
                )
        return "\n".join(found)

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        issuer = data.get("issuer", "")
        if data.get("kind") == ProviderKind.ENTRA and not is_for_one_tenant(issuer):
            self.add_error("issuer", "Gebruik het adres van je eigen tenant, niet common of organizations.")
        alliance = data.get("alliance")
        outside = [
            school for school in data.get("schools") or () if school.alliance_id != getattr(alliance, "pk", None)
        ]
        if alliance and outside:
            self.add_error("schools", "Kies alleen scholen van dit samenwerkingsverband.")
        return data

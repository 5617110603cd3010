"""Forms of the beheerder about people and their roles."""

from __future__ import annotations

from typing import Any

from django import forms

from thuiszitters.accounts.models import Membership, User
from thuiszitters.accounts.roles import AT_ALLIANCE, AT_MUNICIPALITY, AT_SCHOOL, AT_YOUTH_HEALTH

PLACES = {
    "school": (AT_SCHOOL, "een school"),
    "alliance": (AT_ALLIANCE, "een samenwerkingsverband"),
    "municipality": (AT_MUNICIPALITY, "een gemeente"),
    "youth_health": (AT_YOUTH_HEALTH, "een organisatie voor jeugdgezondheidszorg"),
}


class RoleForm(forms.ModelForm):  # type: ignore[type-arg]
    """A role at one organisation of the kind that goes with it."""

    class Meta:
        model = Membership
        fields = ("role", "school", "alliance", "municipality", "youth_health", "first", "last")

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        role = data.get("role")
        if role is None:
            return data
        chosen = [name for name in PLACES if data.get(name)]
        if len(chosen) != 1:
            raise forms.ValidationError("Kies één organisatie bij de rol.")
        roles, _ = PLACES[chosen[0]]
        if role not in roles:
            fits = " of ".join(name for held, name in PLACES.values() if role in held)
            raise forms.ValidationError(f"Deze rol hoort bij {fits}.")
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", "De laatste dag ligt vóór de eerste.")
        return data


class AddRoleForm(RoleForm):
    """A role for somebody who has an account already, anywhere: named by e-mail address."""

    email = forms.EmailField(label="E-mailadres")

    class Meta(RoleForm.Meta):
        pass

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"].lower()
        found = User.objects.filter(email=email, is_active=True).first()
        if found is None:
            raise forms.ValidationError("Er is geen account met dit adres. Voeg eerst de gebruiker toe.")
        if found.is_superuser:
            raise forms.ValidationError("Dit account krijgt geen rol.")
        self.instance.user = found
        return email


class AddUserForm(forms.ModelForm):  # type: ignore[type-arg]
    """Somebody new. The password is chosen by the person, from the link in the invitation."""

    class Meta:
        model = User
        fields = ("email", "name", "phone")
        error_messages = {
            "email": {
                "unique": "Er is al een account met dit adres. Geef het een rol bij Aanstellingen.",
            }
        }

    def clean_email(self) -> str:
        email: str = self.cleaned_data["email"]
        return email.lower()

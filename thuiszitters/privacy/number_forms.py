"""What is asked about persoonsgebonden nummers."""

from __future__ import annotations

from django import forms

from thuiszitters.privacy.person_numbers import WrongNumberError, checked


class NumberForm(forms.Form):
    """A BSN or onderwijsnummer. What was typed is not shown again."""

    number = forms.CharField(
        label="BSN of onderwijsnummer",
        max_length=20,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "data-no-draft": ""}),
        help_text="Negen cijfers. Alleen als dit nodig is voor de uitwisseling met DUO of de gemeente.",
    )

    def clean_number(self) -> str:
        typed: str = self.cleaned_data["number"]
        try:
            checked(typed)
        except WrongNumberError as error:
            raise forms.ValidationError(str(error)) from error
        return typed


class RevealForm(forms.Form):
    """Why somebody wants to see it."""

    why = forms.CharField(
        label="Waarvoor heb je het nummer nodig", max_length=200, help_text="Dit komt in het logboek. Noem geen namen."
    )


class TurnOffForm(forms.Form):
    """A yes to destroying."""

    sure = forms.BooleanField(label="Ja, wis alle nummers van deze school. Dit kan niet terug.")

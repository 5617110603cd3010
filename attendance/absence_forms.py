"""What is asked beside an absence itself: why it changes, and for which group it is."""

from __future__ import annotations

from typing import Any

from django import forms

WHY_LENGTH = 200


class WhyForm(forms.Form):
    """Why a record changes. Asked for when a signal falls or moves with it, because somebody will want to know."""

    why = forms.CharField(
        label="Waarom verandert dit?",
        required=False,
        max_length=WHY_LENGTH,
        help_text="In een paar woorden, bijvoorbeeld: verkeerde leerling aangevinkt. Geen medische gegevens.",
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        error_messages={"required": "Vul in waarom dit verandert: er verandert een signaal door."},
    )

    def __init__(self, *args: Any, required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = required

"""What the privacy officer thinks of an alert."""

from __future__ import annotations

from django import forms

from thuiszitters.privacy.models import AlertJudgement


class AlertForm(forms.Form):
    """A judgement with its reason. `seen`: about how many pupils the page told that it was."""

    outcome = forms.ChoiceField(
        label="Wat vind je ervan?",
        choices=AlertJudgement.Outcome.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Kies een oordeel."},
    )
    reason = forms.CharField(
        label="Waarom",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Kort, en zonder de naam van een leerling. Bijvoorbeeld: bespreking van de hele klas, nagevraagd.",
    )
    seen = forms.IntegerField(min_value=0, widget=forms.HiddenInput())

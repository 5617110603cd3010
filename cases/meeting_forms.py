"""Forms of a meeting."""

from __future__ import annotations

from django import forms


class ConfirmForm(forms.Form):
    """Moment, place and how the parents were invited. `sequence` is the version that was on the screen."""

    day = forms.DateField(label="Dag", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    time = forms.TimeField(label="Tijd", widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label="Minuten", min_value=10, max_value=240)
    place = forms.CharField(label="Waar", max_length=120, required=False)
    parents_invited = forms.CharField(
        label="Hoe de ouders zijn uitgenodigd",
        max_length=200,
        required=False,
        help_text="Ouders krijgen geen mail van deze applicatie. Schrijf op wie hen heeft uitgenodigd en hoe.",
    )
    sequence = forms.IntegerField(widget=forms.HiddenInput)


class CancelForm(forms.Form):
    why = forms.CharField(label="Waarom gaat het niet door?", max_length=200)
    sequence = forms.IntegerField(widget=forms.HiddenInput)

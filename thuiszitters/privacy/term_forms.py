"""How long a class of data is kept, as an alliance chooses it."""

from __future__ import annotations

from django import forms

from thuiszitters.privacy.term_bounds import MOST_YEARS


class TermForm(forms.Form):
    """Years and months, and why."""

    years = forms.IntegerField(label="Jaren", min_value=0, max_value=MOST_YEARS)
    months = forms.IntegerField(label="Maanden", min_value=0, max_value=11)
    why = forms.CharField(
        label="Waarom deze termijn",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Noem waar het op rust: een wet, een richtlijn of jullie eigen afweging. Dit staat bij de termijn, "
        "en in elk inzagebestand.",
    )

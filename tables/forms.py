"""Forms of the table: they check input and give clean values."""

from __future__ import annotations

from typing import Any

from django import forms

from cases.models import Phase
from tables.criteria import STEPS


class PhaseForm(forms.Form):
    """Another phase, with why."""

    phase = forms.ChoiceField(label="Fase", widget=forms.RadioSelect)
    reason = forms.CharField(
        label="Waarom",
        max_length=200,
        help_text="Dit lezen ook het samenwerkingsverband en wie bij de leerling betrokken is, zoals de jeugdarts.",
    )

    def __init__(self, *args: Any, current: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["phase"]
        assert isinstance(field, forms.ChoiceField)
        follows = STEPS[Phase(current)]
        field.choices = [(phase.value, phase.label) for phase in Phase if phase in follows]


class PlaceForm(forms.Form):
    """The phase in which a pupil comes on the table."""

    phase = forms.ChoiceField(
        label="Als",
        widget=forms.RadioSelect,
        choices=[(phase.value, phase.label) for phase in Phase if phase in STEPS[Phase.NONE]],
    )


class DeclineForm(forms.Form):
    reason = forms.CharField(label="Nu niet, want", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))

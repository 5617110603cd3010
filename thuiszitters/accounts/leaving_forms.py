"""From when somebody works here no longer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

FURTHEST = timedelta(days=366)


class LeavingForm(forms.Form):
    """The first day on which somebody has no access any more."""

    from_day = forms.DateField(
        label="Geen toegang meer vanaf",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Vandaag: per direct. Een latere dag: de dag na de laatste werkdag.",
        error_messages={"required": "Vul een datum in.", "invalid": "Vul een datum in, zoals 3-11-2026."},
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["from_day"].initial = today

    def clean_from_day(self) -> date:
        day: date = self.cleaned_data["from_day"]
        if day < self.today:
            raise forms.ValidationError("Deze dag is al voorbij. Kies vandaag of later.")
        if day > self.today + FURTHEST:
            raise forms.ValidationError("Dit is meer dan een jaar vooruit. Kies een eerdere dag.")
        return day

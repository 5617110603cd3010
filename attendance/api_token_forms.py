"""Making a key for a system that pushes."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models.query import QuerySet

from attendance.models.api import Scope
from attendance.services.api_tokens import LONGEST
from thuiszitters.accounts.models import School


class ApiTokenForm(forms.Form):
    """For which school and system, what it may do, and until when."""

    school = forms.ModelChoiceField(School.objects.none(), label="School", empty_label=None)
    name = forms.CharField(
        label="Welk systeem",
        max_length=60,
        help_text="Zoals het leerlingvolgsysteem. Elk systeem een eigen sleutel.",
    )
    scopes = forms.MultipleChoiceField(
        label="Wat mag het", choices=Scope.choices, widget=forms.CheckboxSelectMultiple, initial=[Scope.ABSENCES]
    )
    last = forms.DateField(
        label="Werkt tot en met",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Hoogstens een jaar. Zet in je agenda wanneer je een nieuwe maakt.",
    )

    def __init__(self, *args: Any, schools: QuerySet[School], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["school"].queryset = schools  # type: ignore[attr-defined]
        self.fields["last"].initial = today + LONGEST

    def clean_last(self) -> date:
        last: date = self.cleaned_data["last"]
        if not self.today <= last <= self.today + LONGEST:
            raise forms.ValidationError("Kies een dag tussen vandaag en een jaar verder.")
        return last

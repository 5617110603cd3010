"""Blocking and unblocking the destruction of a pupil's data."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.db.models.query import QuerySet

from attendance.models import Enrolment, Pupil
from thuiszitters.accounts.models import School

LONGEST = 300


class HoldForm(forms.Form):
    """Which pupil, by the school's own number, and why."""

    school = forms.ModelChoiceField(School.objects.none(), label="School", empty_label=None)
    number = forms.CharField(label="Leerlingnummer", max_length=20)
    birth_date = forms.DateField(
        label="Geboortedatum",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Om zeker te weten dat dit de goede leerling is.",
    )
    reason = forms.CharField(
        label="Waarom",
        max_length=LONGEST,
        help_text="Kort en zonder namen, zoals: klacht bij de commissie, bezwaar, rechtszaak.",
    )
    until = forms.DateField(
        label="Tot en met",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="Leeg: tot iemand de blokkade opheft.",
    )

    def __init__(self, *args: Any, schools: QuerySet[School], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["school"].queryset = schools  # type: ignore[attr-defined]

    def clean_until(self) -> date | None:
        until: date | None = self.cleaned_data["until"]
        if until is not None and until < self.today:
            raise forms.ValidationError("Kies vandaag of een latere dag.")
        return until

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if {"school", "number", "birth_date"} <= found.keys():
            at_school = Enrolment.objects.filter(school=found["school"]).order_by()
            pupils = Pupil.objects.filter(
                number=found["number"], birth_date=found["birth_date"], pk__in=at_school.values("pupil")
            )
            found["pupil"] = pupils.order_by("pk").first()
            if found["pupil"] is None:
                self.add_error("number", "Bij deze school is er geen leerling met dit nummer en deze geboortedatum.")
        return found


class WhyForm(forms.Form):
    """Why something is taken back."""

    why = forms.CharField(label="Waarom", max_length=LONGEST)

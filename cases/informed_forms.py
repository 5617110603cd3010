"""The question that goes before the table and before a report."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from attendance.models import Pupil
from cases.services.informed import must_inform_pupil


class InformedForm(forms.Form):
    """Do the parents know, and the pupil from 16? A date with who and how, or the reason why not."""

    informed_on = forms.DateField(
        label="Ouders geïnformeerd op",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    informed_by = forms.CharField(label="Door wie", max_length=120, required=False)
    how = forms.CharField(
        label="Hoe", max_length=120, required=False, help_text="Bijvoorbeeld: gebeld, gesprek op school, brief."
    )
    why_not = forms.CharField(label="Of: waarom nog niet", max_length=200, required=False)
    pupil_informed_on = forms.DateField(
        label="Leerling geïnformeerd op",
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    pupil_why_not = forms.CharField(label="Of: waarom de leerling nog niet", max_length=200, required=False)

    def __init__(self, *args: Any, pupil: Pupil, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        for field in self.fields.values():  # one of two is needed, so of none it is true that it may stay empty
            field.needed_later = True  # type: ignore[attr-defined]
        self.asks_pupil = must_inform_pupil(pupil, today)
        if not self.asks_pupil:
            del self.fields["pupil_informed_on"], self.fields["pupil_why_not"]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        told, why_not = values.get("informed_on"), (values.get("why_not") or "").strip()
        if "informed_on" not in self.errors:
            if told is None and not why_not:
                self.add_error("informed_on", "Vul in wanneer de ouders het hoorden, of waarom nog niet.")
            elif told is not None and why_not:
                self.add_error("why_not", "Laat dit leeg als de ouders het weten, of haal de datum weg.")
        if told is not None:
            if told > self.today:
                self.add_error("informed_on", "Deze datum ligt in de toekomst. Vul een datum tot en met vandaag in.")
            if not values.get("informed_by"):
                self.add_error("informed_by", "Vul in wie het de ouders heeft verteld.")
            if not values.get("how"):
                self.add_error("how", "Vul in hoe: gebeld, gesprek, brief.")
        if self.asks_pupil and "pupil_informed_on" not in self.errors:
            pupil_told = values.get("pupil_informed_on")
            if pupil_told is not None and pupil_told > self.today:
                self.add_error("pupil_informed_on", "Deze datum ligt in de toekomst.")
            if pupil_told is None and not (values.get("pupil_why_not") or "").strip():
                self.add_error(
                    "pupil_informed_on",
                    "De leerling is 16 of ouder: vul in wanneer die het hoorde, of waarom nog niet.",
                )
        return values

"""What people fill in. A form gives clean values; it saves nothing and knows no request."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from attendance.models import Reason
from attendance.services.absences import Content

SCHOOL_DAY = 600
"""No school day has more minutes."""
FURTHEST_BACK = timedelta(days=365)
FURTHEST_AHEAD = timedelta(days=400)


def date_field(label: str, *, help_text: str = "", required: bool = True) -> forms.DateField:
    """A date that the browser helps to fill in."""
    return forms.DateField(
        label=label,
        required=required,
        help_text=help_text,
        widget=forms.DateInput(attrs={"type": "date", "class": "form-control"}, format="%Y-%m-%d"),
        error_messages={"required": "Vul een datum in.", "invalid": "Vul een datum in, zoals 3-11-2026."},
    )


class AbsenceForm(forms.Form):
    """Absent over a period, until further notice, or for a part of one day."""

    reason = forms.ChoiceField(
        label="Reden",
        widget=forms.RadioSelect,
        error_messages={"required": "Kies een reden. Weet je die nog niet? Kies “Reden nog niet bekend”."},
    )
    first = date_field("Vanaf")
    open_ended = forms.BooleanField(
        label="Tot nader bericht",
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
    )
    last = date_field("Tot en met", required=False, help_text="Leeg laten mag als je “tot nader bericht” kiest.")
    minutes = forms.IntegerField(
        label="Alleen een deel van de dag: aantal minuten",
        required=False,
        min_value=1,
        max_value=SCHOOL_DAY,
        help_text="Leeg: hele dagen.",
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
        error_messages={"invalid": "Vul een heel aantal minuten in.", "min_value": "Vul ten minste 1 minuut in."},
    )

    def __init__(self, *args: Any, reasons: dict[str, Reason], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = reasons
        self.today = today
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, row.label) for code, row in reasons.items()]

    def clean_first(self) -> date:
        first: date = self.cleaned_data["first"]
        if first < self.today - FURTHEST_BACK:
            raise forms.ValidationError("Dit is meer dan een jaar geleden. Vraag de functioneel beheerder om hulp.")
        if first > self.today + FURTHEST_AHEAD:
            raise forms.ValidationError("Dit is meer dan een jaar vooruit. Kies een eerdere dag.")
        return first

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        minutes, open_ended = cleaned.get("minutes"), cleaned.get("open_ended")
        if "first" in self.errors or "last" in self.errors:
            return cleaned
        if open_ended:
            cleaned["last"] = last = None
        if open_ended and minutes:
            self.add_error("minutes", "Een deel van een dag hoort bij één dag. Haal “tot nader bericht” weg.")
        elif not open_ended and not last:
            self.add_error("last", "Vul de laatste dag in, of kies “tot nader bericht”.")
        elif first and last and last < first:
            self.add_error("last", "De laatste dag ligt vóór de eerste dag.")
        elif last and last > self.today + FURTHEST_AHEAD:
            self.add_error("last", "Dit is meer dan een jaar vooruit. Kies een eerdere dag.")
        elif minutes and first != last:
            self.add_error("minutes", "Een aantal minuten hoort bij één dag: vul twee keer dezelfde dag in.")
        reason = self.reasons.get(cleaned.get("reason", ""))
        if reason is not None and reason.minutes_required and not minutes and "minutes" not in self.errors:
            self.add_error("minutes", f"Vul bij “{reason.label}” in hoeveel minuten het was.")
        return cleaned

    def chosen_reason(self) -> Reason:
        """The reason. Only for a valid form."""
        return self.reasons[self.cleaned_data["reason"]]

    def content(self, lesson: int = 0) -> Content:
        """What the record would say. Only for a valid form."""
        data = self.cleaned_data
        return Content(data["first"], data["last"], self.chosen_reason(), data["minutes"], lesson)


class BackForm(forms.Form):
    """The first day on which the pupil is at school again."""

    back_on = date_field("Weer op school op")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_back_on(self) -> date:
        back_on: date = self.cleaned_data["back_on"]
        if back_on > self.today + FURTHEST_AHEAD:
            raise forms.ValidationError("Dit is meer dan een jaar vooruit. Kies een eerdere dag.")
        return back_on


class SearchForm(forms.Form):
    """A few letters of a name, a class or a number."""

    q = forms.CharField(
        label="Naam, klas of leerlingnummer",
        min_length=2,
        max_length=60,
        error_messages={
            "required": "Typ een naam, klas of leerlingnummer.",
            "min_length": "Typ ten minste twee letters of cijfers.",
        },
    )

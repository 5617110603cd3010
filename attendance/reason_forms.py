"""Forms about a school's own codes for absence."""

from __future__ import annotations

from typing import Any

from django import forms

from attendance.forms import date_field
from attendance.listings.reason_table import common_reasons, words_of
from attendance.models import Reason
from attendance.services.reasons import Meaning
from thuiszitters.accounts.models import School

OWN = "eigen"
AUTHORISED_CHOICES = [("ja", "ja"), ("nee", "nee"), ("onbekend", "nog niet bekend")]
AUTHORISED = {"ja": True, "nee": False, "onbekend": None}


class ReasonForm(forms.Form):
    """A code of the school, and the common code it stands for, or what it says itself."""

    code = forms.CharField(
        label="Code",
        max_length=20,
        help_text="Zoals in het bestand van jullie administratie. Hoofdletters maken niet uit.",
        widget=forms.TextInput(attrs={"class": "form-control", "autocapitalize": "off"}),
    )
    label = forms.CharField(
        label="Omschrijving",
        max_length=60,
        help_text="Zoals iedereen de reden leest.",
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )
    stands_for = forms.ChoiceField(label="Deze code betekent", widget=forms.Select(attrs={"class": "form-select"}))
    counts = forms.BooleanField(label="Telt als afwezig", required=False)
    authorised = forms.ChoiceField(
        label="Geoorloofd?", required=False, choices=AUTHORISED_CHOICES, widget=forms.RadioSelect
    )
    sick = forms.BooleanField(label="Is ziekte", required=False)

    def __init__(self, *args: Any, school: School, reason: Reason | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.school = school
        self.commons = {row.code: row for row in common_reasons()}
        field = self.fields["stands_for"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", "kies wat de code betekent"),
            *((code, f"{row.label}: {words_of(Meaning.of(row))}") for code, row in self.commons.items()),
            (OWN, "iets anders: vul hieronder in wat zij zegt"),
        ]
        for name in ("counts", "authorised", "sick"):
            self.fields[name].needed_later = True  # type: ignore[attr-defined]
        if reason is not None:
            del self.fields["code"]

    @staticmethod
    def initial_of(reason: Reason | None) -> dict[str, Any]:
        if reason is None:
            return {"counts": True, "authorised": "onbekend"}
        meaning = Meaning.of(reason)
        said = next(word for word, value in AUTHORISED.items() if value is meaning.authorised)
        stands_for = reason.maps_to.code if reason.maps_to else OWN
        return {
            "label": reason.label,
            "stands_for": stands_for,
            "counts": meaning.counts,
            "authorised": said,
            "sick": meaning.sick,
        }

    def clean_code(self) -> str:
        return str(self.cleaned_data["code"]).strip()

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("stands_for") == OWN and not data.get("authorised") and "authorised" not in self.errors:
            self.add_error("authorised", "Kies of het geoorloofd is.")
        if data.get("stands_for") == OWN and data.get("sick") and not data.get("counts"):
            self.add_error("counts", "Ziekte telt als afwezig.")
        return data

    def maps_to(self) -> Reason | None:
        """The common code; None: it has a meaning of its own. Only for a valid form."""
        return self.commons.get(self.cleaned_data["stands_for"])

    def meaning(self) -> Meaning:
        """Only for a valid form."""
        common = self.maps_to()
        if common is not None:
            return Meaning.of(common)
        data = self.cleaned_data
        return Meaning(data["counts"], AUTHORISED[data["authorised"]], data["sick"])


class RetireForm(forms.Form):
    """From which day on no record takes the code."""

    on = date_field("Vervalt per")


class SolveForm(forms.Form):
    """What a code in the files of a school means."""

    SKIP = "overslaan"
    means = forms.ChoiceField(
        label="Betekent",
        widget=forms.Select(attrs={"class": "form-select"}),
        error_messages={"required": "Kies wat de code betekent."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.commons = {row.code: row for row in common_reasons()}
        field = self.fields["means"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", "kies een reden"),
            *((code, row.label) for code, row in self.commons.items()),
            (self.SKIP, "Overslaan: zegt niets over afwezigheid"),
        ]

    def chosen(self) -> Reason | None:
        """None: the code says nothing about absence. Only for a valid form."""
        return self.commons.get(self.cleaned_data["means"])

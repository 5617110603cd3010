"""Forms about norms, and about the bands of missed time."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms

from attendance.engine.calendar import HOLIDAYS_FROM
from attendance.engine.facts import Norm, Reading, Rule
from attendance.forms import date_field
from attendance.listings.norm_versions import READS_WEEKS
from attendance.models.bands import Bands
from attendance.services.norms import NormValues

FURTHEST_AHEAD = timedelta(days=3 * 366)
AMOUNTS: dict[Rule, tuple[str, int]] = {
    Rule.HOME_2W: ("Aantal schooldagen", 200),
    Rule.HOME_4W: ("Aantal schooldagen", 200),
    Rule.HOME_3M: ("Aantal maanden", 24),
    Rule.LRV: ("Aantal schooldagen", 200),
    Rule.HOURS_16: ("Aantal uren", 200),
    Rule.SICK_4X: ("Aantal ziekmeldingen", 50),
    Rule.SICK_7D: ("Aantal schooldagen achter elkaar", 200),
    Rule.STRUCTURAL: ("Percentage van het rooster", 100),
}
"""What the amount of each rule is, and the most it can be."""
OTHERS: dict[Rule, tuple[str, ...]] = {
    Rule.HOME_2W: ("reading", "calendar_days"),
    Rule.HOME_4W: ("reading", "calendar_days"),
    Rule.HOURS_16: ("weeks", "gap_days"),
    Rule.SICK_4X: ("weeks",),
    Rule.STRUCTURAL: ("weeks", "min_weeks"),
}
"""The other numbers that a rule has."""
MISSING = "Vul dit in."


def number_field(label: str, most: int, least: int = 1) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=least,
        max_value=most,
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
        error_messages={
            "invalid": "Vul een heel getal in.",
            "min_value": f"Vul ten minste {least} in.",
            "max_value": f"Vul ten hoogste {most} in.",
        },
    )


class NextNormForm(forms.Form):
    """The norm of one rule from a date on, or the norm of everybody again."""

    valid_from = date_field("Geldt vanaf")
    common = forms.BooleanField(label="Vanaf deze dag geldt weer de algemene norm", required=False)
    reading = forms.ChoiceField(
        label="Hoe tel je de weken?",
        required=False,
        choices=[
            (Reading.SCHOOL.value, "in schooldagen: vakanties tellen niet mee"),
            (Reading.CALENDAR.value, "in kalenderdagen: gewoon door"),
        ],
        widget=forms.RadioSelect,
    )
    amount = number_field("Aantal", 200)
    calendar_days = number_field("Aantal kalenderdagen", 366)
    weeks = number_field("In hoeveel lesweken", 40)
    gap_days = number_field("Dagen tussen twee signalen, ten minste", 366, least=0)
    min_weeks = number_field("Alleen als van zoveel lesweken bekend is wie er was", 40)
    source = forms.CharField(
        label="Waar komt deze norm vandaan?",
        required=False,
        max_length=200,
        help_text="Dit staat bij elk signaal, zoals “afspraak van het samenwerkingsverband, juni 2026”.",
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def __init__(self, *args: Any, rule: Rule, today: date, has_own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.rule, self.today = rule, today
        kept = {"valid_from", "amount", "source", *OTHERS.get(rule, ())} | ({"common"} if has_own else set())
        for name in set(self.fields) - kept:
            del self.fields[name]
        label, most = AMOUNTS[rule]
        self.fields["amount"] = number_field(label, most)
        for name, field in self.fields.items():
            # They are asked for unless the norm of everybody is chosen.
            field.needed_later = name not in {"common", "valid_from"}  # type: ignore[attr-defined]

    @staticmethod
    def initial_of(norm: Norm | None, source: str) -> dict[str, Any]:
        """What holds now, to change from."""
        if norm is None:
            return {"reading": Reading.SCHOOL.value}
        names = ("amount", "calendar_days", "weeks", "gap_days", "min_weeks")
        return {name: getattr(norm, name) for name in names} | {"reading": norm.reading.value, "source": source}

    def clean_valid_from(self) -> date:
        day: date = self.cleaned_data["valid_from"]
        if not HOLIDAYS_FROM <= day <= self.today + FURTHEST_AHEAD:
            raise forms.ValidationError("Kies een dag vanaf 1 augustus 2022, en hoogstens drie jaar vooruit.")
        return day

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("common"):
            for name in set(self.errors) - {"valid_from"}:
                del self.errors[name]
            return data
        needed = {"amount", "source", *OTHERS.get(self.rule, ())} & set(self.fields)
        for name in sorted(needed - set(self.errors)):
            if data.get(name) in {None, ""}:
                self.add_error(name, MISSING)
        if data.get("min_weeks") and data.get("weeks") and data["min_weeks"] > data["weeks"]:
            self.add_error("min_weeks", "Dit is meer dan het aantal lesweken waarover geteld wordt.")
        return data

    def values(self) -> NormValues | None:
        """The numbers; None: the norm of everybody again. Only for a valid form."""
        data = self.cleaned_data
        if data.get("common"):
            return None
        numbers = {name: data[name] for name in OTHERS.get(self.rule, ()) if name != "reading"}
        reading = Reading(data["reading"]) if self.rule in READS_WEEKS else Reading.SCHOOL
        return NormValues(amount=data["amount"], source=data["source"].strip(), reading=reading, **numbers)


class BandsForm(forms.Form):
    """Three shares of missed time, from low to high."""

    low = number_field("Laagste grens (procent)", 98)
    middle = number_field("Middelste grens (procent)", 99)
    high = number_field("Hoogste grens (procent)", 100)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.required = True
            field.error_messages["required"] = MISSING

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if not self.errors and not data["low"] < data["middle"] < data["high"]:
            raise forms.ValidationError("Zet de grenzen van laag naar hoog, zoals 5, 10 en 20.")
        return data

    def bands(self) -> Bands:
        """Only for a valid form."""
        return Bands(**self.cleaned_data)

"""Forms about the days and minutes of a school."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from attendance.forms import SCHOOL_DAY, date_field
from attendance.models import CalendarException
from attendance.models.calendar import ExceptionKind
from attendance.services.own_days import check_own_days, own_days_at
from attendance.services.periods import PeriodError
from attendance.services.schools import WEEKDAYS, Counted
from thuiszitters.accounts.models import Region, School, Sector

LONGEST_LESSON = 120
NAMES_OF_DAYS = ("Maandag", "Dinsdag", "Woensdag", "Donderdag", "Vrijdag")


class OwnDaysForm(forms.Form):
    """Days on which a school is free or open by its own choice, that overlap no others of that school."""

    kind = forms.ChoiceField(
        label="Wat is er die dag?",
        choices=[(ExceptionKind.CLOSED.value, "vrij: geen school"), (ExceptionKind.OPEN.value, "open: wel school")],
        widget=forms.RadioSelect,
        initial=ExceptionKind.CLOSED.value,
        error_messages={"required": "Kies vrij of open."},
    )
    first = date_field("Van")
    last = date_field("Tot en met", required=False, help_text="Leeg: alleen deze ene dag.")
    description = forms.CharField(
        label="Omschrijving",
        max_length=80,
        widget=forms.TextInput(attrs={"class": "form-control", "placeholder": "studiedag"}),
        error_messages={"required": "Vul in wat het is, zoals studiedag. Zo herkent iedereen de dag."},
    )

    def __init__(self, *args: Any, school: School, row: CalendarException | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.others = own_days_at(school, but=row)

    def clean_description(self) -> str:
        return " ".join(str(self.cleaned_data["description"]).split())

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if self.errors:
            return data
        data["last"] = data["last"] or data["first"]
        try:
            check_own_days(self.others, data["first"], data["last"], data["kind"])
        except PeriodError as error:
            raise forms.ValidationError(str(error)) from error
        return data

    @property
    def span(self) -> tuple[date, date]:
        """First and last date. Only for a valid form."""
        return self.cleaned_data["first"], self.cleaned_data["last"]


def minutes_field(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=SCHOOL_DAY,
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
        error_messages={
            "required": "Vul de minuten in; 0 als er geen les is.",
            "invalid": "Vul een heel aantal minuten in.",
            "max_value": f"Vul ten hoogste {SCHOOL_DAY} minuten in.",
            "min_value": "Vul 0 of meer minuten in.",
        },
    )


class CountedForm(forms.Form):
    """What the days and minutes of a school are counted with."""

    region = forms.ChoiceField(label="Vakantieregio", choices=Region.choices, widget=forms.RadioSelect)
    monday = minutes_field(NAMES_OF_DAYS[0])
    tuesday = minutes_field(NAMES_OF_DAYS[1])
    wednesday = minutes_field(NAMES_OF_DAYS[2])
    thursday = minutes_field(NAMES_OF_DAYS[3])
    friday = minutes_field(NAMES_OF_DAYS[4])
    sector = forms.ChoiceField(label="Sector", choices=Sector.choices, widget=forms.RadioSelect)
    lesson_minutes = forms.IntegerField(
        label="Lengte van een les in minuten",
        required=False,
        min_value=1,
        max_value=LONGEST_LESSON,
        help_text="In het vo telt een les als één van de 16 uur. In po en so telt een uur 60 minuten en mag dit leeg.",
        widget=forms.NumberInput(attrs={"class": "form-control", "inputmode": "numeric"}),
        error_messages={
            "invalid": "Vul een heel aantal minuten in.",
            "min_value": "Vul ten minste 1 minuut in.",
            "max_value": f"Vul ten hoogste {LONGEST_LESSON} minuten in.",
        },
    )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        if data.get("sector") == Sector.VO and not data.get("lesson_minutes") and "lesson_minutes" not in self.errors:
            self.add_error("lesson_minutes", "Vul voor een vo-school de lengte van een les in, zoals 50.")
        if all(data.get(name) == 0 for name in WEEKDAYS):
            raise forms.ValidationError("Een school heeft op minstens één dag les.")
        return data

    def counted(self) -> Counted:
        """What was filled in. Only for a valid form."""
        data = self.cleaned_data
        monday, tuesday, wednesday, thursday, friday = (data[name] for name in WEEKDAYS)
        week = (monday, tuesday, wednesday, thursday, friday)
        return Counted(data["sector"], data["region"], data["lesson_minutes"], week)

    @staticmethod
    def initial_of(school: School) -> dict[str, Any]:
        return {name: getattr(school, name) for name in ("region", "sector", "lesson_minutes", *WEEKDAYS)}

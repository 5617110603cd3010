"""What is filled in about where a pupil is enrolled and taught. A form gives clean values; it saves nothing."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models.query import QuerySet

from attendance.arrangement_forms import not_too_far, why_field
from attendance.forms import date_field
from attendance.models import Enrolment, Group
from attendance.models.pupils import FINAL_REASONS, LeavingReason
from attendance.services.enrolments import NextSchool
from attendance.services.new_pupils import Child
from thuiszitters.accounts.models import Municipality, School

LONGEST_AGO = 25 * 366
"""Days: who was born earlier is no pupil here."""


class ChoiceOf(forms.ModelChoiceField):  # type: ignore[type-arg]
    """One of some rows, by code."""

    def __init__(self, label: str, empty: str, *, required: bool = True, help_text: str = "", error: str = "") -> None:
        super().__init__(
            School.objects.none(),
            label=label,
            empty_label=empty,
            required=required,
            help_text=help_text,
            to_field_name="code",
            error_messages={
                "required": error or "Maak een keuze.",
                "invalid_choice": "Deze keuze bestaat niet meer. Kies opnieuw.",
            },
        )


class LeaveForm(forms.Form):
    """The last day here, and perhaps the first day at the next school. `schools`: those that can be next."""

    last = date_field("Laatste dag op deze school")
    leaving_reason = forms.ChoiceField(
        label="Reden van vertrek",
        choices=[("", "kies een reden"), *LeavingReason.choices],
        error_messages={"required": "Kies waarom de leerling vertrekt."},
    )
    to = ChoiceOf(
        "Nieuwe school",
        "niet bekend, of niet in de lijst",
        required=False,
        help_text="Alleen scholen van jullie samenwerkingsverband. Een open dossier wordt daar aangeboden.",
    )
    to_first = date_field("Eerste dag op de nieuwe school", required=False, help_text="Leeg: de dag erna.")

    def __init__(self, *args: Any, schools: QuerySet[School], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("last", today)
        self.fields["to"].queryset = schools  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        to, to_first, last = cleaned.get("to"), cleaned.get("to_first"), cleaned.get("last")
        if to_first and to is None and "to" not in self.errors:
            self.add_error("to", "Kies de nieuwe school, of laat de eerste dag daar leeg.")
        if to is not None and cleaned.get("leaving_reason") in FINAL_REASONS:
            self.add_error("to", "Na deze reden gaat een leerling niet naar een andere school. Pas een van beide aan.")
        if to_first and last and to_first <= last:
            self.add_error("to_first", "Deze dag ligt niet na de laatste dag hier.")
        return cleaned

    @property
    def next_school(self) -> NextSchool | None:
        """Only for a valid form."""
        data = self.cleaned_data
        if data["to"] is None:
            return None
        return NextSchool(data["to"], data["to_first"] or data["last"] + timedelta(days=1))

    def warnings(self) -> list[str]:
        data = self.cleaned_data
        if data["leaving_reason"] == LeavingReason.OTHER_SCHOOL and data["to"] is None:
            return ["De nieuwe school is niet ingevuld: zolang die de leerling niet inschrijft, telt niemand mee."]
        if data["to"] is not None:
            return [f"{data['to']} ziet de leerling dan ook, en het verzuim vanaf de eerste dag daar."]
        return []


class DatesForm(forms.Form):
    """The right dates of an enrolment."""

    first = date_field("Ingeschreven van")
    last = date_field("Tot en met", required=False, help_text="Leeg: nog ingeschreven.")
    leaving_reason = forms.ChoiceField(
        label="Reden van vertrek", required=False, choices=[("", "geen"), *LeavingReason.choices]
    )
    why = why_field("Waarom verbeter je dit")

    def __init__(self, *args: Any, row: Enrolment, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.initial.update({name: getattr(row, name) for name in ("first", "last", "leaving_reason")})

    def clean_first(self) -> date:
        return not_too_far(self.cleaned_data["first"], self.today)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last, reason = cleaned.get("first"), cleaned.get("last"), cleaned.get("leaving_reason")
        if first and last and last < first:
            self.add_error("last", "De laatste dag ligt vóór de eerste dag.")
        if reason and not last and "last" not in self.errors:
            self.add_error("leaving_reason", "Een reden hoort bij een laatste dag. Vul die in, of kies “geen”.")
        return cleaned

    def warnings(self) -> list[str]:
        return []


class ClassForm(forms.Form):
    """Another class at the place of teaching."""

    group = ChoiceOf("Klas", "kies een klas", error="Kies een klas.")
    since = date_field("Vanaf", help_text="Vandaag of eerder. De dagen ervoor blijven bij de vorige klas.")

    def __init__(self, *args: Any, groups: QuerySet[Group], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("since", today)
        self.fields["group"].queryset = groups  # type: ignore[attr-defined]

    def warnings(self) -> list[str]:
        return []


class PlaceForm(forms.Form):
    """Another place of teaching, while the school of enrolment stays."""

    place = ChoiceOf("Les op", "kies een school", error="Kies waar de leerling les krijgt.")
    since = date_field("Vanaf", help_text="De dagen ervoor blijven bij de vorige plaats.")

    def __init__(self, *args: Any, schools: QuerySet[School], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("since", today)
        self.fields["place"].queryset = schools  # type: ignore[attr-defined]

    def warnings(self) -> list[str]:
        place = self.cleaned_data["place"]
        return [f"{place} ziet de leerling dan ook. De kalender, het rooster en de klassen van {place} gelden."]


class NewPupilForm(forms.Form):
    """A child that comes to school. `schools` are those of who fills it in, `groups` their classes."""

    number = forms.CharField(
        label="Leerlingnummer",
        max_length=20,
        error_messages={"required": "Vul het nummer in van jullie administratie."},
    )
    first_name = forms.CharField(label="Roepnaam", max_length=60, error_messages={"required": "Vul de roepnaam in."})
    name_prefix = forms.CharField(label="Tussenvoegsel", max_length=20, required=False)
    surname = forms.CharField(label="Achternaam", max_length=80, error_messages={"required": "Vul de achternaam in."})
    birth_date = date_field("Geboortedatum")
    municipality = ChoiceOf(
        "Woongemeente", "niet bekend", required=False, help_text="Zonder woongemeente kan een melding niet weg."
    )
    school = ChoiceOf("School van inschrijving", "kies een school", error="Kies een school.")
    group = ChoiceOf("Klas", "nog geen klas", required=False)
    first = date_field("Ingeschreven van")

    def __init__(
        self, *args: Any, schools: QuerySet[School], groups: QuerySet[Group], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.initial.setdefault("first", today)
        found = list(schools[:2])
        if len(found) == 1:
            self.initial.setdefault("school", found[0].code)
        for name, rows in (
            ("school", schools),
            ("group", groups),
            ("municipality", Municipality.objects.order_by("name")),
        ):
            self.fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean_number(self) -> str:
        number: str = self.cleaned_data["number"]
        if not number.isprintable():
            raise forms.ValidationError("Vul alleen letters en cijfers in.")
        return number

    def clean_birth_date(self) -> date:
        born: date = self.cleaned_data["birth_date"]
        if born >= self.today or (self.today - born).days > LONGEST_AGO:
            raise forms.ValidationError("Dit kan niet de geboortedatum van een leerling zijn.")
        return born

    def clean_first(self) -> date:
        return not_too_far(self.cleaned_data["first"], self.today)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        group, school = cleaned.get("group"), cleaned.get("school")
        if group is not None and school is not None and group.school_id != school.pk:
            self.add_error("group", f"{group} is geen klas van {school}.")
        born, first = cleaned.get("birth_date"), cleaned.get("first")
        if born and first and first <= born:
            self.add_error("first", "De eerste dag ligt niet na de geboortedatum.")
        return cleaned

    @property
    def child(self) -> Child:
        """Only for a valid form."""
        data = self.cleaned_data
        return Child(
            data["number"],
            data["first_name"],
            data["name_prefix"],
            data["surname"],
            data["birth_date"],
            data["municipality"],
        )

"""Asking for access, answering that, and opening a pupil in an emergency."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.conf import settings

from attendance.access_rules import is_within_term, usual_last
from attendance.forms import date_field
from attendance.models import EmergencyAccess
from attendance.services.access_requests import Typed
from attendance.services.emergencies import Sought
from thuiszitters.accounts.grants import Grants, schools_near
from thuiszitters.accounts.models import School
from thuiszitters.accounts.roles import ASSIGNED, LOOKS_IN, Role

ASKS = tuple(role for role in Role if role in ASSIGNED | LOOKS_IN)


def term_field() -> forms.DateField:
    """The last day of access."""
    return date_field("Tot en met", help_text=f"Hoogstens {settings.OUTSIDER_MOST_WEEKS} weken. Verlengen kan later.")


def clean_term(last: date, today: date) -> date:
    """`last`, when it can be given today."""
    if last < today:
        raise forms.ValidationError("Deze dag is al voorbij. Kies vandaag of later.")
    if not is_within_term(last, today, most_weeks=settings.OUTSIDER_MOST_WEEKS):
        raise forms.ValidationError(
            f"Dit is meer dan {settings.OUTSIDER_MOST_WEEKS} weken vooruit. Kies een eerdere dag; verlengen kan later."
        )
    return last


def table_field() -> forms.BooleanField:
    """Whether access is for as long as the pupil is on the table."""
    return forms.BooleanField(
        label="Eindigt ook als de leerling van de Thuiszitterstafel gaat", required=False, initial=True
    )


class AskForm(forms.Form):
    """Which pupil, of which school, and why."""

    role = forms.ChoiceField(label="Ik vraag dit als")
    school = forms.ModelChoiceField(
        School.objects.none(),
        label="School van de leerling",
        to_field_name="code",
        empty_label="kies een school",
        error_messages={"required": "Kies de school."},
    )
    number = forms.CharField(
        label="Leerlingnummer op die school",
        max_length=20,
        error_messages={"required": "Vul het leerlingnummer in. De school kan je dat geven."},
    )
    birth_date = date_field("Geboortedatum van de leerling")
    reason = forms.CharField(
        label="Waarom heb je toegang nodig?",
        min_length=10,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="De COO van de school leest dit. Schrijf geen diagnose op.",
        error_messages={
            "required": "Schrijf op waarom. De COO beslist hierop.",
            "min_length": "Schrijf iets meer op: de COO beslist hierop.",
        },
    )

    def __init__(self, *args: Any, grants: Grants, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.grants = grants
        self.roles = [role for role in ASKS if grants.has(role)]
        self.fields["role"].choices = [(role.value, role.label) for role in self.roles]  # type: ignore[attr-defined]
        if len(self.roles) == 1:
            del self.fields["role"]
        self.fields["school"].queryset = schools_near(grants, self.roles)  # type: ignore[attr-defined]

    def chosen_role(self) -> Role:
        return Role(self.cleaned_data["role"]) if "role" in self.fields else self.roles[0]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        school, role = data.get("school"), data.get("role")
        near = schools_near(self.grants, {Role(role)}) if role else None
        if school is not None and near is not None and not near.filter(pk=school.pk).exists():
            self.add_error("school", "Als deze rol kun je bij deze school niets vragen.")
        return data

    def typed(self) -> Typed:
        """Whom it is about. Only for a valid form."""
        data = self.cleaned_data
        return Typed(data["school"], data["number"], data["birth_date"])


class AnswerForm(forms.Form):
    """The COO's answer: until when, or why not."""

    last = term_field()
    for_table = table_field()
    answer = forms.CharField(
        label="Antwoord aan de vrager",
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Verplicht als je weigert.",
    )

    def __init__(self, *args: Any, today: date, refuses: bool = False, for_table: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today, self.refuses = today, refuses
        self.fields["last"].initial = usual_last(today, weeks=settings.OUTSIDER_WEEKS)
        self.fields["last"].required = not refuses
        self.fields["for_table"].initial = for_table

    def clean_last(self) -> date | None:
        last: date | None = self.cleaned_data["last"]
        return last if self.refuses or last is None else clean_term(last, self.today)

    def clean_answer(self) -> str:
        answer: str = self.cleaned_data["answer"]
        if self.refuses and not answer.strip():
            raise forms.ValidationError("Schrijf op waarom niet. De vrager leest dit.")
        return answer


class EmergencyForm(forms.Form):
    """Which pupil, and what makes it an emergency."""

    word = forms.CharField(
        label="Leerlingnummer of achternaam",
        max_length=80,
        help_text="De achternaam zonder tussenvoegsel.",
        error_messages={"required": "Vul het leerlingnummer of de achternaam in."},
    )
    birth_date = date_field("Geboortedatum van de leerling")
    reason = forms.CharField(
        label="Wat is er aan de hand?",
        min_length=20,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="COO en functionaris gegevensbescherming lezen dit. Noem geen naam.",
        error_messages={
            "required": "Schrijf op waarom je dit nu nodig hebt.",
            "min_length": "Schrijf iets meer op, ten minste 20 tekens.",
        },
    )
    sure = forms.BooleanField(
        label="Ik weet dat de COO en de functionaris gegevensbescherming meteen een mail krijgen",
        error_messages={"required": "Vink dit aan: zij krijgen een mail zodra je opent."},
    )

    def sought(self) -> Sought:
        """Whom it is about. Only for a valid form."""
        return Sought(self.cleaned_data["word"], self.cleaned_data["birth_date"])


class ReviewForm(forms.Form):
    """What the privacy officer thinks of one emergency."""

    judgement = forms.ChoiceField(
        label="Oordeel",
        choices=EmergencyAccess.Judgement.choices,
        error_messages={"required": "Kies een oordeel."},
    )
    text = forms.CharField(
        label="Toelichting", required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

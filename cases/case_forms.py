"""What people fill in about a case."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from cases.models import Case, LogEntry, Signal
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.services.holders import holders_of

CARE = "Schrijf zo dat de ouders en de leerling het mogen lezen. Medische gegevens horen hier niet."
STEP_ROLES = (Role.COO, Role.ZORGCOACH, Role.MENTOR, Role.GEDRAGSDESKUNDIGE)


def date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class LogForm(forms.Form):
    """A note, or contact that there was with the parents or the pupil."""

    kind = forms.ChoiceField(
        label="Wat schrijf je op?",
        choices=[
            (LogEntry.Kind.CONTACT.value, "contact met ouders of leerling"),
            (LogEntry.Kind.NOTE.value, "notitie"),
        ],
        initial=LogEntry.Kind.CONTACT.value,
        widget=forms.RadioSelect,
    )
    day = forms.DateField(label="Op welke dag", widget=date_input())
    text = forms.CharField(
        label="Wat is er gezegd of gezien?", help_text=CARE, widget=forms.Textarea(attrs={"rows": 4})
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"day": today})
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_day(self) -> date:
        day: date = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError("Deze dag is nog niet geweest. Vul een dag tot en met vandaag in.")
        return day


class StepForm(forms.Form):
    """A step of one's own making."""

    title = forms.CharField(
        label="Wat moet er gebeuren?",
        max_length=120,
        help_text="Kort, en zonder bijzonderheden: wie met de leerling op de tafel te maken heeft, leest dit mee.",
    )
    role = forms.ChoiceField(label="Wie", choices=[(role.value, role.label) for role in STEP_ROLES])
    due_on = forms.DateField(label="Uiterlijk op", widget=date_input())

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_due_on(self) -> date:
        due: date = self.cleaned_data["due_on"]
        if due < self.today:
            raise forms.ValidationError("Deze dag is al voorbij. Vul vandaag of een latere dag in.")
        return due


class ReasonForm(forms.Form):
    """One text that must be there."""

    text = forms.CharField(label="Waarom", max_length=200)


class CloseForm(ReasonForm):
    """Why the case is closed; for a pupil on the table also that this is meant."""

    leave_table = forms.BooleanField(
        help_text="Volgens de Werkwijzer pas als het rooster minstens 6 maanden goed is volgehouden.",
        error_messages={"required": "Kruis dit aan, of laat het dossier open zolang de leerling op de tafel staat."},
    )

    def __init__(self, *args: Any, case: Case, asks_table: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if asks_table:
            self.fields["leave_table"].label = f"{case.pupil.first_name} gaat ook van de Thuiszitterstafel"
        else:
            del self.fields["leave_table"]


class OutcomeForm(forms.Form):
    """What came of a step, and what comes after it."""

    text = forms.CharField(label="Wat kwam eruit", max_length=2000, required=False)
    next_title = forms.CharField(label="Volgende stap", max_length=120, required=False)
    next_due = forms.DateField(label="Uiterlijk op", required=False)

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean(self) -> dict[str, Any]:
        """A next step has a date, and a date belongs to a step."""
        values: dict[str, Any] = super().clean() or {}
        title, due = values.get("next_title", ""), values.get("next_due")
        if "next_due" in self.errors or "next_title" in self.errors:
            return values
        if title and due is None:
            self.add_error("next_due", "Vul ook in op welke dag de volgende stap uiterlijk klaar is.")
        elif due is not None and not title:
            self.add_error("next_title", "Vul ook in wat de volgende stap is.")
        elif due is not None and due < self.today:
            self.add_error("next_due", "Deze dag is al voorbij. Vul vandaag of een latere dag in.")
        return values

    @property
    def what_is_wrong(self) -> str:
        """The first error, for beside the step."""
        return next((str(error) for errors in self.errors.values() for error in errors), "")


class AnswerForm(forms.Form):
    """An answer to a signal; the service says which one needs a text."""

    answer = forms.ChoiceField(choices=Signal.Answer.choices)
    text = forms.CharField(max_length=500, required=False)


class OwnerForm(forms.Form):
    """Who gets the case: a COO or zorgcoach of the school that runs it."""

    owner = forms.ChoiceField(label="Eigenaar")

    def __init__(self, *args: Any, case: Case, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.people: dict[str, tuple[User, Role]] = {
            f"{role}:{person.code}": (person, role)
            for role in (Role.ZORGCOACH, Role.COO)
            for person in holders_of(role=role, school=case.school, today=today)
        }
        choices = [(key, f"{person} ({role.label})") for key, (person, role) in self.people.items()]
        self.fields["owner"] = forms.ChoiceField(label="Eigenaar", choices=choices)

    def chosen(self) -> tuple[User, Role]:
        """The person and the role in which they own the case."""
        return self.people[self.cleaned_data["owner"]]


class CaseFilterForm(forms.Form):
    """Filters of the list of cases. Never a name: they stand in the address."""

    fase = forms.CharField(required=False)
    eigenaar = forms.ChoiceField(required=False, choices=[("", "alle"), ("ik", "van mij"), ("geen", "van niemand")])
    gesloten = forms.BooleanField(required=False)

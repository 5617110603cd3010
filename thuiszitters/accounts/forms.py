"""What the privacy officer asks of the log."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models.query import QuerySet
from django.http import QueryDict

from thuiszitters.accounts.listings.reads import SHORT, Question
from thuiszitters.accounts.models import User
from thuiszitters.audit.kinds import Kind

MONTH = timedelta(days=30)


class LogForm(forms.Form):
    """A period (the last thirty days unless given), and if wished one kind, person, pupil (by short code) or page; or
    everything that one click caused."""

    van = forms.DateField(
        label="Van", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    tot = forms.DateField(
        label="Tot en met", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    wie = forms.ModelChoiceField(
        User.objects.none(), label="Wie", required=False, to_field_name="code", empty_label="iedereen"
    )
    soort = forms.ChoiceField(label="Soort", required=False, choices=[("", "alles"), *Kind.choices])
    leerling = forms.RegexField(
        f"^[0-9a-f]{{{SHORT}}}$",
        label="Leerling (code)",
        required=False,
        error_messages={"invalid": "Een code heeft 8 tekens, zoals in de lijst."},
    )

    wat = forms.CharField(label="Pagina of onderdeel", required=False, max_length=80)
    verzoek = forms.UUIDField(required=False, widget=forms.HiddenInput())

    def __init__(self, asked: QueryDict, *, people: QuerySet[User], today: date) -> None:
        # What is answered without a question stands in the fields too. One click is asked for whenever it was.
        answered = asked.copy()
        if not (asked.get("van") or asked.get("tot") or asked.get("verzoek")):
            answered["van"], answered["tot"] = (today - MONTH).isoformat(), today.isoformat()
        super().__init__(answered)
        self.today = today
        self.fields["wie"].queryset = people  # type: ignore[attr-defined]
        for field in self.fields.values():
            kind = "form-select" if isinstance(field, forms.ChoiceField) else "form-control"
            field.widget.attrs["class"] = f"{kind} {kind}-sm"

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        last = data.get("tot") or self.today
        first = data.get("van") or last - MONTH
        if first > last:
            self.add_error("van", "Deze dag ligt na de laatste dag.")
        return data | {"van": first, "tot": last}

    def question(self) -> Question:
        """What is asked, after is_valid()."""
        data = self.cleaned_data
        return Question(
            first=data["van"],
            last=data["tot"],
            kind=data["soort"],
            person=data["wie"],
            pupil=data["leerling"],
            page=data["wat"],
            request_id=str(data["verzoek"] or ""),
        )

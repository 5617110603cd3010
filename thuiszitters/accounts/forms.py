"""What the privacy officer asks the read log."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms
from django.db.models.query import QuerySet

from thuiszitters.accounts.listings.reads import SHORT
from thuiszitters.accounts.models import User

MONTH = timedelta(days=30)


class ReadsForm(forms.Form):
    """A period (the last thirty days unless given), one person or everybody, one pupil by short code or all."""

    van = forms.DateField(
        label="Van", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    tot = forms.DateField(
        label="Tot en met", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    wie = forms.ModelChoiceField(
        User.objects.none(), label="Wie", required=False, to_field_name="code", empty_label="iedereen"
    )
    leerling = forms.RegexField(
        f"^[0-9a-f]{{{SHORT}}}$",
        label="Leerling (code)",
        required=False,
        error_messages={"invalid": "Een code heeft 8 tekens, zoals in de lijst."},
    )

    def __init__(self, *args: Any, people: QuerySet[User], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.fields["wie"].queryset = people  # type: ignore[attr-defined]
        for field in self.fields.values():
            kind = "form-select" if isinstance(field, forms.ModelChoiceField) else "form-control"
            field.widget.attrs["class"] = f"{kind} {kind}-sm"

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        last = data.get("tot") or self.today
        first = data.get("van") or last - MONTH
        if first > last:
            self.add_error("van", "Deze dag ligt na de laatste dag.")
        return data | {"van": first, "tot": last}

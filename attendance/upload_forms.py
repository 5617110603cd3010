"""What somebody says of a file: what it holds, of which school, and what its silence means."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from django import forms
from django.db.models.query import QuerySet

from attendance.forms import date_field
from attendance.importing.uploads import Meaning, largest_size
from attendance.models.uploads import KINDS_FOR_SCHOOL, FileKind
from thuiszitters.accounts.models import School

SOME = "Kies een bestand."
LEAVE_OUT = "niet gebruiken"


def too_large() -> str:
    megabytes = largest_size() // 1024 // 1024
    return (
        f"Het bestand is groter dan {megabytes} MB en is niet bewaard. Maak een export over een kortere periode, "
        "of controleer of je het goede bestand koos."
    )


class UploadForm(forms.Form):
    """A file with what it is. `form_key` makes sending it twice the same as once."""

    form_key = forms.UUIDField(widget=forms.HiddenInput)
    kind = forms.ChoiceField(
        label="Wat staat er in het bestand?",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Kies wat er in het bestand staat.",
            "invalid_choice": "Kies een van deze soorten bestanden.",
        },
    )
    school = forms.ModelChoiceField(
        School.objects.none(),
        label="Van welke school",
        to_field_name="code",
        required=False,
        empty_label="kies een school",
    )
    file = forms.FileField(
        label="Bestand",
        help_text="Een export uit jullie administratie: CSV of XLSX, en voor leerlingen ook EDEXML.",
        error_messages={
            "required": SOME,
            "missing": SOME,
            "invalid": SOME,
            "empty": "Het bestand is leeg. Maak de export opnieuw.",
        },
    )
    through = date_field(
        "Compleet tot en met",
        required=False,
        help_text=(
            "Tot en met deze dag staat iedereen die afwezig was in het bestand. Wie er niet in staat, telt als "
            "aanwezig. Twijfel je over een dag? Kies een eerdere, of laat het leeg: dan blijft die dag “niet bekend”."
        ),
    )
    covers_first = date_field("Volledig van", required=False)
    covers_last = date_field("tot en met", required=False)

    def __init__(
        self, *args: Any, kinds: Sequence[FileKind], schools: QuerySet[School], today: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.schools = schools
        kind, school = self.fields["kind"], self.fields["school"]
        assert isinstance(kind, forms.ChoiceField)
        assert isinstance(school, forms.ModelChoiceField)
        kind.choices = [(one.value, one.label) for one in kinds]
        school.queryset = schools
        self.one_school = school.queryset[0] if schools.count() == 1 else None
        if self.one_school is not None:
            del self.fields["school"]
        self.fields["form_key"].initial = uuid.uuid4
        self.fields["file"].widget.attrs |= {
            "accept": ".csv,.txt,.xlsx,.xml",
            "data-most-bytes": str(largest_size()),
            "data-too-large": too_large(),
        }

    def clean_file(self) -> Any:
        file = self.cleaned_data["file"]
        if file is not None and file.size > largest_size():
            raise forms.ValidationError(too_large())
        return file

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        asked = cleaned.get("kind") in KINDS_FOR_SCHOOL and self.one_school is None
        if asked and not cleaned.get("school") and "school" not in self.errors:
            self.add_error("school", "Kies van welke school het bestand is.")
        if cleaned.get("kind") == FileKind.ABSENCES:
            self.check_days(cleaned)
        return cleaned

    def check_days(self, cleaned: dict[str, Any]) -> None:
        for name in ("through", "covers_first", "covers_last"):
            day = cleaned.get(name)
            if day and day > self.today:
                self.add_error(name, "Deze dag moet nog komen. Kies vandaag of een eerdere dag.")
        first, last = cleaned.get("covers_first"), cleaned.get("covers_last")
        if first and last and last < first:
            self.add_error("covers_last", "Deze dag ligt voor de eerste dag.")
        if first and not last and "covers_last" not in self.errors:
            self.add_error("covers_last", "Vul ook de laatste dag van de periode in.")
        if last and not first and "covers_first" not in self.errors:
            self.add_error("covers_first", "Vul ook de eerste dag van de periode in.")

    def chosen_school(self) -> School | None:
        """The school; None for a file about more of them. Only for a valid form."""
        if self.cleaned_data["kind"] not in KINDS_FOR_SCHOOL:
            return None
        school: School | None = self.cleaned_data.get("school") or self.one_school
        return school

    def meaning(self) -> Meaning:
        """What the file says by what it leaves out. Only for a valid form."""
        data = self.cleaned_data
        if data["kind"] != FileKind.ABSENCES:
            return Meaning()
        return Meaning(data["through"], data["covers_first"], data["covers_last"])


class ColumnsForm(forms.Form):
    """For each column of the file which of ours it is; the same one not twice, and all required ones somewhere."""

    def __init__(
        self,
        *args: Any,
        names: Sequence[str],
        known: Collection[str],
        required: Collection[str],
        chosen: dict[str, str],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.names = list(names)
        self.required_columns = tuple(required)
        choices = [("", LEAVE_OUT), *((name, name) for name in known)]
        for place, name in enumerate(self.names):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=f"Kolom {place + 1}: {name or 'zonder naam'}",
                choices=choices,
                required=False,
                initial=chosen.get(name.lower(), ""),
                widget=forms.Select(attrs={"class": "form-select form-select-sm"}),
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        used = [value for value in cleaned.values() if value]
        for column in dict.fromkeys(used):
            if used.count(column) > 1:
                self.add_error(None, f"“{column}” is twee keer gekozen. Laat er één staan.")
        missing = [column for column in self.required_columns if column not in used]
        if missing:
            self.add_error(None, f"Kies ook een kolom voor {', '.join(missing)}.")
        return cleaned

    def columns(self) -> dict[str, str]:
        """Name in the file → our column, or empty. Only for a valid form."""
        return {name.lower(): self.cleaned_data[f"column-{place}"] for place, name in enumerate(self.names) if name}


class StartForm(forms.Form):
    """What has to be said before a checked file goes in."""

    move_through = forms.BooleanField(required=False)
    withdraw = forms.TypedChoiceField(
        choices=[("ja", "vervalt"), ("nee", "blijft staan")],
        coerce=lambda answer: answer == "ja",
        empty_value=None,
        required=False,
    )

"""Forms of a report: they check input and give clean values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms

from cases.models import Report
from cases.services.reports import DRAFT_FIELDS


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


NEEDED_TO_PASS_ON = {
    "supposed_reason": "Schrijf op wat je denkt dat de reden is, of dat je die niet weet.",
    "school_actions": "Schrijf op wat de school heeft gedaan.",
    "reporter_name": "Vul in wie de melding doet.",
    "reporter_phone": "Vul in op welk nummer de melder te bereiken is.",
}
"""Fields that a draft may leave empty and a report that is passed on may not, with what to do."""


class ReportForm(forms.ModelForm):  # type: ignore[type-arg]
    """What the COO fills in. Field names and limits follow the legal list."""

    class Meta:
        model = Report
        fields = DRAFT_FIELDS
        widgets: ClassVar[dict[str, Any]] = {
            "first_day": DateInput(),
            "last_day": DateInput(),
            "school_actions": forms.Textarea(attrs={"rows": 4}),
            "supposed_reason": forms.Textarea(attrs={"rows": 2}),
            "no_action_reason": forms.TextInput(),
            "contact_phone": forms.TextInput(),
            "other_address": forms.TextInput(),
        }
        help_texts: ClassVar[dict[str, str]] = {
            "supposed_reason": "Hoogstens 200 tekens. Geen medische gegevens: leerplicht heeft die niet nodig.",
            "school_actions": "Wat heeft de school gedaan, wanneer, en met welk resultaat?",
            "last_day": "Verplicht bij 16 uur, langdurig verzuim en RMC.",
            "other_address": "Alleen als de leerling ergens anders verblijft dan in de basisregistratie staat.",
            "no_action_reason": "Alleen invullen als de gemeente niets hoeft te doen.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in NEEDED_TO_PASS_ON:
            self.fields[name].needed_later = True  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        first, last = values.get("first_day"), values.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", "De einddatum ligt vóór de begindatum. Pas een van de twee aan.")
        if values.get("action_wanted") is False and not values.get("no_action_reason"):
            self.add_error("no_action_reason", "Schrijf op waarom de gemeente niets hoeft te doen.")
        return values


class StartForm(forms.Form):
    """Which kind of report somebody starts by hand."""

    kind = forms.ChoiceField(label="Soort melding")

    def __init__(self, *args: Any, kinds: Sequence[Report.Kind], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["kind"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(kind.value, kind.label) for kind in kinds]


class PrepareForm(ReportForm):
    """The same, complete enough to pass on to the administratie."""

    END_REQUIRED = (Report.Kind.HOURS_16, Report.Kind.LRV, Report.Kind.RMC)

    def clean(self) -> dict[str, Any]:
        values = super().clean()
        if values.get("kind") in self.END_REQUIRED and not values.get("last_day"):
            self.add_error("last_day", "Vul de einddatum in: bij deze soort melding is die verplicht.")
        for name, text in NEEDED_TO_PASS_ON.items():
            if not values.get(name):
                self.add_error(name, text)
        return values


class TextForm(forms.Form):
    """A question, a reply or a reason."""

    text = forms.CharField(label="Bericht", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, label: str = "Bericht", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].label = label


class SendForm(forms.Form):
    duo_number = forms.CharField(
        label="Meldingsnummer DUO",
        max_length=20,
        required=False,
        help_text="Als je de melding ook bij DUO hebt ingevoerd.",
    )


class AnswerForm(forms.Form):
    """The answer of leerplicht."""

    status = forms.ChoiceField(label="Status")
    closed_reason = forms.ChoiceField(
        label="Reden van afsluiten",
        required=False,
        choices=[("", "— kies alleen bij afsluiten —"), *Report.ClosedReason.choices],
    )
    text = forms.CharField(
        label="Bericht aan de school", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, statuses: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["status"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = statuses

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("status") == Report.Status.CLOSED and not values.get("closed_reason"):
            self.add_error("closed_reason", "Kies de reden waarom je de melding afsluit.")
        return values

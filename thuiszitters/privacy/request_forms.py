"""What is asked of who handles a request under the AVG."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from thuiszitters.privacy.models import PrivacyRequest
from thuiszitters.privacy.redaction import Span, merged, spans_of
from thuiszitters.privacy.services.naming import Suggestion

AREA = forms.Textarea(attrs={"rows": 3})
CHOOSE = ("", "Kies …")
"""First in a list of which nothing may be decided by not looking."""


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class ReceiveForm(forms.Form):
    """What was asked, by whom and when."""

    school = forms.ChoiceField(label="Welke school antwoordt", required=False)
    kind = forms.ChoiceField(
        label="Wat wordt gevraagd",
        choices=[
            ("inzage", "inzage: zien wat er staat (artikel 15)"),
            ("correctie", "correctie: iets verbeteren (artikel 16)"),
            ("bezwaar", "bezwaar: iets niet meer doen (artikel 21)"),
        ],
    )
    asked_by = forms.ChoiceField(label="Wie vraagt het", choices=[CHOOSE, *PrivacyRequest.AskedBy.choices])
    asker_name = forms.CharField(label="Naam van wie het vraagt", max_length=120)
    received_on = forms.DateField(
        label="Ontvangen op", widget=DateInput(), help_text="De termijn van een maand loopt vanaf deze dag."
    )
    question = forms.CharField(
        label="Wat er precies gevraagd wordt",
        widget=AREA,
        max_length=2000,
        help_text="In de woorden van wie het vraagt.",
    )

    def __init__(self, *args: Any, today: date, schools: list[Any], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        self.by_code = {str(school.code): school for school in schools}
        if len(schools) == 1:
            del self.fields["school"]
        else:
            choices = [(code, school.name) for code, school in self.by_code.items()]
            self.fields["school"] = forms.ChoiceField(label="Welke school antwoordt", choices=choices)

    def clean_received_on(self) -> date:
        day: date = self.cleaned_data["received_on"]
        if day > self.today:
            raise forms.ValidationError("Deze dag moet nog komen. Vul in wanneer het verzoek binnenkwam.")
        return day

    def chosen_school(self) -> Any:
        """The school that answers."""
        return self.by_code.get(self.cleaned_data.get("school", "")) or next(iter(self.by_code.values()))

    def values(self) -> dict[str, Any]:
        return {name: value for name, value in self.cleaned_data.items() if name != "school"}


class WeighForm(forms.Form):
    """Who this is, and whether they may have it."""

    identity = forms.ChoiceField(
        label="Hoe is vastgesteld wie dit is", choices=[CHOOSE, *PrivacyRequest.Identity.choices]
    )
    consent = forms.ChoiceField(
        label="Wat vindt de leerling (of de ouder met gezag)", choices=[CHOOSE, *PrivacyRequest.Consent.choices]
    )
    weighed = forms.CharField(label="Waarom mag deze persoon dit, of waarom niet", widget=AREA, max_length=500)

    def __init__(self, *args: Any, needs_consent: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not needs_consent:
            del self.fields["consent"]


class ExtendForm(forms.Form):
    """Why the answer takes longer."""

    why = forms.CharField(label="Waarom is meer tijd nodig", widget=AREA, max_length=300)


class AnswerForm(forms.Form):
    """What was decided."""

    decision = forms.ChoiceField(label="Besluit", choices=[CHOOSE, *PrivacyRequest.Decision.choices])
    decision_reason = forms.CharField(
        label="Toelichting",
        widget=AREA,
        max_length=1000,
        required=False,
        help_text="Verplicht als (een deel) niet gebeurt: wie het vroeg heeft recht op de reden.",
    )
    told = forms.CharField(
        label="Wie dit gehoord heeft, en hoe",
        max_length=300,
        help_text="Ook wie de gegevens eerder kreeg, zoals leerplicht (artikel 19).",
    )
    statement = forms.CharField(
        label="Verklaring van ouder of leerling",
        widget=AREA,
        max_length=2000,
        required=False,
        help_text="In hun eigen woorden. Wie het dossier opent, ziet deze verklaring.",
    )

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        if values.get("decision") in {"deels", "afgewezen"} and not values.get("decision_reason"):
            self.add_error("decision_reason", "Schrijf op waarom (een deel) niet gebeurt.")
        return values


class JudgeForm(forms.Form):
    """What of one text goes along."""

    black = forms.MultipleChoiceField(
        label="Maak zwart",
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    phrases = forms.CharField(
        label="Maak ook zwart",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "data-redact-phrases": ""}),
        help_text="Eén woord of zin per regel, zoals het in de tekst staat. Elke plek wordt zwart.",
    )
    left_out = forms.BooleanField(label="Laat de hele tekst weg", required=False)
    reason = forms.CharField(
        label="Waarom",
        required=False,
        max_length=300,
        help_text="Verplicht bij weglaten. Wie het bestand krijgt, leest deze reden: noem niemand.",
    )

    def __init__(self, *args: Any, text: str, suggestions: list[Suggestion], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.text = text
        # By its words: who was known when the page was made, and so the row of suggestions, can have changed since.
        self.suggestions = {row.words: row for row in suggestions}
        self.spans: list[Span] = []
        if suggestions:
            choices = [(key, f"{row.words} ({row.what})") for key, row in self.suggestions.items()]
            self.fields["black"] = forms.MultipleChoiceField(
                label="Dit kan een ander zijn. Maak zwart:",
                required=False,
                widget=forms.CheckboxSelectMultiple,
                choices=choices,
            )
        else:
            del self.fields["black"]

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or {}
        typed, missing = spans_of(self.text, values.get("phrases", "").splitlines())
        if missing:
            self.add_error("phrases", f"Dit staat niet in de tekst: {', '.join(missing)}. Neem het letterlijk over.")
        ticked = [span for key in values.get("black", []) for span in self.suggestions[key].spans]
        self.spans = merged([*typed, *ticked], self.text)
        if values.get("left_out") and not values.get("reason"):
            self.add_error("reason", "Schrijf op waarom deze tekst niet meegaat.")
        return values

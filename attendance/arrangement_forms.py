"""What is filled in about an own timetable or an exemption. A form gives clean values; it saves nothing."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms

from attendance.engine.facts import Week
from attendance.forms import FURTHEST_AHEAD, SCHOOL_DAY, date_field
from attendance.models import Exemption, OwnTimetable
from attendance.models.arrangements import ExemptionKind, TimetableKind
from attendance.services.arrangement_history import WHY_LENGTH
from attendance.services.exemptions import Ground
from attendance.services.timetables import FIELDS, Agreement, lapses_on
from thuiszitters.accounts.dutch_dates import full_date

WEEKDAYS = ("Maandag", "Dinsdag", "Woensdag", "Donderdag", "Vrijdag")
PARTIES = ("ouders", "leerling", "school", "leerplicht", "Inspectie")
"""Who can agree to an own timetable."""
NO_CARE = "Kort en feitelijk. Medische gegevens horen hier niet."


def why_field(label: str, *, required: bool = True) -> forms.CharField:
    """Why something is changed: it stands in the history."""
    return forms.CharField(
        label=label,
        required=required,
        max_length=WHY_LENGTH,
        help_text=NO_CARE,
        error_messages={"required": "Schrijf in een paar woorden waarom."},
    )


def minutes_field(label: str) -> forms.IntegerField:
    return forms.IntegerField(
        label=label,
        min_value=0,
        max_value=SCHOOL_DAY,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        error_messages={
            "required": "Vul minuten in, of 0.",
            "invalid": "Vul een heel aantal minuten in.",
            "min_value": "Vul 0 of meer minuten in.",
            "max_value": f"Vul hoogstens {SCHOOL_DAY} minuten in.",
        },
    )


class TimetableForm(forms.Form):
    """An own timetable. `standard` is the school's week, which stands beside it; `row` is the one that is changed."""

    kind = forms.ChoiceField(label="Soort", choices=TimetableKind.choices, widget=forms.RadioSelect)
    first = date_field("Vanaf")
    last = date_field("Tot en met", required=False, help_text="Hoogstens tot en met 31 juli: dan vervalt de afspraak.")
    agreed_by = forms.MultipleChoiceField(
        label="Afgesproken met",
        choices=[(name, name) for name in PARTIES],
        widget=forms.CheckboxSelectMultiple,
        help_text="Voor minder uren dan de wet vraagt is vaak ook de Inspectie nodig.",
        error_messages={"required": "Kies met wie dit is afgesproken."},
    )
    agreed_on = date_field("Afgesproken op")
    reason = forms.CharField(
        label="Waarom dit rooster",
        max_length=300,
        help_text=NO_CARE,
        error_messages={"required": "Schrijf in een paar woorden waarom."},
    )
    why = why_field("Waarom wijzig je dit")

    def __init__(self, *args: Any, standard: Week, today: date, row: OwnTimetable | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.standard = standard
        self.today = today
        week = row.week if row else standard
        for name, label, minutes in zip(FIELDS, WEEKDAYS, week, strict=True):
            self.fields[name] = minutes_field(label)
            self.initial[name] = minutes
        if row is None:
            del self.fields["why"]
            self.initial.update({"kind": TimetableKind.ADAPTED, "first": today, "last": lapses_on(today)})
        else:
            parties = [name for name in row.agreed_by.split(", ") if name in PARTIES]
            self.initial.update(
                {
                    "kind": row.kind,
                    "first": row.first,
                    "last": row.last,
                    "agreed_by": parties,
                    "agreed_on": row.agreed_on,
                    "reason": row.reason,
                }
            )

    def clean_agreed_on(self) -> date:
        agreed_on: date = self.cleaned_data["agreed_on"]
        if agreed_on > self.today:
            raise forms.ValidationError("Deze dag moet nog komen. Vul in wanneer het is afgesproken.")
        return agreed_on

    def clean_first(self) -> date:
        return not_too_far(self.cleaned_data["first"], self.today)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "De laatste dag ligt vóór de eerste dag.")
        elif first and last and last > lapses_on(first):
            self.add_error(
                "last",
                f"Dit kan hoogstens tot en met {full_date(lapses_on(first))}, het einde van het schooljaar: dan "
                "vervalt de afspraak. Maak voor het nieuwe schooljaar een nieuwe.",
            )
        return cleaned

    # Only for a valid form

    @property
    def agreement(self) -> Agreement:
        data = self.cleaned_data
        return Agreement(
            data["first"],
            data["last"],
            self.week,
            data["kind"],
            ", ".join(data["agreed_by"]),
            data["agreed_on"],
            data["reason"],
        )

    @property
    def week(self) -> Week:
        return cast("Week", tuple(self.cleaned_data[name] for name in FIELDS))

    def warnings(self) -> list[str]:
        """What does not stand in the way, and somebody should think of."""
        found = []
        if sum(self.week) < sum(self.standard) and "ouders" not in self.cleaned_data["agreed_by"]:
            found.append("De ouders staan er niet bij. Voor minder uren is hun instemming nodig.")
        if self.cleaned_data["last"] is None:
            until = full_date(self.agreement.until)
            found.append(f"Je vulde geen einddatum in. Het rooster loopt tot en met {until}: dan vervalt de afspraak.")
        if sum(self.week) > sum(self.standard):
            found.append("Dit zijn meer minuten dan het rooster van de school.")
        return found

    # For the page

    def week_rows(self) -> list[tuple[forms.BoundField, int]]:
        """Each weekday with the school's minutes."""
        return [(self[name], minutes) for name, minutes in zip(FIELDS, self.standard, strict=True)]

    def other_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in self.fields if name not in FIELDS]


class ExemptionForm(forms.Form):
    """An exemption; `row` is the one that is changed."""

    kind = forms.ChoiceField(
        label="Volgens welk artikel",
        help_text="Ziekte en schorsing zijn geen vrijstelling: meld die als afwezigheid, anders telt niemand ze mee.",
        error_messages={"required": "Kies een artikel."},
    )
    first = date_field("Vanaf")
    last = date_field("Tot en met", required=False, help_text="Leeg: er is nog geen einde bekend.")
    decided_by = forms.CharField(
        label="Waar blijkt het uit",
        max_length=120,
        help_text="Bijvoorbeeld: bericht van leerplicht, besluit van de directeur.",
        error_messages={"required": "Schrijf op van wie het bericht of besluit komt."},
    )
    decided_on = date_field("Datum van dat bericht", required=False)
    why = why_field("Waarom wijzig je dit")

    def __init__(self, *args: Any, today: date, row: Exemption | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today
        choices: list[tuple[str, str]] = [("", "kies een artikel"), *ExemptionKind.choices]
        if row is None:
            del self.fields["why"]
            self.initial.update({"first": today})
        else:
            if row.kind not in ExemptionKind.values:
                choices.append((row.kind, f"“{row.kind}”, zoals het in het bestand stond"))
            names = ("kind", "first", "last", "decided_by", "decided_on")
            self.initial.update({name: getattr(row, name) for name in names})
        cast("forms.ChoiceField", self.fields["kind"]).choices = choices

    def clean_first(self) -> date:
        return not_too_far(self.cleaned_data["first"], self.today)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        first, last = cleaned.get("first"), cleaned.get("last")
        if first and last and last < first:
            self.add_error("last", "De laatste dag ligt vóór de eerste dag.")
        return cleaned

    @property
    def ground(self) -> Ground:
        data = self.cleaned_data
        return Ground(data["first"], data["last"], data["kind"], data["decided_by"], data["decided_on"])

    def warnings(self) -> list[str]:
        """What does not stand in the way, and somebody should think of."""
        kind, last = self.cleaned_data["kind"], self.cleaned_data["last"]
        if last is None and kind in {ExemptionKind.UNABLE, ExemptionKind.BELIEF, ExemptionKind.ABROAD}:
            return ["Zonder einde: ouders laten elk jaar vóór 1 juli weten dat dit nog zo is. Kijk dan of het klopt."]
        if kind in {ExemptionKind.RELIGION, ExemptionKind.PARENTS_WORK, ExemptionKind.WEIGHTY} and last is None:
            return ["Verlof heeft een einde. Vul de laatste dag in zodra je die weet."]
        return []


class EndForm(forms.Form):
    """The last day on which something holds, and why it ends earlier."""

    last = date_field("Laatste dag")
    why = why_field("Waarom stopt het")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("last", today)

    def warnings(self) -> list[str]:
        return []


class RemoveForm(forms.Form):
    """Why something never held."""

    why = why_field("Waarom klopt dit niet")

    def warnings(self) -> list[str]:
        return []


def not_too_far(day: date, today: date) -> date:
    """Refuses a first day that can only be a slip of the pen."""
    if day > today + FURTHEST_AHEAD:
        raise forms.ValidationError("Dit is meer dan een jaar vooruit. Kies een eerdere dag.")
    return day

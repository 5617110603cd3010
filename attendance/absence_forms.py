"""What is asked beside an absence itself: why it changes, and for which group it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django import forms

from attendance.forms import AbsenceForm
from attendance.models import Group, Reason

WHY_LENGTH = 200


class WhyForm(forms.Form):
    """Why a record changes. Asked for when a signal falls or moves with it, because somebody will want to know."""

    why = forms.CharField(
        label="Waarom verandert dit?",
        required=False,
        max_length=WHY_LENGTH,
        help_text="In een paar woorden, bijvoorbeeld: verkeerde leerling aangevinkt. Geen medische gegevens.",
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
        error_messages={"required": "Vul in waarom dit verandert: er verandert een signaal door."},
    )

    def __init__(self, *args: Any, required: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["why"].required = required


class GroupAbsenceForm(AbsenceForm):
    """The same absence for everybody, or some, of one or more classes; it always has an end.

    `ticked` and `unticked` keep who was chosen, while somebody goes back to change something else.
    """

    groups = forms.MultipleChoiceField(
        label="Klassen",
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Kies ten minste één klas."},
    )
    who = forms.ChoiceField(
        label="Voor wie?",
        choices=[("all", "Iedereen van deze klassen"), ("some", "Enkele leerlingen: ik vink ze zo aan")],
        initial="all",
        widget=forms.RadioSelect,
    )
    ticked = forms.CharField(required=False, widget=forms.HiddenInput)
    unticked = forms.CharField(required=False, widget=forms.HiddenInput)

    field_order = ("groups", "who", "reason", "first", "last", "minutes")

    def __init__(self, *args: Any, groups: Sequence[Group], reasons: dict[str, Reason], **kwargs: Any) -> None:
        super().__init__(*args, reasons=reasons, **kwargs)
        self.visible_groups = {str(group.code): group for group in groups}
        del self.fields["open_ended"]
        self.fields["last"].required = True
        self.fields["last"].help_text = "Eén dag? Vul twee keer dezelfde datum in."
        field = self.fields["groups"]
        assert isinstance(field, forms.ChoiceField)
        schools = {group.school_id for group in groups}
        field.choices = [
            (code, f"{group.name}, {group.school.name}" if len(schools) > 1 else group.name)
            for code, group in self.visible_groups.items()
        ]

    def chosen_groups(self) -> list[Group]:
        """The classes. Only for a valid form."""
        return [self.visible_groups[code] for code in self.cleaned_data["groups"]]

    def is_ticked(self, code: str) -> bool:
        """Whether the pupil with this code was chosen, or would be by itself. Only for a valid form."""
        data = self.cleaned_data
        if code in data["ticked"].split():
            return True
        return bool(data["who"] == "all" and code not in data["unticked"].split())


class TickedForm(forms.Form):
    """Exactly who it is for. `key` is made with the list on the screen: sent twice, it is recorded once."""

    key = forms.UUIDField()
    pupils = forms.MultipleChoiceField(
        error_messages={
            "required": "Vink ten minste één leerling aan.",
            "invalid_choice": "Nog niets opgeslagen: de lijst is intussen veranderd. Kijk die na en sla opnieuw op.",
        }
    )

    def __init__(self, *args: Any, codes: Collection[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["pupils"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(code, code) for code in codes]

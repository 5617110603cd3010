"""What a teacher fills in for a lesson, and a mentor afterwards."""

from __future__ import annotations

from typing import Any

from django import forms

from attendance.engine.lesson_day import Mark, Seen
from attendance.listings.lesson_page import NOTHING, LessonLine, common_code
from attendance.listings.reasons import LATE, absence_choices
from attendance.models import Reason
from attendance.services.lessons import UNKNOWN

PRESENT, ABSENT, LATE_MARK = "present", "absent", "late"
MARKS = [(PRESENT, "aanwezig"), (ABSENT, "afwezig"), (LATE_MARK, "te laat")]
NOT_NOTED = (NOTHING, "niet verwacht")
USUAL_LATE = 5


class LessonMarkForm(forms.Form):
    """How one pupil stands in a lesson. `was` is the state that was on the screen. `reason` is left out for who sees
    none."""

    was = forms.CharField(max_length=40)
    mark = forms.ChoiceField(choices=[NOT_NOTED, *MARKS])
    reason = forms.ChoiceField(required=False)
    late = forms.IntegerField(required=False, min_value=1)

    def __init__(
        self, *args: Any, line: LessonLine, reasons: dict[str, Reason], with_reasons: bool, longest: int, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.line = line
        self.reasons = reasons
        self.longest = longest
        if not with_reasons:
            del self.fields["reason"]
            return
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = absence_choices(reasons)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        mark, late = cleaned.get("mark"), cleaned.get("late")
        if mark == ABSENT and "reason" in self.fields and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", "Kies een reden. Weet je die nog niet? Kies “Reden nog niet bekend”.")
        if mark == LATE_MARK and "late" not in self.errors:
            if not late:
                self.add_error("late", "Vul in hoeveel minuten te laat.")
            elif late > self.longest:
                self.add_error("late", f"Te laat is hoogstens {self.longest} minuten. Anders kies je afwezig.")
        if mark == NOTHING and self.line.silence:
            self.add_error("mark", "Kies aanwezig, afwezig of te laat.")
        return cleaned

    def chosen(self) -> Mark | None:
        """The mark. Only for a valid form. Without a choice of reasons a mark that stays absent keeps its reason."""
        data = self.cleaned_data
        if data["mark"] == NOTHING:
            return None
        if data["mark"] == PRESENT:
            return Mark(Seen.PRESENT)
        if data["mark"] == LATE_MARK:
            return Mark(Seen.LATE, self.reasons[LATE], data["late"])
        shown = self.line.shown
        if shown is not None and shown.seen is Seen.ABSENT:
            keeps = "reason" not in self.fields or data["reason"] == common_code(shown.reason)
            if keeps:
                return shown
        return Mark(Seen.ABSENT, self.reasons[data.get("reason") or UNKNOWN])


def initial_of(mark: Mark | None) -> dict[str, object]:
    """The fields that show a mark."""
    initial: dict[str, object] = {"mark": NOTHING, "reason": UNKNOWN, "late": USUAL_LATE}
    if mark is None:
        return initial
    if mark.seen is Seen.ABSENT:
        return initial | {"mark": ABSENT, "reason": common_code(mark.reason)}
    if mark.seen is Seen.LATE:
        return initial | {"mark": LATE_MARK, "late": mark.minutes}
    return initial | {"mark": PRESENT}


class DoubtForm(forms.Form):
    """Whether a pupil came after the lessons in which nobody saw them."""

    AWAY, CAME = "away", "came"
    was = forms.ChoiceField(
        choices=[(AWAY, "de hele dag afwezig"), (CAME, "was er de rest van de dag")],
        widget=forms.RadioSelect,
        error_messages={"required": "Kies of deze leerling er nog was."},
    )


class LessonReasonForm(forms.Form):
    """Why a pupil was absent: in the lessons of a day, or by a record."""

    pupil = forms.UUIDField()
    day = forms.DateField(required=False)
    record = forms.UUIDField(required=False)
    reason = forms.ChoiceField(error_messages={"required": "Kies een reden.", "invalid_choice": "Kies een reden."})

    def __init__(self, *args: Any, reasons: dict[str, Reason], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = reasons
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [row for row in absence_choices(reasons) if row[0] != UNKNOWN]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("day") and not cleaned.get("record") and not self.errors:
            raise forms.ValidationError("Kies waar de reden bij hoort.")
        return cleaned

    def chosen_reason(self) -> Reason:
        """The reason. Only for a valid form."""
        return self.reasons[self.cleaned_data["reason"]]

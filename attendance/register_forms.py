"""What somebody fills in for one pupil in the register of a class. It saves nothing and knows no request."""

from __future__ import annotations

from typing import Any

from django import forms

from attendance.listings.reasons import LATE, SICK, UNKNOWN, absence_choices, short_choices
from attendance.models import Reason
from attendance.services.registers import Mark, mark_in

SCHOOL_DAY = 600
"""No school day has more minutes."""
PRESENT, ABSENT, LATE_MARK, HOME = "present", "absent", "late", "home"
MARKS = [(PRESENT, "aanwezig"), (ABSENT, "afwezig"), (LATE_MARK, "te laat"), (HOME, "naar huis")]
DAY, MORNING, AFTERNOON, MINUTES = "day", "morning", "afternoon", "minutes"
EXTENTS = [(DAY, "hele dag"), (MORNING, "ochtend"), (AFTERNOON, "middag"), (MINUTES, "minuten")]
MINE, THEIRS = "mine", "theirs"

STATE = r"^(\d+\+)?(present|absent:.+|part:\d+:.+)$"
"""A state (Line.state), as a page sends it back."""

Parts = tuple[int, int]
"""Minutes of the morning and of the afternoon."""


class MarkForm(forms.Form):
    """How one pupil stands in the register.

    `was` is the state that was on the screen when the page was opened (Line.state). Whoever was told that others
    changed it since (`asked`: to which state) says in `answer` whose mark it becomes.
    """

    was = forms.RegexField(STATE, max_length=60)
    mark = forms.ChoiceField(choices=MARKS)
    reason = forms.ChoiceField(required=False)
    extent = forms.ChoiceField(choices=EXTENTS, required=False)
    minutes = forms.IntegerField(required=False, min_value=1, max_value=SCHOOL_DAY)
    late = forms.IntegerField(required=False, min_value=1, max_value=SCHOOL_DAY)
    home_extent = forms.ChoiceField(choices=EXTENTS[2:], required=False)
    home = forms.IntegerField(required=False, min_value=1, max_value=SCHOOL_DAY)
    asked = forms.RegexField(STATE, max_length=60, required=False)
    answer = forms.ChoiceField(choices=[(MINE, MINE), (THEIRS, THEIRS)], required=False)

    def __init__(self, *args: Any, reasons: dict[str, Reason], parts: Parts | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reasons = reasons
        self.parts = parts
        field = self.fields["reason"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = absence_choices(reasons)

    @property
    def chips(self) -> list[tuple[str, str, str]]:
        """The reasons as the page offers them."""
        return short_choices(self.reasons)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        mark = cleaned.get("mark")
        if mark == ABSENT and not cleaned.get("reason"):
            self.complain("reason", "Kies een reden. Weet je die nog niet? Kies “onbekend”.")
        if mark == ABSENT and not self.minutes_of(cleaned.get("extent") or DAY, cleaned.get("minutes")):
            self.complain("minutes", "Vul in hoeveel minuten les er gemist zijn.")
        if mark == LATE_MARK and not cleaned.get("late"):
            self.complain("late", "Vul in hoeveel minuten te laat.")
        if mark == HOME and not self.minutes_of(cleaned.get("home_extent") or MINUTES, cleaned.get("home")):
            self.complain("home", "Kies de middag, of vul in hoeveel minuten les er gemist zijn.")
        return cleaned

    def complain(self, name: str, text: str) -> None:
        """Say what is missing, unless something was said of this field already."""
        if name not in self.errors:
            self.add_error(name, text)

    def minutes_of(self, extent: str, minutes: int | None) -> int | None:
        """How long that is; a whole day is more than any school day. None: not filled in."""
        if extent == DAY:
            return SCHOOL_DAY + 1
        if extent == MINUTES:
            return minutes
        return self.parts[extent == AFTERNOON] if self.parts else None

    def chosen(self) -> Mark | None:
        """The mark, None for present. Only for a valid form."""
        data = self.cleaned_data
        if data["mark"] == ABSENT:
            minutes = self.minutes_of(data["extent"] or DAY, data["minutes"])
            return Mark(self.reasons[data["reason"]], minutes if minutes and minutes <= SCHOOL_DAY else None)
        if data["mark"] == LATE_MARK:
            return Mark(self.reasons[LATE], data["late"])
        if data["mark"] == HOME:
            return Mark(self.reasons[SICK], self.minutes_of(data["home_extent"] or MINUTES, data["home"]))
        return None


def initial_of(state: str, parts: Parts | None) -> dict[str, object]:
    """The fields that show a state (Line.state)."""
    kind, _, rest = mark_in(state).partition(":")
    initial: dict[str, object] = {
        "was": state,
        "mark": kind,
        "reason": UNKNOWN,
        "extent": DAY,
        "minutes": "",
        "late": 10,
        "home_extent": "",
        "home": "",
    }
    if kind == ABSENT:
        return initial | {"reason": rest}
    if kind == PRESENT:
        return initial
    length, _, code = rest.partition(":")
    minutes = int(length)
    if code == LATE:
        return initial | {"mark": LATE_MARK, "late": minutes}
    extent = part_of(minutes, parts)
    if code == SICK and extent != MORNING:
        return initial | {"mark": HOME, "home_extent": extent, "home": minutes if extent == MINUTES else ""}
    return initial | {
        "mark": ABSENT,
        "reason": code,
        "extent": extent,
        "minutes": minutes if extent == MINUTES else "",
    }


def part_of(minutes: int, parts: Parts | None) -> str:
    """The part of the day with so many minutes. When both have as many, which one is not known: the minutes say it."""
    if parts is None or parts[0] == parts[1] or minutes not in parts:
        return MINUTES
    return AFTERNOON if minutes == parts[1] else MORNING

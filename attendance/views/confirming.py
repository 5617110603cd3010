"""Fill in, see what it does, save: the way of every change of a timetable, an enrolment or an exemption."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from attendance.listings.outcome_texts import outcome_sentences
from attendance.listings.told_texts import told_sentences
from attendance.models import Pupil
from attendance.services.arrangement_history import Saved
from attendance.services.periods import PeriodError, PeriodOverlap
from attendance.services.trying import effect_of_trying
from thuiszitters.accounts.access import StaffRequest

Act = Callable[[], Saved[Any]]


class ChangeForm(Protocol):
    """A form that also says what to think of."""

    def is_valid(self) -> bool: ...
    def add_error(self, field: str | None, error: str) -> None: ...
    def warnings(self) -> list[str]: ...


@dataclass(frozen=True)
class Question:
    """The page: its title, a line under it, what is going to be saved in words (`said`, asked for a valid form), what
    the button does, and what is told afterwards."""

    title: str
    button: str
    said: Callable[[], list[str]]
    done: Callable[[], str]
    lead: str = ""
    is_grave: bool = False
    template: str = "attendance/arrangement_form.html"
    extra: dict[str, object] = field(default_factory=dict)


def confirm_and_save(
    request: StaffRequest,
    *,
    pupil: Pupil,
    form: ChangeForm,
    act: Act,
    question: Question,
    today: date,
    seen: Callable[[PeriodOverlap], bool] = lambda _overlap: True,
) -> HttpResponse:
    """Show the form; for a valid one the effect, to be confirmed; then save and go to the pupil's arrangements.

    `seen`: whether who asks may know of the row that stands in the way.
    """
    context: dict[str, object] = {"pupil": pupil, "form": form, "question": question, **question.extra}
    if form.is_valid():
        try:
            if "confirmed" in request.POST:
                saved = act()
                messages.success(request, question.done())
                for text in outcome_sentences(saved.outcome):
                    messages.warning(request, text)
                return redirect("attendance:arrangements", code=pupil.code)
            if "back" not in request.POST:
                effect = effect_of_trying(act, today=today)
                context |= {
                    "is_asked": True,
                    "said": question.said(),
                    "warnings": form.warnings(),
                    "changes_signals": effect.changes_signals,
                    "effect": told_sentences(effect, pupil.first_name, today),
                    "changes_count": bool(effect.changed) and not effect.changes_signals,
                }
        except PeriodOverlap as overlap:
            form.add_error(None, str(overlap) if seen(overlap) else ELSEWHERE)
        except PeriodError as error:
            form.add_error(None, str(error))
    return render(request, question.template, context)


ELSEWHERE = (
    "De leerling staat in deze tijd ingeschreven op een andere school. Vraag die school om de uitschrijving, of kies "
    "andere datums."
)

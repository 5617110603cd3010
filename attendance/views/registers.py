"""The register: which classes still have to be filled in, and a class on a day."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render

from attendance.forms import MARKS, MarkForm, initial_of
from attendance.listings.missing_registers import groups_to_take
from attendance.listings.outcome_texts import outcome_sentences
from attendance.listings.reasons import reasons, short_choices
from attendance.listings.register_page import RegisterLine, RegisterPage, register_page, state_of
from attendance.models import Group, Reason
from attendance.services.absences import AbsenceError
from attendance.services.registers import take_register
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.dutch_dates import long_date
from thuiszitters.accounts.roles import Role

OLDEST = timedelta(days=400)
"""A register further back is a matter of the administratie's own system, and of an import."""
TAKES_REGISTERS = (Role.MENTOR, Role.ADMINISTRATIE, Role.COO)


@for_roles(*TAKES_REGISTERS)
def registers_to_take(request: StaffRequest) -> HttpResponse:
    """My classes, with the days that were not filled in."""
    today = clock_today()
    found = groups_to_take(Group.objects.visible_to(request.user), today)
    context = {
        "groups": found,
        "today": today,
        "open_today": [row for row in found if row.today_open],
        "days_open": sum(len(row.missing) for row in found),
    }
    template = "attendance/registers_to_take.html"
    return render(request, f"{template}#part" if request.htmx else template, context)


@for_roles(*TAKES_REGISTERS)
def register_take(request: StaffRequest, code: UUID, day: date) -> HttpResponse:
    """A class on a day: everybody is there unless marked."""
    group = get_object_or_404(Group.objects.visible_to(request.user).select_related("school"), code=code)
    today = clock_today()
    if day < today - OLDEST:
        raise Http404
    page = register_page(group, min(day, today), today)
    can_take = day <= today and not page.closed_because
    known = reasons()
    data = request.POST if request.method == "POST" else None
    forms = [mark_form(line, line.state, known, data) for line in page.lines]
    if request.method == "POST" and can_take:
        if any(form.errors for form in forms):
            messages.error(request, "Nog niet opgeslagen: er ontbreekt nog iets. Kijk bij de naam van de leerling.")
        elif names := changed_meanwhile(page, forms):
            forms = [
                mark_form(line, state_to_show(line, form), known) for line, form in zip(page.lines, forms, strict=True)
            ]
            messages.warning(
                request,
                f"Nog niet opgeslagen. Iemand anders wijzigde intussen {' en '.join(names)}: je ziet nu wat er staat. "
                "Kijk dat na en sla opnieuw op.",
            )
        elif save(request, page, forms, today):
            return redirect("attendance:register_take", code=group.code, day=day)
    context = {
        "page": page,
        "asked": day,
        "is_ahead": day > today,
        "can_take": can_take,
        "rows": list(zip(page.lines, forms, strict=True)),
        "marks": MARKS,
        "reasons": short_choices(known),
        "today": today,
    }
    return render(request, "attendance/register_take.html", context)


def mark_form(line: RegisterLine, state: str, known: dict[str, Reason], data: QueryDict | None = None) -> MarkForm:
    """The form of one pupil, showing `state`. It always knows the state of the records."""
    initial = initial_of(state) | {"was": line.state}
    return MarkForm(data, prefix=line.line.pupil.code.hex, initial=initial, reasons=known)


def is_touched(form: MarkForm) -> bool:
    """Whether somebody marked this pupil otherwise than the screen did."""
    return bool(state_of(form.chosen()) != form.cleaned_data["was"])


def changed_meanwhile(page: RegisterPage, forms: list[MarkForm]) -> list[str]:
    """Names of pupils who are marked here, while others changed their records since the page was opened."""
    return [
        line.line.pupil.first_name
        for line, form in zip(page.lines, forms, strict=True)
        if is_touched(form) and line.state not in {form.cleaned_data["was"], state_of(form.chosen())}
    ]


def state_to_show(line: RegisterLine, form: MarkForm) -> str:
    """What somebody marked here, unless the records changed: then those."""
    return state_of(form.chosen()) if is_touched(form) and form.cleaned_data["was"] == line.state else line.state


def save(request: StaffRequest, page: RegisterPage, forms: list[MarkForm], today: date) -> bool:
    """Take the register and say what it caused; False with a message when a mark cannot be."""
    marks = {
        line.line.pupil.pk: form.chosen()
        for line, form in zip(page.lines, forms, strict=True)
        if is_touched(form) and state_of(form.chosen()) != line.state
    }
    try:
        outcome = take_register(group=page.group, day=page.day, marks=marks, by=request.user, today=today)
    except AbsenceError as error:
        messages.error(request, str(error))
        return False
    away = sum(1 for form in forms if form.chosen() is not None)
    tally = f"{away} niet de hele dag aanwezig" if away else "iedereen was er"
    messages.success(request, f"{page.group} van {long_date(page.day, today)} is opgeslagen: {tally}.")
    for sentence in outcome_sentences(outcome):
        messages.warning(request, sentence)
    return True

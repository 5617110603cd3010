"""The register: which classes still have to be filled in, and a class on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from attendance.listings.last_changes import last_changes
from attendance.listings.missing_registers import groups_to_take, missing_days
from attendance.listings.outcome_texts import outcome_sentences
from attendance.listings.reasons import reasons
from attendance.listings.register_answers import Row, told_of, weigh, with_changes
from attendance.listings.register_page import RegisterLine, RegisterPage, register_page
from attendance.models import Group, Reason
from attendance.register_forms import MARKS, PRESENT, MarkForm, initial_of
from attendance.services.absences import AbsenceError
from attendance.services.registers import RegisterChangedError, mark_in, take_register
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.dutch_dates import long_date
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.roles import SCHOOL_WIDE, Role

OLDEST = timedelta(days=400)
"""A register further back is a matter of the administratie's own system, and of an import."""
TAKES_REGISTERS = (Role.MENTOR, Role.ADMINISTRATIE, Role.COO)
MISSING = "Nog niet opgeslagen: er ontbreekt nog iets. Kijk bij de naam van de leerling."
CHANGED = "Nog niet opgeslagen. Iemand anders wijzigde intussen ook iets. Kies bij de leerling wat het wordt."
CAME = "Nog niet opgeslagen. Deze klas heeft intussen een leerling erbij. Kijk de klas na en sla opnieuw op."


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


@for_roles(*TAKES_REGISTERS, Role.SCHOOLLEIDER)
def registers_missing(request: StaffRequest) -> HttpResponse:
    """The days of my classes, or of all of my school, that were not filled in."""
    today = clock_today()
    grants = grants_of(request.user)
    context = {
        "days": missing_days(Group.objects.visible_to(request.user), today),
        "today": today,
        "may_take": grants.has(*TAKES_REGISTERS),
        "is_reminded": grants.has(Role.MENTOR, Role.ADMINISTRATIE),
        "show_mentors": grants.has(*SCHOOL_WIDE),
    }
    template = "attendance/registers_missing.html"
    return render(request, f"{template}#part" if request.htmx else template, context)


@for_roles(Role.MENTOR, Role.ADMINISTRATIE)
@require_POST
def reminders_switch(request: StaffRequest) -> HttpResponse:
    """Whether I am mailed in the morning about classes that were not filled in."""
    is_on = bool(request.POST.get("on"))
    request.user.reminder_mail = is_on
    request.user.save(update_fields=["reminder_mail"])
    messages.success(request, "Je krijgt weer herinneringen." if is_on else "Je krijgt geen herinneringen meer.")
    return redirect("attendance:registers_missing")


@for_roles(*TAKES_REGISTERS)
def register_take(request: StaffRequest, code: UUID, day: date) -> HttpResponse:
    """A class on a day: everybody is there unless marked.

    The script of the page sends the form itself (`fetch`), so that a save that fails costs nothing: it is told of a
    save by an answer without content, and then asks for the page.
    """
    group = get_object_or_404(Group.objects.visible_to(request.user).select_related("school"), code=code)
    today = clock_today()
    if day < today - OLDEST:
        raise Http404
    page = register_page(group, min(day, today), today)
    can_take = day <= today and not page.closed_because
    known = reasons()
    if request.method == "POST" and can_take:
        if gone := gone_from(page, request.POST):
            messages.warning(request, f"Niet meer in deze klas, dus niet opgeslagen: {gone} van wie je iets invulde.")
        rows = save(request, page, known, today)
        if rows is None:
            is_script = request.headers.get("X-Requested-With") == "fetch"
            return HttpResponse(status=204) if is_script else redirect("attendance:register_take", code=code, day=day)
    else:
        rows = [Row(line, mark_form(line, known)) for line in page.lines]
    context = {
        "page": page,
        "asked": day,
        "is_ahead": day > today,
        "can_take": can_take,
        "rows": rows,
        "marks": MARKS,
        "today": today,
    }
    return render(request, "attendance/register_take.html", context)


def mark_form(line: RegisterLine, known: dict[str, Reason], data: QueryDict | None = None) -> MarkForm:
    """The form of one pupil, showing what the records say or what was sent."""
    mark = line.line.mark
    choices = known if mark is None or mark.reason.code in known else known | {mark.reason.code: mark.reason}
    initial = initial_of(line.state, line.parts)
    return MarkForm(data, prefix=line.line.pupil.code.hex, initial=initial, reasons=choices, parts=line.parts)


def save(request: StaffRequest, page: RegisterPage, known: dict[str, Reason], today: date) -> list[Row] | None:
    """Take the register and say what it caused. Otherwise the rows with what was sent, and a message that says why."""
    sent = request.POST
    forms = [mark_form(line, known, sent if is_sent(line, sent) else None) for line in page.lines]
    rows = [Row(line, form) for line, form in zip(page.lines, forms, strict=True)]
    if not all(form.is_bound for form in forms):
        messages.error(request, CAME)
        return [row if row.form.is_bound else replace(row, told="Nieuw in deze klas.") for row in rows]
    if any(form.errors for form in forms):
        messages.error(request, MISSING)
        return rows
    answers = weigh(rows)
    changes = last_changes(answers.others | answers.questions.keys(), page.day) if answers.is_changed else {}
    if answers.must_ask:
        messages.error(request, CHANGED)
        return [with_changes(row, answers, changes, mark_form(row.line, known)) for row in rows]
    try:
        outcome = take_register(
            group=page.group, day=page.day, marks=answers.marks, by=request.user, today=today, seen=answers.seen
        )
    except AbsenceError as error:
        messages.error(request, str(error))
        return rows
    except RegisterChangedError:  # between reading the page and the save: look again, and ask
        return save(request, register_page(page.group, page.day, today), known, today)
    away = sum(1 for form in forms if form.chosen() is not None)
    tally = f"{away} niet de hele dag aanwezig" if away else "iedereen was er"
    messages.success(request, f"{page.group} van {long_date(page.day, today)} is opgeslagen: {tally}.")
    for sentence in outcome_sentences(outcome):
        messages.warning(request, sentence)
    for row in rows:
        if row.line.line.pupil.pk in answers.others:
            messages.info(request, f"{row.line.line.pupil.first_name}: {told_of(row, changes)} Dat is zo gebleven.")
    return None


def is_sent(line: RegisterLine, sent: QueryDict) -> bool:
    """Whether this pupil stood on the page that was sent."""
    return f"{line.line.pupil.code.hex}-was" in sent


def gone_from(page: RegisterPage, sent: QueryDict) -> int:
    """How many pupils were marked who are not in this class any more."""
    here = {line.line.pupil.code.hex for line in page.lines}
    count = 0
    for name in sent:
        prefix, _, field = name.rpartition("-")
        if field == "was" and prefix not in here:
            was_there = mark_in(str(sent[name])) == PRESENT
            count += was_there != (sent.get(f"{prefix}-mark") == PRESENT)
    return count

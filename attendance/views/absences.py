"""Absence of one pupil over a period: entering, back at school, changing, withdrawing."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from attendance.forms import AbsenceForm, BackForm
from attendance.listings.effect import Effect, effect_of
from attendance.listings.outcome_texts import outcome_sentences
from attendance.listings.pupil_page import covers, visible_enrolments
from attendance.listings.reasons import reasons
from attendance.models import Absence, Pupil
from attendance.services.absences import (
    AbsenceError,
    Content,
    Recorded,
    change_absence,
    close_absence,
    record_absence,
    withdraw_absence,
)
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.dutch_dates import period
from thuiszitters.accounts.roles import Role

ENTERS_ABSENCE = (Role.MENTOR, Role.ADMINISTRATIE, Role.COO)
OTHER_SCHOOL = "Op deze dag is {name} niet ingeschreven op jouw school. Kies een andere dag."


@for_roles(*ENTERS_ABSENCE)
def absence_add(request: StaffRequest, code: UUID) -> HttpResponse:
    """Absent from – until, or until further notice. What is sent is first shown with its effect, then saved."""
    pupil = get_object_or_404(Pupil.objects.visible_to(request.user), code=code)
    today = clock_today()
    form = AbsenceForm(
        request.POST if request.method == "POST" else None,
        reasons=reasons(),
        today=today,
        initial={"first": today, "last": today},
    )
    effect = None
    if form.is_valid() and is_here(request, pupil, form):
        data = form.cleaned_data
        if "confirmed" in request.POST:
            try:
                recorded = record_absence(
                    pupil=pupil,
                    first=data["first"],
                    last=data["last"],
                    reason=form.chosen_reason(),
                    minutes=data["minutes"],
                    by=request.user,
                    today=today,
                )
            except AbsenceError as error:
                form.add_error(None, str(error))
            else:
                tell(request, recorded, f"{pupil.first_name} is afwezig gemeld: {said(recorded.absence, today)}.")
                return redirect("attendance:pupil_detail", code=pupil.code)
        elif "back" not in request.POST:
            effect = effect_of_form(pupil, form, today)
    context = {"pupil": pupil, "form": form, "effect": effect, "title": f"{pupil.first_name} afwezig melden"}
    return render(request, "attendance/absence_form.html", context)


@for_roles(*ENTERS_ABSENCE)
def absence_change(request: StaffRequest, code: UUID) -> HttpResponse:
    """Have a record say something else; what it said is kept."""
    absence = visible_absence(request, code)
    pupil, today = absence.pupil, clock_today()
    form = AbsenceForm(
        request.POST if request.method == "POST" else None,
        reasons=reasons(),
        today=today,
        initial={
            "reason": absence.reason.code,
            "first": absence.first,
            "last": absence.last,
            "open_ended": absence.last is None,
            "minutes": absence.minutes,
        },
    )
    effect = None
    if form.is_valid() and is_here(request, pupil, form):
        data = form.cleaned_data
        if "confirmed" in request.POST:
            content = Content(data["first"], data["last"], form.chosen_reason(), data["minutes"], absence.lesson)
            try:
                recorded = change_absence(absence=absence, content=content, by=request.user, today=today)
            except AbsenceError as error:
                form.add_error(None, str(error))
            else:
                tell(request, recorded, f"Gewijzigd. {pupil.first_name}: {said(recorded.absence, today)}.")
                return redirect("attendance:pupil_detail", code=pupil.code)
        elif "back" not in request.POST:
            effect = effect_of_form(pupil, form, today, instead_of=absence)
    context = {"pupil": pupil, "form": form, "effect": effect, "absence": absence, "title": "Afwezigheid wijzigen"}
    return render(request, "attendance/absence_form.html", context)


@for_roles(*ENTERS_ABSENCE)
def absence_close(request: StaffRequest, code: UUID) -> HttpResponse:
    """Back at school: the record ends the day before."""
    absence = visible_absence(request, code)
    pupil, today = absence.pupil, clock_today()
    form = BackForm(request.POST if request.method == "POST" else None, today=today, initial={"back_on": today})
    if form.is_valid():
        try:
            recorded = close_absence(
                absence=absence, back_on=form.cleaned_data["back_on"], by=request.user, today=today
            )
        except AbsenceError as error:
            form.add_error(None, str(error))
        else:
            tell(request, recorded, f"{pupil.first_name} is beter gemeld: {said(recorded.absence, today)}.")
            return redirect("attendance:pupil_detail", code=pupil.code)
    context = {"pupil": pupil, "form": form, "absence": absence}
    return render(request, "attendance/absence_close.html", context)


@for_roles(*ENTERS_ABSENCE)
def absence_withdraw(request: StaffRequest, code: UUID) -> HttpResponse:
    """The record was wrong. It stays visible in the history and counts no more."""
    absence = visible_absence(request, code)
    pupil, today = absence.pupil, clock_today()
    if request.method == "POST":
        recorded = withdraw_absence(absence=absence, by=request.user, today=today)
        tell(
            request,
            recorded,
            f"Ingetrokken. {pupil.first_name}: {period(absence.first, absence.last, today)} telt niet meer.",
        )
        return redirect("attendance:pupil_detail", code=pupil.code)
    effect = effect_of(pupil, today=today, first=absence.first, last=absence.last, reason=None, instead_of=absence)
    context = {"pupil": pupil, "absence": absence, "effect": effect}
    return render(request, "attendance/absence_withdraw.html", context)


def visible_absence(request: StaffRequest, code: UUID) -> Absence:
    """A standing record that this user may see, of a pupil of theirs."""
    rows = Absence.objects.visible_to(request.user).standing().select_related("pupil", "reason")
    return get_object_or_404(rows, code=code)


def is_here(request: StaffRequest, pupil: Pupil, form: AbsenceForm) -> bool:
    """Whether the first day lies at a school of this user; if not, the form says so."""
    if covers(visible_enrolments(pupil, request.user), form.cleaned_data["first"]):
        return True
    form.add_error("first", OTHER_SCHOOL.format(name=pupil.first_name))
    return False


def effect_of_form(pupil: Pupil, form: AbsenceForm, today: date, instead_of: Absence | None = None) -> Effect:
    data = form.cleaned_data
    return effect_of(
        pupil,
        today=today,
        first=data["first"],
        last=data["last"],
        reason=form.chosen_reason(),
        minutes=data["minutes"],
        instead_of=instead_of,
    )


def said(absence: Absence, today: date) -> str:
    """What a record says, in the middle of a sentence."""
    if absence.withdrawn_at is not None:
        return "de melding is ingetrokken"
    part = f", {absence.minutes} minuten" if absence.minutes else ""
    return f"{absence.reason.label.lower()}, {period(absence.first, absence.last, today)}{part}"


def tell(request: StaffRequest, recorded: Recorded, sentence: str) -> None:
    """Say that it was saved, and what it caused."""
    messages.success(request, sentence)
    for text in outcome_sentences(recorded.outcome):
        messages.warning(request, text)

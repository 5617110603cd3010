"""Absence of one pupil over a period: entering, back at school, changing, withdrawing. Each is shown with what it does
to days and signals before it is saved."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from attendance.absence_forms import WhyForm
from attendance.facts import calendar_of
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
    check,
    close_absence,
    content_of,
    record_absence,
    withdraw_absence,
    without_days_from,
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
        content = form.content()
        try:
            if "confirmed" in request.POST:
                recorded = record_absence(
                    pupil=pupil,
                    first=content.first,
                    last=content.last,
                    reason=content.reason,
                    minutes=content.minutes,
                    by=request.user,
                    today=today,
                )
                tell(request, recorded, f"{pupil.first_name} is afwezig gemeld: {said(recorded.absence, today)}.")
                return redirect(way_back(request, pupil))
            if "back" not in request.POST:
                check(pupil.pk, content, today)
                effect = told(request, pupil, content, today)
        except AbsenceError as error:
            form.add_error(None, str(error))
    context = {
        "pupil": pupil,
        "form": form,
        "effect": effect,
        "next": asked_next(request),
        "title": f"{pupil.first_name} afwezig melden",
    }
    return render(request, "attendance/absence_form.html", context)


@for_roles(*ENTERS_ABSENCE)
def absence_change(request: StaffRequest, code: UUID) -> HttpResponse:
    """Have a record say something else; what it said is kept, with why it changed."""
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
    effect, why = None, None
    if form.is_valid() and is_here(request, pupil, form):
        content = form.content(absence.lesson)
        try:
            if "back" not in request.POST:
                check(pupil.pk, content, today, other_than=absence)
                effect = told(request, pupil, content, today, instead_of=absence)
                why = why_form(request, effect)
            if why is not None and why.is_bound and why.is_valid():
                recorded = change_absence(
                    absence=absence, content=content, by=request.user, today=today, why=why.cleaned_data["why"]
                )
                tell(request, recorded, f"Gewijzigd. {pupil.first_name}: {said(recorded.absence, today)}.")
                return redirect(way_back(request, pupil))
        except AbsenceError as error:
            effect = None
            form.add_error(None, str(error))
    context = {
        "pupil": pupil,
        "form": form,
        "effect": effect,
        "why": why,
        # What was typed there goes with the way back.
        "typed_why": request.POST.get("why", ""),
        "absence": absence,
        "next": asked_next(request),
        "title": "Afwezigheid wijzigen",
    }
    return render(request, "attendance/absence_form.html", context)


@for_roles(*ENTERS_ABSENCE)
def absence_close(request: StaffRequest, code: UUID) -> HttpResponse:
    """Back at school: the record ends the day before. Saved when what stands on the screen was told for that date."""
    if (gone := withdrawn_before(request, code)) is not None:
        return gone
    absence = visible_absence(request, code)
    pupil, today = absence.pupil, clock_today()
    usual = next_school_day(absence, today)
    form = BackForm(request.POST if request.method == "POST" else None, today=today, initial={"back_on": usual})
    effect, why = None, None
    back_on = usual
    if not form.is_bound or form.is_valid():
        back_on = form.cleaned_data["back_on"] if form.is_bound else usual
        effect = told(request, pupil, without_days_from(content_of(absence), back_on), today, instead_of=absence)
        was_told = request.POST.get("told") == back_on.isoformat()
        why = why_form(request, effect, is_sent=form.is_bound and was_told)
        if why.is_bound and why.is_valid():
            try:
                recorded = close_absence(
                    absence=absence, back_on=back_on, by=request.user, today=today, why=why.cleaned_data["why"]
                )
            except AbsenceError as error:
                form.add_error(None, str(error))
            else:
                tell(request, recorded, f"{pupil.first_name} is beter gemeld: {said(recorded.absence, today)}.")
                return redirect(way_back(request, pupil))
    context = {
        "pupil": pupil,
        "form": form,
        "absence": absence,
        "effect": effect,
        "why": why,
        "back_on": back_on,
        "next": asked_next(request),
    }
    return render(request, "attendance/absence_close.html", context)


@for_roles(*ENTERS_ABSENCE)
def absence_withdraw(request: StaffRequest, code: UUID) -> HttpResponse:
    """The record was wrong. It stays visible in the history and counts no more."""
    if (gone := withdrawn_before(request, code)) is not None:
        return gone
    absence = visible_absence(request, code)
    pupil, today = absence.pupil, clock_today()
    effect = told(request, pupil, None, today, instead_of=absence)
    why = why_form(request, effect, is_sent=request.method == "POST")
    if why.is_bound and why.is_valid():
        recorded = withdraw_absence(absence=absence, by=request.user, today=today, why=why.cleaned_data["why"])
        tell(
            request,
            recorded,
            f"Ingetrokken. {pupil.first_name}: {period(absence.first, absence.last, today)} telt niet meer.",
        )
        return redirect(way_back(request, pupil))
    context = {"pupil": pupil, "absence": absence, "effect": effect, "why": why, "next": asked_next(request)}
    return render(request, "attendance/absence_withdraw.html", context)


def visible_absence(request: StaffRequest, code: UUID) -> Absence:
    """A standing record that this user may see, of a pupil of theirs."""
    rows = Absence.objects.visible_to(request.user).standing().select_related("pupil", "reason")
    return get_object_or_404(rows, code=code)


def withdrawn_before(request: StaffRequest, code: UUID) -> HttpResponse | None:
    """The answer to a form that was sent again after the record was withdrawn: there is nothing left to do."""
    if request.method != "POST":
        return None
    rows = Absence.objects.visible_to(request.user).filter(code=code, withdrawn_at__isnull=False)
    absence = rows.select_related("pupil").first()
    if absence is None:
        return None
    messages.info(request, f"Deze melding van {absence.pupil.first_name} was al ingetrokken.")
    return redirect(way_back(request, absence.pupil))


def is_here(request: StaffRequest, pupil: Pupil, form: AbsenceForm) -> bool:
    """Whether the first day lies at a school of this user; if not, the form says so."""
    if covers(visible_enrolments(pupil, request.user), form.cleaned_data["first"]):
        return True
    form.add_error("first", OTHER_SCHOOL.format(name=pupil.first_name))
    return False


def told(
    request: StaffRequest, pupil: Pupil, content: Content | None, today: date, instead_of: Absence | None = None
) -> Effect:
    """What saving would do, as far as this user may see it."""
    seen = visible_enrolments(pupil, request.user)
    return effect_of(pupil, content, enrolments=seen, today=today, instead_of=instead_of)


def why_form(request: StaffRequest, effect: Effect, *, is_sent: bool | None = None) -> WhyForm:
    """Why this changes: must be said when a signal falls or moves. `is_sent` None: when the change is confirmed."""
    is_sent = "confirmed" in request.POST if is_sent is None else is_sent
    initial = {"why": request.POST.get("why", "")}
    return WhyForm(request.POST if is_sent else None, required=effect.corrects, initial=initial)


def next_school_day(absence: Absence, today: date) -> date:
    """Today, or the first school day after it, where this pupil is taught."""
    place = absence.pupil.enrolments.on(today).select_related("place").first()
    return today if place is None else calendar_of(place.place).school_day_on_or_after(today)


def asked_next(request: StaffRequest) -> str:
    """The page of ours to go back to afterwards, if one was asked for."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else ""


def way_back(request: StaffRequest, pupil: Pupil) -> str:
    """Where to go after saving: where somebody came from, or the pupil."""
    return asked_next(request) or reverse("attendance:pupil_detail", kwargs={"code": pupil.code})


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

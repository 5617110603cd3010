"""The codes for absence of a school: what they mean, and when they are used no more."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from attendance.listings.reason_table import common_reasons, own_reasons, reason_lines, waiting_codes, words_of
from attendance.listings.set_up_effect import effect_of_meaning
from attendance.models import Reason
from attendance.reason_forms import ReasonForm, RetireForm
from attendance.services.reasons import (
    Meaning,
    ReasonError,
    add_reason,
    change_reason,
    remove_reason,
    restore_reason,
    retire_reason,
)
from attendance.services.seen import ChangedMeanwhileError, mark_of_reasons
from attendance.tasks import last_finished_day
from attendance.views.setup.asked import Told, is_confirmed, seen_of, wants_to_change
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.dutch_dates import full_date
from thuiszitters.accounts.models import School
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.setup_site import reach_of


@for_roles(Role.BEHEERDER)
def reasons(request: StaffRequest, code: UUID) -> HttpResponse:
    """The common codes in words, the school's own with how often they are used, and how many wait."""
    school = own_school(request, code)
    context = {
        "school": school,
        "commons": reason_lines(common_reasons()),
        "own": reason_lines(own_reasons(school)),
        "waiting": len(waiting_codes(school)),
        "today": clock_today(),
    }
    return render(request, "attendance/reasons.html", context)


@for_roles(Role.BEHEERDER)
def reason_add(request: StaffRequest, code: UUID) -> HttpResponse:
    """A code comes. Nothing stands under it yet, so nobody is counted otherwise."""
    school = own_school(request, code)
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        school=school,
        reason=None,
        initial=ReasonForm.initial_of(None),
    )
    if form.is_valid():
        try:
            row = add_reason(
                school=school,
                code=form.cleaned_data["code"],
                label=form.cleaned_data["label"],
                maps_to=form.maps_to(),
                meaning=form.meaning(),
            )
        except ReasonError as error:
            form.add_error("code", str(error))
        else:
            messages.success(request, f"Toegevoegd: {row.code}, {row.label}.")
            return redirect("attendance:reasons", code=code)
    return render(request, "attendance/reason_form.html", {"school": school, "form": form, "reason": None})


@for_roles(Role.BEHEERDER)
def reason_change(request: StaffRequest, code: UUID, pk: int) -> HttpResponse:
    """A code says something else, also of what stands under it; first with its effect."""
    school = own_school(request, code)
    row = own_reason(school, pk)
    form = ReasonForm(
        request.POST if request.method == "POST" else None,
        school=school,
        reason=row,
        initial=ReasonForm.initial_of(row),
    )
    told = None
    if form.is_valid() and not wants_to_change(request):
        same, again = form.meaning() == Meaning.of(row), False
        if same or is_confirmed(request):
            try:
                change_reason(
                    reason=row,
                    label=form.cleaned_data["label"],
                    maps_to=form.maps_to(),
                    meaning=form.meaning(),
                    seen=None if same else seen_of(request),
                )
            except ChangedMeanwhileError:
                again = True
            else:
                messages.success(request, f"Opgeslagen: {row.code}, {form.cleaned_data['label']}.")
                return redirect("attendance:reasons", code=code)
        seen = mark_of_reasons(school)
        effect = effect_of_meaning(row, form.meaning(), today=clock_today(), finished=last_finished_day())
        told = Told(effect, seen, again)
    context = {
        "school": school,
        "form": form,
        "reason": row,
        "told": told,
        "now": words_of(Meaning.of(row)),
        "becomes": words_of(form.meaning()) if told else "",
        "line": reason_lines([row])[0],
        "retire": RetireForm(initial={"on": clock_today()}),
    }
    return render(request, "attendance/reason_form.html", context)


@for_roles(Role.BEHEERDER)
@require_POST
def reason_retire(request: StaffRequest, code: UUID, pk: int) -> HttpResponse:
    """No record from a day on takes the code. What stands under it stays."""
    row = own_reason(own_school(request, code), pk)
    form = RetireForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Vul in per welke dag de code vervalt.")
        return redirect("attendance:reason_change", code=code, pk=pk)
    retire_reason(reason=row, on=form.cleaned_data["on"])
    messages.success(request, f"{row.code} vervalt per {full_date(form.cleaned_data['on'])}.")
    return redirect("attendance:reasons", code=code)


@for_roles(Role.BEHEERDER)
@require_POST
def reason_restore(request: StaffRequest, code: UUID, pk: int) -> HttpResponse:
    """A code that was retired is in use again."""
    row = own_reason(own_school(request, code), pk)
    restore_reason(reason=row)
    messages.success(request, f"{row.code} is weer in gebruik.")
    return redirect("attendance:reasons", code=code)


@for_roles(Role.BEHEERDER)
@require_POST
def reason_remove(request: StaffRequest, code: UUID, pk: int) -> HttpResponse:
    """A code that nothing stands under goes."""
    row = own_reason(own_school(request, code), pk)
    try:
        remove_reason(reason=row)
    except ReasonError as error:
        messages.error(request, str(error))
        return redirect("attendance:reason_change", code=code, pk=pk)
    messages.success(request, f"Weggehaald: {row.code}.")
    return redirect("attendance:reasons", code=code)


def own_school(request: StaffRequest, code: UUID) -> School:
    return get_object_or_404(reach_of(request.user).schools, code=code)


def own_reason(school: School, pk: int) -> Reason:
    return get_object_or_404(own_reasons(school), pk=pk)

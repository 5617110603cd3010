"""Reasons that are still missing: one click each."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from attendance.listings.outcome_texts import outcome_sentences
from attendance.listings.reasons import UNKNOWN, reasons
from attendance.listings.unknown_reasons import FEW, MOST, unknown_reasons
from attendance.models import Absence
from attendance.services.absences import AbsenceError
from attendance.services.unknown_reasons import fill_in_reason
from attendance.views.registers import TAKES_REGISTERS
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today


@for_roles(*TAKES_REGISTERS)
def unknown_reason_list(request: StaffRequest) -> HttpResponse:
    """Absence of my class or school of which the reason is not known yet."""
    found = unknown_reasons(request.user, reasons(), clock_today(), FEW if request.htmx else MOST)
    template = "attendance/unknown_reasons.html"
    return render(request, f"{template}#part" if request.htmx else template, {"found": found})


@for_roles(*TAKES_REGISTERS)
@require_POST
def unknown_reason_fill(request: StaffRequest, code: UUID) -> HttpResponse:
    """Fill in the reason of one record. An htmx request is answered with what that line became."""
    rows = Absence.objects.visible_to(request.user).standing().select_related("pupil", "reason")
    absence = get_object_or_404(rows, code=code)
    known = {code: row for code, row in reasons().items() if code != UNKNOWN}
    reason = known.get(request.POST.get("reason", ""))
    said, caused = "Kies een reden.", list[str]()
    if reason is not None:
        try:
            recorded = fill_in_reason(absence=absence, reason=reason, by=request.user, today=clock_today())
        except AbsenceError as error:
            said = str(error)
        else:
            absence, said = recorded.absence, f"{absence.pupil.first_name}: {reason.label.lower()}."
            caused = outcome_sentences(recorded.outcome)
    if request.htmx:
        context = {"absence": absence, "said": said, "caused": caused}
        return render(request, "attendance/_reason_filled_in.html", context)
    messages.info(request, said)
    for text in caused:
        messages.warning(request, text)
    return redirect("attendance:unknown_reason_list")

"""How long which data is kept, and choosing that for an alliance."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render

from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.roles import Role
from thuiszitters.privacy.listings.terms import alliance_or_404, class_line_or_404, class_lines, may_choose
from thuiszitters.privacy.services.term_changes import TermRefusedError, change_term
from thuiszitters.privacy.term_forms import TermForm


@for_roles(Role.BEHEERDER, Role.FG, Role.SCHOOLLEIDER)
def term_list(request: StaffRequest, code: UUID) -> HttpResponse:
    """Each class of data with its start event, norm and term."""
    alliance = alliance_or_404(request.user, code)
    context = {
        "alliance": alliance,
        "lines": class_lines(alliance, clock_today()),
        "may_choose": may_choose(request.user, alliance),
    }
    return render(request, "privacy/term_list.html", context)


@for_roles(Role.BEHEERDER, step_up=True)
def term_change(request: StaffRequest, code: UUID, data_class: str) -> HttpResponse:
    """Choose another length for one class; for a beheerder of the alliance itself."""
    today = clock_today()
    alliance = alliance_or_404(request.user, code)
    if not may_choose(request.user, alliance):
        raise Http404
    line = class_line_or_404(alliance, data_class, today)
    initial = {"years": line.holds.years, "months": line.holds.months}
    form = TermForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_valid():
        try:
            row = change_term(
                alliance=alliance, data_class=line.data_class, by=request.user, today=today, **form.cleaned_data
            )
        except TermRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"Vastgelegd: {row}. Dit geldt voor de volgende lijst.")
            return redirect("privacy:term_list", code=code)
    context = {"alliance": alliance, "line": line, "form": form}
    return render(request, "privacy/term_change.html", context, status=400 if form.is_bound else 200)

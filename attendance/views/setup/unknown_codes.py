"""Codes in the files of a school that nobody knows yet: saying what they mean lets the rows in that wait."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from attendance.importing.unknown_codes import map_code
from attendance.listings.reason_table import unknown_codes, waiting_codes
from attendance.reason_forms import SolveForm
from attendance.views.setup.reasons import own_school
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.roles import Role


@for_roles(Role.BEHEERDER)
def unknown_code_list(request: StaffRequest, code: UUID) -> HttpResponse:
    """Each code with how many rows wait and from when to when. No pupils."""
    school = own_school(request, code)
    rows = [
        (
            row,
            SolveForm(
                initial={"means": row.suggestion.code if row.suggestion else ""}, auto_id=f"code-{row.code.pk}-%s"
            ),
        )
        for row in waiting_codes(school)
    ]
    return render(request, "attendance/unknown_codes.html", {"school": school, "rows": rows})


@for_roles(Role.BEHEERDER)
@require_POST
def unknown_code_solve(request: StaffRequest, code: UUID, pk: int) -> HttpResponse:
    """The code means a common reason, or nothing about absence; the rows go in, or are skipped."""
    school = own_school(request, code)
    row = get_object_or_404(unknown_codes(school), pk=pk)
    form = SolveForm(request.POST)
    if not form.is_valid():
        messages.error(request, f"Kies wat “{row.code}” betekent.")
        return redirect("attendance:unknown_codes", code=code)
    try:
        taken = map_code(school=school, code=row.code, to=form.chosen(), by=request.user, today=clock_today())
    except ValueError:
        messages.error(request, f"Iemand anders heeft “{row.code}” al gekoppeld. Kijk bij Redenen.")
        return redirect("attendance:unknown_codes", code=code)
    inside = taken.created + taken.updated + taken.unchanged
    if form.chosen() is None:
        messages.success(request, f"“{row.code}” zegt niets over afwezigheid: {taken.skipped} rijen overgeslagen.")
    else:
        messages.success(request, f"“{row.code}” is gekoppeld. Ingelezen: {inside} rijen.")
    if taken.refused:
        messages.warning(request, f"{len(taken.refused)} rijen konden er niet in en wachten nog.")
    return redirect("attendance:unknown_codes", code=code)

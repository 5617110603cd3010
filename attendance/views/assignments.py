"""Involving a gedragsdeskundige or jeugdarts with one pupil."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from attendance.assignment_forms import AssignForm, earlier_involved, experts_for, involved_with
from attendance.models import Assignment, Enrolment, Pupil
from attendance.services.assignments import assign_pupil, end_assignment, extend_assignment
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.dutch_dates import full_date
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import School
from thuiszitters.accounts.roles import CASE_WORKERS, Role


@for_roles(*CASE_WORKERS, step_up=True)
def assignment_list(request: StaffRequest, code: UUID) -> HttpResponse:
    """Who is involved with a pupil of the own school; involve somebody, or end it."""
    today = clock_today()
    mine = grants_of(request.user).school_ids(CASE_WORKERS)
    here = Enrolment.objects.visible_to(request.user).on(today)
    here = here.filter(school__in=mine) | here.filter(place__in=mine)
    pupil = get_object_or_404(Pupil.objects.visible_to(request.user).filter(pk__in=here.values("pupil")), code=code)
    involved = involved_with(pupil.pk, today)
    ending = "einde" in request.POST
    form = AssignForm(
        request.POST if request.method == "POST" and not ending else None,
        experts=experts_for(School.objects.filter(pk__in=mine), today),
        today=today,
    )
    if ending:
        row = next((row for row in involved if str(row.pk) == request.POST["einde"]), None)
        if row is not None:
            end_assignment(assignment=row, today=today, by=request.user)
            messages.success(request, f"{row.user} ziet {pupil.first_name} vanaf nu niet meer.")
        return redirect("attendance:assignments", code=pupil.code)
    if form.is_valid():
        chosen = form.cleaned_data
        expert = chosen["expert"]
        assign_pupil(
            pupil=pupil,
            user=expert.user,
            role=Role(expert.role),
            last=chosen["last"],
            for_table=chosen["for_table"],
            by=request.user,
            today=today,
        )
        messages.success(request, f"{expert.user} ziet {pupil.first_name} nu bij Mijn leerlingen.")
        return redirect("attendance:assignments", code=pupil.code)
    context = {
        "pupil": pupil,
        "involved": involved,
        "earlier": earlier_involved(pupil.pk, today),
        "form": form,
        "weeks": settings.OUTSIDER_WEEKS,
    }
    return render(request, "attendance/assignments.html", context)


@for_roles(*CASE_WORKERS, step_up=True)
@require_POST
def assignment_extend(request: StaffRequest, code: UUID) -> HttpResponse:
    """One click longer, never further ahead than this installation allows."""
    rows = Assignment.objects.visible_to(request.user).select_related("user", "pupil")
    row = get_object_or_404(rows, code=code)
    before = row.last
    row = extend_assignment(assignment=row, today=clock_today())
    if row.last == before:
        messages.info(request, f"{row.user} kijkt al zo lang mee als mag, of niet meer.")
    else:
        messages.success(request, f"{row.user} kijkt mee tot en met {full_date(row.last)}.")
    if "overzicht" in request.POST:
        return redirect("attendance:access_overview")
    return redirect("attendance:assignments", code=row.pupil.code)

"""Involving a gedragsdeskundige or jeugdarts with one pupil."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from attendance.assignment_forms import AssignForm, experts_for, involved_with
from attendance.models import Enrolment, Pupil
from attendance.services.assignments import assign_pupil, end_assignment
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import School
from thuiszitters.accounts.roles import CASE_WORKERS, Role


@for_roles(*CASE_WORKERS)
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
            ended = end_assignment(assignment=row, today=today)
            when = "vanaf nu" if ended.last != today else "vanaf morgen"
            messages.success(request, f"{row.user} ziet {pupil.first_name} {when} niet meer.")
        return redirect("attendance:assignments", code=pupil.code)
    if form.is_valid():
        expert, last = form.cleaned_data["expert"], form.cleaned_data["last"]
        assign_pupil(pupil=pupil, user=expert.user, role=Role(expert.role), last=last, by=request.user, today=today)
        messages.success(request, f"{expert.user} ziet {pupil.first_name} nu bij Mijn leerlingen.")
        return redirect("attendance:assignments", code=pupil.code)
    context = {"pupil": pupil, "involved": involved, "form": form}
    return render(request, "attendance/assignments.html", context)

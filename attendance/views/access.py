"""Asking to see a pupil, and the COO's answer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from attendance.access_forms import ASKS, AnswerForm, AskForm
from attendance.listings.access import (
    answered_requests,
    doors_of,
    outsiders,
    requests_of,
    waiting_requests,
)
from attendance.models import AccessRequest, Assignment, EmergencyAccess, Pupil
from attendance.services.access_requests import AccessRefusedError, ask_access, grant_access, refuse_access
from attendance.services.assignments import TermError
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.dutch_dates import full_date
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.roles import ASSIGNED, CASE_WORKERS, IN_AN_EMERGENCY, Role

SENT = "Je vraag is gestuurd als de gegevens kloppen. Zonder antwoord vervalt hij na twee weken."


@for_roles(*ASKS, Role.SCHOOLLEIDER, reads=True)
def my_access(request: StaffRequest) -> HttpResponse:
    """The pupils whom I may see for a time, and what I asked."""
    grants = grants_of(request.user)
    context = {
        "doors": doors_of(request.user, Pupil.objects.visible_to(request.user), timezone.now()),
        "requests": requests_of(request.user),
        "may_ask": grants.has(*ASKS),
        "may_in_emergency": grants.has(*IN_AN_EMERGENCY),
    }
    return render(request, "attendance/access/mine.html", context)


@for_roles(*ASKS)
def access_ask(request: StaffRequest) -> HttpResponse:
    """Ask for one pupil. What is typed is posted, and the answer is the same whether it fits anybody."""
    form = AskForm(request.POST if request.method == "POST" else None, grants=grants_of(request.user))
    if form.is_valid():
        try:
            ask_access(
                typed=form.typed(),
                role=form.chosen_role(),
                reason=form.cleaned_data["reason"],
                by=request.user,
                today=clock_today(),
                now=timezone.now(),
            )
        except AccessRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, SENT)
            return redirect("attendance:my_access")
    return render(request, "attendance/access/ask.html", {"form": form})


@for_roles(*CASE_WORKERS)
def access_overview(request: StaffRequest) -> HttpResponse:
    """Questions that wait, and who looks in on pupils of my school until when."""
    asked = AccessRequest.objects.visible_to(request.user)
    today = clock_today()
    rows = outsiders(Assignment.objects.visible_to(request.user), today)
    context = {
        "waiting": waiting_requests(asked),
        "outsiders": rows,
        "ending": [row for row in rows if row.soon],
        "emergencies": EmergencyAccess.objects.visible_to(request.user).open(timezone.now()).count(),
        "is_coo": grants_of(request.user).has(Role.COO),
    }
    template = "attendance/access/overview.html"
    if request.htmx:
        return render(request, f"{template}#part", context)
    return render(request, template, context | {"answered": answered_requests(asked)})


@for_roles(Role.COO, step_up=True)
def access_answer(request: StaffRequest, code: UUID) -> HttpResponse:
    """Grant or refuse one question."""
    rows = AccessRequest.objects.visible_to(request.user).select_related("asker", "pupil", "school", "decided_by")
    row = get_object_or_404(rows, code=code)
    today, refuses = clock_today(), request.POST.get("besluit") == "weiger"
    form = AnswerForm(
        request.POST if request.method == "POST" else None,
        today=today,
        refuses=refuses,
        for_table=row.role in ASSIGNED,
    )
    if form.is_valid() and row.pupil is not None:
        values = form.cleaned_data
        try:
            if refuses:
                refuse_access(request=row, answer=values["answer"], by=request.user, now=timezone.now())
                messages.success(request, f"{row.asker} krijgt geen toegang, en leest waarom.")
            else:
                grant_access(request=row, **values, by=request.user, now=timezone.now(), today=today)
                until = full_date(values["last"])
                messages.success(request, f"{row.asker} ziet {row.pupil.first_name} tot en met {until}.")
        except (AccessRefusedError, TermError) as refusal:
            messages.error(request, str(refusal))
        return redirect("attendance:access_overview")
    context = {"row": row, "form": form, "reads_only": row.role not in ASSIGNED}
    return render(request, "attendance/access/answer.html", context)

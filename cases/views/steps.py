"""Steps that wait for somebody."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from cases.case_forms import OutcomeForm, ReasonForm
from cases.listings.steps import next_step_after, to_do, visible_steps
from cases.models import Step
from cases.services.refusals import CaseRefusedError
from cases.services.steps import complete_step, drop_step
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.roles import CASE_WORKERS, Role

STEP_ROLES = (Role.COO, Role.ZORGCOACH, Role.MENTOR, Role.GEDRAGSDESKUNDIGE)
ON_TODAY = 6
"""Lines that "Vandaag" shows; the rest stands on the page itself."""


@for_roles(*STEP_ROLES)
def step_list(request: StaffRequest) -> HttpResponse:
    """What is mine to do this week, late on top, each with the one action that ends it."""
    return _list(request)


def _list(
    request: StaffRequest, *, refused: UUID | None = None, why: str = "", typed: dict[str, str] | None = None
) -> HttpResponse:
    # "Vandaag" asks for the part, and its forms say so again.
    short = bool(request.htmx) and (request.method == "GET" or "short" in request.POST)
    found = to_do(request.user, today(), at_most=ON_TODAY if short else None)
    grants = grants_of(request.user)
    context: dict[str, Any] = {
        "found": found,
        "short": short,
        "later": next_step_after(request.user, today()) if found.is_empty else None,
        "is_coo": grants.has(Role.COO),
        "plans_steps": grants.has(*CASE_WORKERS),
        "refused": refused,
        "why": why,
        "typed": typed or {},
        "today": today(),
    }
    template = "cases/step_list.html#steps" if request.htmx else "cases/step_list.html"
    return render(request, template, context, status=400 if refused and not request.htmx else 200)


@for_roles(*STEP_ROLES)
@require_POST
def step_complete(request: StaffRequest, code: UUID) -> HttpResponse:
    """The step is done. Whoever works on the case can say so; the log keeps who did."""
    step = get_object_or_404(visible_steps(request.user), code=code)
    form = OutcomeForm(request.POST, today=today())
    typed = {name: request.POST.get(name, "") for name in form.fields}
    if not form.is_valid():
        return _list(request, refused=code, why=form.what_is_wrong, typed=typed)
    values = form.cleaned_data
    plans = bool(
        {step.case.school_id, step.case.school_of_enrolment_id} & grants_of(request.user).school_ids(CASE_WORKERS)
    )
    try:
        complete_step(
            step=step,
            outcome=values["text"],
            by=request.user,
            next_title=values["next_title"] if plans else "",
            next_due=values["next_due"],
        )
    except CaseRefusedError as refusal:
        return _list(request, refused=code, why=str(refusal), typed=typed)
    messages.success(request, f"Gedaan: {step.title}.")
    return _back(request, step)


@for_roles(*CASE_WORKERS)
@require_POST
def step_drop(request: StaffRequest, code: UUID) -> HttpResponse:
    """The step is not needed, with the reason."""
    step = get_object_or_404(visible_steps(request.user), code=code)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Vul in waarom deze stap niet nodig is.")
        return _back(request, step)
    try:
        drop_step(step=step, why=form.cleaned_data["text"], by=request.user)
    except CaseRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Niet nodig: {step.title}.")
    return _back(request, step)


def _back(request: StaffRequest, step: Step) -> HttpResponse:
    if request.htmx:
        return _list(request)
    if request.POST.get("from") == "case":
        return redirect("cases:case_detail", code=step.case.code)
    return redirect("cases:step_list")

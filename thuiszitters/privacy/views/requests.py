"""Requests to see, correct or stop: who asked, whether they may, and what was answered."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from attendance.models import Pupil
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.roles import Role
from thuiszitters.privacy.listings.requests import lines_for, panel_of
from thuiszitters.privacy.models import PrivacyRequest
from thuiszitters.privacy.models.requests import HANDLES
from thuiszitters.privacy.request_forms import AnswerForm, ExtendForm, ReceiveForm, WeighForm
from thuiszitters.privacy.services.requests import (
    RequestRefusedError,
    answer_request,
    concerns_of,
    extend_request,
    may_be_extended_now,
    receive_request,
    schools_for,
    weigh_request,
    why_no_file,
)

SEES_STATEMENTS = (Role.COO, Role.ZORGCOACH, Role.SCHOOLLEIDER, Role.MENTOR, Role.GEDRAGSDESKUNDIGE, Role.JEUGDARTS)


@for_roles(*HANDLES, Role.FG)
def request_list(request: StaffRequest) -> HttpResponse:
    """What was asked and by when an answer is due. The FG sees that it exists, without a name."""
    template = "privacy/request_list.html"
    lines = lines_for(request.user, clock_today(), only_open=bool(request.htmx))
    context = {"lines": lines, "handles": grants_of(request.user).has(*HANDLES)}
    return render(request, f"{template}#part" if request.htmx else template, context)


@for_roles(*HANDLES)
def request_add(request: StaffRequest, code: UUID) -> HttpResponse:
    """Write down a request that came in."""
    pupil = get_object_or_404(Pupil.objects.visible_to(request.user), code=code)
    schools = schools_for(pupil, request.user)
    if not schools:
        raise Http404
    today = clock_today()
    form = ReceiveForm(request.POST or None, today=today, schools=schools, initial={"received_on": today})
    if request.method == "POST" and form.is_valid():
        try:
            made = receive_request(pupil=pupil, school=form.chosen_school(), values=form.values(), by=request.user)
        except RequestRefusedError as refusal:
            messages.error(request, str(refusal))
            return redirect("privacy:request_list")
        messages.success(request, "Het verzoek is vastgelegd.")
        return redirect("privacy:request_detail", code=made.code)
    status = 400 if request.method == "POST" else 200
    return render(request, "privacy/request_add.html", {"form": form, "pupil": pupil}, status=status)


def request_for(request: StaffRequest, code: UUID) -> PrivacyRequest:
    """The request with this code that the reader handles, or 404."""
    rows = PrivacyRequest.objects.visible_to(request.user)
    related = ("pupil", "school", "recorded_by", "entitled_by", "answered_by")
    return get_object_or_404(rows.select_related(*related), code=code)


def _page(request: StaffRequest, row: PrivacyRequest, *, status: int = 200, **forms: Any) -> HttpResponse:
    today = clock_today()
    concerns = concerns_of(row, today)
    needs_consent = any(concern.needs_consent for concern in concerns)
    weighed = {"identity": row.identity, "consent": row.consent, "weighed": row.weighed}
    context = {
        "row": row,
        "pupil": row.pupil,
        "concerns": concerns,
        "why_no_file": why_no_file(row, today),
        "is_late": row.is_open and row.due_on < today,
        "may_extend": may_be_extended_now(row, today),
        "weigh_form": WeighForm(initial=weighed, needs_consent=needs_consent),
        "extend_form": ExtendForm(),
        "answer_form": AnswerForm(),
        **forms,
    }
    return render(request, "privacy/request_detail.html", context, status=status)


@for_roles(*HANDLES)
def request_detail(request: StaffRequest, code: UUID) -> HttpResponse:
    """One request, in the order in which it is dealt with."""
    return _page(request, request_for(request, code))


@for_roles(*HANDLES)
@require_POST
def request_weigh(request: StaffRequest, code: UUID) -> HttpResponse:
    """Say who this is and whether they may have it."""
    row, today = request_for(request, code), clock_today()
    needs_consent = any(concern.needs_consent for concern in concerns_of(row, today))
    form = WeighForm(request.POST, needs_consent=needs_consent)
    if not form.is_valid():
        return _page(request, row, status=400, weigh_form=form)
    values = {"consent": ""} | form.cleaned_data
    return _done(
        request, row, "Vastgelegd.", lambda: weigh_request(request=row, today=today, by=request.user, **values)
    )


@for_roles(*HANDLES)
@require_POST
def request_extend(request: StaffRequest, code: UUID) -> HttpResponse:
    """Take two months more."""
    row = request_for(request, code)
    form = ExtendForm(request.POST)
    if not form.is_valid():
        return _page(request, row, status=400, extend_form=form)
    why = form.cleaned_data["why"]
    told = "De termijn is verlengd. Laat wie het vroeg dit vandaag weten, met de reden."
    return _done(
        request, row, told, lambda: extend_request(request=row, reason=why, today=clock_today(), by=request.user)
    )


@for_roles(*HANDLES)
@require_POST
def request_answer(request: StaffRequest, code: UUID) -> HttpResponse:
    """Write down what was decided, and close it."""
    row = request_for(request, code)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _page(request, row, status=400, answer_form=form)
    given = form.cleaned_data
    values = {"decision": given["decision"], "reason": given["decision_reason"], "told": given["told"]}
    return _done(
        request,
        row,
        "Het verzoek is beantwoord.",
        lambda: answer_request(request=row, statement=given["statement"], by=request.user, **values),
    )


def _done(request: StaffRequest, row: PrivacyRequest, told: str, act: Any) -> HttpResponse:
    try:
        act()
    except RequestRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, told)
    return redirect("privacy:request_detail", code=row.code)


@for_roles(*SEES_STATEMENTS)
def requests_of_pupil(request: StaffRequest, code: UUID) -> HttpResponse:
    """A part for the pages of the pupil: what parents or pupil do not agree with, and what was asked."""
    pupil = get_object_or_404(Pupil.objects.visible_to(request.user), code=code)
    template = "privacy/requests_of_pupil.html"
    context = {"panel": panel_of(pupil, request.user, clock_today()), "pupil": pupil}
    return render(request, f"{template}#part" if request.htmx else template, context)

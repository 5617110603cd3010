"""Signals that wait for an answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from attendance.engine.facts import Rule
from cases.case_forms import AnswerForm
from cases.listings.signals import fold_structural, signal_lines, signals_for, waiting_signals
from cases.listings.steps import hand_overs_for
from cases.models import Report, Signal
from cases.services.answers import answer_signal
from cases.services.hand_overs import accept_hand_over
from cases.services.refusals import CaseRefusedError
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.roles import Role

SIGNAL_ROLES = (Role.COO, Role.ZORGCOACH, Role.MENTOR)


@for_roles(*SIGNAL_ROLES)
def signal_list(request: StaffRequest) -> HttpResponse:
    """New signals, most urgent first, one line per pupil."""
    return _list(request)


def _list(
    request: StaffRequest,
    *,
    answering: Signal | None = None,
    refused: UUID | None = None,
    why: str = "",
    text: str = "",
) -> HttpResponse:
    """The list; the lines that stand together are unfolded for who is answering one of them."""
    lines, folded = fold_structural(signal_lines(waiting_signals(request.user), today()))
    context: dict[str, Any] = {
        "lines": lines,
        "folded": folded,
        "unfolded": answering is not None and answering.crossing.rule == Rule.STRUCTURAL,
        "hand_overs": hand_overs_for(request.user),
        "refused": refused,
        "why": why,
        "text": text,
        "is_coo": grants_of(request.user).has(Role.COO),
    }
    template = "cases/signal_list.html#lines" if request.htmx else "cases/signal_list.html"
    # htmx leaves the page as it is on an error status; the refusal stands in the part itself.
    return render(request, template, context, status=400 if refused and not request.htmx else 200)


@for_roles(*SIGNAL_ROLES)
@require_POST
def signal_answer(request: StaffRequest, code: UUID) -> HttpResponse:
    """Answer one line of the list."""
    signal = get_object_or_404(signals_for(request.user).select_related("pupil", "case", "crossing"), code=code)
    form = AnswerForm(request.POST)
    if not form.is_valid():
        return _list(request, answering=signal, refused=code, why="Kies een van de antwoorden.")
    answer, text = form.cleaned_data["answer"], form.cleaned_data["text"]
    try:
        case = answer_signal(signal=signal, answer=answer, text=text, by=request.user, today=today())
    except CaseRefusedError as refusal:
        return _list(request, answering=signal, refused=code, why=str(refusal), text=text)
    if answer == Signal.Answer.CASE and case is not None:
        return _go(request, reverse("cases:case_detail", args=[case.code]))
    if answer == Signal.Answer.REPORT:
        report = Report.objects.visible_to(request.user).drafts().filter(pupil=signal.pupil).first()
        if report is not None:
            return _go(request, reverse("cases:report_detail", args=[report.code]))
    messages.success(request, f"Opgeslagen: {signal.pupil.first_name}, {Signal.Answer(answer).label}.")
    return _list(request, answering=signal) if request.htmx else redirect("cases:signal_list")


@for_roles(Role.COO)
@require_POST
def hand_over_accept(request: StaffRequest, code: UUID) -> HttpResponse:
    """Take a case that came along with a pupil."""
    hand_over = get_object_or_404(hand_overs_for(request.user), code=code)
    try:
        accept_hand_over(hand_over=hand_over, by=request.user, today=today())
    except CaseRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("cases:signal_list")
    messages.success(request, "Je bent nu eigenaar van dit dossier.")
    return redirect("cases:case_detail", code=hand_over.case.code)


def _go(request: StaffRequest, url: str) -> HttpResponse:
    return HttpResponseClientRedirect(url) if request.htmx else redirect(url)

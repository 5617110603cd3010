"""The report at leerplicht: the inbox of a municipality and the answer."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from cases.models import Report
from cases.report_forms import AnswerForm, TextForm
from cases.report_steps import next_steps
from cases.services.refusals import CaseRefusedError
from cases.services.reports import answer_report, ask_school
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today
from thuiszitters.accounts.data_classes import DataClass
from thuiszitters.accounts.read_log import log_read
from thuiszitters.accounts.roles import Role

LEERPLICHT = frozenset({Role.LEERPLICHT})


@for_roles(Role.LEERPLICHT)
def inbox(request: StaffRequest) -> HttpResponse:
    """Reports to the own municipality: new, in hand, waiting for the school, closed."""
    rows = (
        Report.objects.visible_to(request.user)
        .select_related("pupil", "school", "place", "municipality")
        .order_by("sent_at", "pk")
    )
    groups: dict[str, list[Report]] = {"new": [], "mine": [], "school": [], "noted": []}
    open_rows = rows.filter(status__in=(Report.Status.SENT, Report.Status.IN_HAND, Report.Status.NOTED))
    for report in open_rows[:500]:
        if report.waiting_for_school:
            groups["school"].append(report)
        elif report.status == Report.Status.SENT:
            groups["new"].append(report)
        elif report.status == Report.Status.IN_HAND:
            groups["mine"].append(report)
        else:
            groups["noted"].append(report)
    ended = rows.filter(status__in=(Report.Status.CLOSED, Report.Status.WITHDRAWN)).order_by("-sent_at")[:50]
    context = {"groups": groups, "ended": ended, "today": today()}
    return render(request, "cases/inbox.html#waiting" if request.htmx else "cases/inbox.html", context)


def _row(request: StaffRequest, code: UUID) -> Report:
    rows = Report.objects.visible_to(request.user).select_related("pupil", "school", "place", "municipality")
    return get_object_or_404(rows, code=code)


@for_roles(Role.LEERPLICHT)
def report_received(request: StaffRequest, code: UUID) -> HttpResponse:
    """One report as it was sent."""
    report = _row(request, code)
    log_read(request, page="ontvangen melding", subject_code=report.pupil.code, of=DataClass.REPORTS)
    return _page(request, report)


def _page(
    request: StaffRequest,
    report: Report,
    *,
    form: AnswerForm | None = None,
    ask_form: TextForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    """Facts in the order of the legal list, from what was sent and nothing else."""
    choices = _choices(report)
    context = {
        "report": report,
        "facts": report.sent_facts,
        "kind_label": Report.Kind(report.sent_facts["kind"]).label if report.sent_facts else "",
        "events": report.events.filter(at__gte=report.sent_at).select_related("by"),
        "today": today(),
        "refusal": refusal,
    }
    if choices:
        context["form"] = form or AnswerForm(statuses=choices)
        context["ask_form"] = ask_form or TextForm(label="Vraag aan de school")
    bad = refusal or (form and not form.is_valid()) or (ask_form and not ask_form.is_valid())
    return render(request, "cases/report_received.html", context, status=400 if bad else 200)


def _choices(report: Report) -> list[tuple[str, str]]:
    steps = next_steps(Report.Status(report.status), LEERPLICHT)
    return [(status.value, status.label) for status in Report.Status if status in steps]


@for_roles(Role.LEERPLICHT)
@require_POST
def report_answer(request: StaffRequest, code: UUID) -> HttpResponse:
    """In behandeling, Ter kennisgeving aangenomen, or Afgesloten with the legal reason."""
    report = _row(request, code)
    form = AnswerForm(request.POST, statuses=_choices(report))
    if not form.is_valid():
        return _page(request, report, form=form)
    try:
        answer_report(
            report=report,
            status=Report.Status(form.cleaned_data["status"]),
            text=form.cleaned_data["text"],
            closed_reason=form.cleaned_data["closed_reason"],
            by=request.user,
        )
    except CaseRefusedError as refusal:
        return _page(request, report, form=form, refusal=str(refusal))
    messages.success(request, f"De status is nu: {report.get_status_display()}. De school ziet dat.")
    return redirect("cases:report_received", code=code)


@for_roles(Role.LEERPLICHT)
@require_POST
def report_ask(request: StaffRequest, code: UUID) -> HttpResponse:
    """Ask the school something; the report waits for the school until it replies."""
    report = _row(request, code)
    form = TextForm(request.POST, label="Vraag aan de school")
    if not form.is_valid():
        return _page(request, report, ask_form=form)
    try:
        ask_school(report=report, text=form.cleaned_data["text"], by=request.user)
    except CaseRefusedError as refusal:
        return _page(request, report, ask_form=form, refusal=str(refusal))
    messages.success(request, "Je vraag staat bij de school.")
    return redirect("cases:report_received", code=code)

"""The report at school: the COO prepares, the administratie sends."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from cases.informed_forms import InformedForm
from cases.models import Case, ParentsInformed, Report
from cases.report_forms import PrepareForm, ReportForm, SendForm, StartForm, TextForm
from cases.services.drafts_by_hand import start_report
from cases.services.informed import latest_informed, record_informed
from cases.services.refusals import CaseRefusedError
from cases.services.reports import (
    drop_report,
    prepare_report,
    reply_to_leerplicht,
    return_report,
    save_draft,
    send_report,
    why_not_sendable,
    withdraw_report,
)
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today
from thuiszitters.accounts.data_classes import DataClass
from thuiszitters.accounts.grants import Grants, grants_of
from thuiszitters.accounts.read_log import log_read
from thuiszitters.accounts.roles import Role

WAITING_AT_COO = (Report.Status.DRAFT, Report.Status.RETURNED)
SENT_AND_OPEN = (Report.Status.SENT, Report.Status.IN_HAND, Report.Status.NOTED)


def is_coo_of(report: Report, grants: Grants) -> bool:
    """Whether the report is this COO's to prepare: of the place of teaching or of the school of enrolment."""
    return bool({report.place_id, report.school_id} & grants.school_ids({Role.COO}))


def is_office_of(report: Report, grants: Grants) -> bool:
    """Whether the report is this administratie's to send: that of the school of enrolment."""
    return report.school_id in grants.school_ids({Role.ADMINISTRATIE})


def _row(request: StaffRequest, code: UUID) -> Report:
    rows = Report.objects.visible_to(request.user).select_related(
        "pupil", "pupil__municipality", "school", "place", "municipality", "informed", "case", "crossing"
    )
    return get_object_or_404(rows, code=code)


@for_roles(Role.COO, Role.ADMINISTRATIE, Role.ZORGCOACH, Role.SCHOOLLEIDER)
def report_list(request: StaffRequest) -> HttpResponse:
    """All reports of the own school, by what they wait for."""
    rows = (
        Report.objects.visible_to(request.user)
        .exclude(status=Report.Status.DROPPED)
        .select_related("pupil", "school", "place", "municipality")
        .order_by("due_on", "pk")[:300]
    )
    groups: dict[str, list[Report]] = {"coo": [], "office": [], "school": [], "leerplicht": [], "done": []}
    for report in rows:
        if report.status in WAITING_AT_COO:
            groups["coo"].append(report)
        elif report.status == Report.Status.AT_OFFICE:
            groups["office"].append(report)
        elif report.waiting_for_school:
            groups["school"].append(report)
        elif report.status in SENT_AND_OPEN:
            groups["leerplicht"].append(report)
        else:
            groups["done"].append(report)
    grants = grants_of(request.user)
    mine = groups["coo"] if grants.has(Role.COO) else []
    mine = mine + (groups["office"] if grants.has(Role.ADMINISTRATIE) else []) + groups["school"]
    context = {"groups": groups, "mine": mine, "today": today()}
    return render(request, "cases/report_list.html#mine" if request.htmx else "cases/report_list.html", context)


@for_roles(Role.COO, Role.ADMINISTRATIE, Role.ZORGCOACH, Role.SCHOOLLEIDER)
def report_detail(request: StaffRequest, code: UUID) -> HttpResponse:
    """One report, with the steps that are this reader's to take."""
    report = _row(request, code)
    log_read(request, page="melding", subject_code=report.pupil.code, of=DataClass.REPORTS)
    return _page(request, report)


def _page(
    request: StaffRequest,
    report: Report,
    *,
    form: ReportForm | None = None,
    informed_form: InformedForm | None = None,
    text_form: TextForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    """The page in its state of now; what was typed comes back when a step was refused."""
    grants = grants_of(request.user)
    coo, office = is_coo_of(report, grants), is_office_of(report, grants)
    context = {
        "report": report,
        "events": report.events.select_related("by"),
        "today": today(),
        "refusal": refusal,
        "text_form": text_form or TextForm(),
    }
    if coo and report.status in WAITING_AT_COO:
        informed = latest_informed(pupil=report.pupil, about=ParentsInformed.About.REPORT)
        context["form"] = form or ReportForm(instance=report)
        context["informed"] = informed
        context["informed_form"] = informed_form or InformedForm(pupil=report.pupil, today=today(), prefix="informed")
    if office and report.status == Report.Status.AT_OFFICE:
        context["send_form"] = SendForm()
        context["not_sendable"] = why_not_sendable(report)
    context["may_withdraw"] = (coo or office) and report.status in SENT_AND_OPEN
    context["may_reply"] = (coo or office) and report.waiting_for_school
    return render(
        request,
        "cases/report_detail.html",
        context,
        status=400 if refusal or _bad(form, informed_form, text_form) else 200,
    )


def _bad(*forms: ReportForm | InformedForm | TextForm | None) -> bool:
    return any(form is not None and form.is_bound and not form.is_valid() for form in forms)


@for_roles(Role.COO)
@require_POST
def report_start(request: StaffRequest, code: UUID) -> HttpResponse:
    """A COO starts a report about the pupil of a case; an open draft is opened instead."""
    case = get_object_or_404(Case.objects.visible_to(request.user).select_related("pupil"), code=code)
    if not {case.school_id, case.school_of_enrolment_id} & grants_of(request.user).school_ids({Role.COO}):
        raise PermissionDenied
    form = StartForm(request.POST, kinds=list(Report.Kind))
    if not form.is_valid():
        messages.error(request, "Kies een soort melding.")
        return redirect("cases:case_reports", code=code)
    try:
        report, is_new = start_report(
            case=case, kind=Report.Kind(form.cleaned_data["kind"]), by=request.user, today=today()
        )
    except CaseRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("cases:case_reports", code=code)
    if not is_new:
        messages.info(request, "Er lag al een melding klaar. Je ziet die hier.")
    if not Report.objects.visible_to(request.user).filter(pk=report.pk).exists():
        return redirect("cases:case_reports", code=code)
    return redirect("cases:report_detail", code=report.code)


@for_roles(Role.COO)
@require_POST
def report_prepare(request: StaffRequest, code: UUID) -> HttpResponse:
    """Keep what was typed ("bewaren") or pass the report on to the administratie ("klaarzetten")."""
    report = _row(request, code)
    if not is_coo_of(report, grants_of(request.user)):
        raise PermissionDenied
    passing_on = request.POST.get("step") == "klaarzetten"
    form = (PrepareForm if passing_on else ReportForm)(request.POST, instance=report)
    informed_form = InformedForm(request.POST, pupil=report.pupil, today=today(), prefix="informed")
    informed = latest_informed(pupil=report.pupil, about=ParentsInformed.About.REPORT)
    asks = passing_on and (informed is None or informed_form.has_changed())
    if not form.is_valid() or (asks and not informed_form.is_valid()):
        return _page(request, report, form=form, informed_form=informed_form if asks else None)
    try:
        if passing_on:
            if asks:
                informed = record_informed(
                    pupil=report.pupil,
                    about=ParentsInformed.About.REPORT,
                    by=request.user,
                    today=today(),
                    **informed_form.cleaned_data,
                )
            prepare_report(report=report, values=form.cleaned_data, informed=informed, by=request.user)
            messages.success(request, "De melding ligt nu bij de administratie.")
        else:
            save_draft(report=report, values=form.cleaned_data)
            messages.success(request, "Bewaard.")
    except CaseRefusedError as refusal:
        return _page(request, report, form=form, refusal=str(refusal))
    return redirect("cases:report_detail", code=code)


def _text_step(request: StaffRequest, report: Report, step: str) -> HttpResponse:
    form = TextForm(request.POST)
    if not form.is_valid():
        return _page(request, report, text_form=form)
    text = form.cleaned_data["text"]
    try:
        if step == "drop":
            drop_report(report=report, why=text, by=request.user)
            messages.success(request, "Het concept is vervallen. De reden staat in het dossier.")
        elif step == "return":
            return_report(report=report, question=text, by=request.user)
            messages.success(request, "De melding ligt weer bij de COO, met je vraag.")
        elif step == "withdraw":
            withdraw_report(report=report, why=text, by=request.user)
            messages.success(request, "De melding is ingetrokken. Leerplicht ziet dat, met de reden.")
        else:
            reply_to_leerplicht(report=report, text=text, by=request.user)
            messages.success(request, "Je antwoord staat bij leerplicht.")
    except CaseRefusedError as refusal:
        return _page(request, report, text_form=form, refusal=str(refusal))
    return redirect("cases:report_detail", code=report.code)


@for_roles(Role.COO)
@require_POST
def report_drop(request: StaffRequest, code: UUID) -> HttpResponse:
    """No report after all, with the reason."""
    report = _row(request, code)
    if not is_coo_of(report, grants_of(request.user)):
        raise PermissionDenied
    return _text_step(request, report, "drop")


@for_roles(Role.ADMINISTRATIE)
@require_POST
def report_return(request: StaffRequest, code: UUID) -> HttpResponse:
    """Back to the COO with a question."""
    report = _row(request, code)
    if not is_office_of(report, grants_of(request.user)):
        raise PermissionDenied
    return _text_step(request, report, "return")


@for_roles(Role.ADMINISTRATIE)
@require_POST
def report_send(request: StaffRequest, code: UUID) -> HttpResponse:
    """Send to the leerplichtambtenaar of the municipality where the pupil lives."""
    report = _row(request, code)
    if not is_office_of(report, grants_of(request.user)):
        raise PermissionDenied
    form = SendForm(request.POST)
    if not form.is_valid():
        return _page(request, report, refusal="Het meldingsnummer is hoogstens 20 tekens lang.")
    try:
        send_report(report=report, duo_number=form.cleaned_data["duo_number"], by=request.user)
    except CaseRefusedError as refusal:
        return _page(request, report, refusal=str(refusal))
    messages.success(request, f"Verstuurd aan leerplicht van {report.municipality}.")
    return redirect("cases:report_detail", code=code)


@for_roles(Role.COO, Role.ADMINISTRATIE)
@require_POST
def report_withdraw(request: StaffRequest, code: UUID) -> HttpResponse:
    """The school takes a sent report back."""
    report = _row(request, code)
    if not (is_coo_of(report, grants_of(request.user)) or is_office_of(report, grants_of(request.user))):
        raise PermissionDenied
    return _text_step(request, report, "withdraw")


@for_roles(Role.COO, Role.ADMINISTRATIE)
@require_POST
def report_reply(request: StaffRequest, code: UUID) -> HttpResponse:
    """Reply to a question of leerplicht."""
    report = _row(request, code)
    if not (is_coo_of(report, grants_of(request.user)) or is_office_of(report, grants_of(request.user))):
        raise PermissionDenied
    return _text_step(request, report, "reply")

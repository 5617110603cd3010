"""The list of cases and the pupil's file."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from attendance.models import Pupil
from cases.case_forms import CaseFilterForm, CloseForm, LogForm, OwnerForm, StepForm
from cases.listings.case_page import CasePage, case_page, filtered_cases, meetings_of, open_case_of
from cases.models import Case, LogEntry, Phase, Report
from cases.report_forms import StartForm
from cases.services.cases import assign_owner, open_case, take_over
from cases.services.closing import close_case, is_on_the_table
from cases.services.drafts_by_hand import choices_for
from cases.services.log import record_contact, write_note
from cases.services.refusals import CaseRefusedError
from cases.services.steps import plan_step
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.authorizer import may_see
from thuiszitters.accounts.clock import today
from thuiszitters.accounts.data_classes import DataClass
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.read_log import log_read
from thuiszitters.accounts.roles import CASE_WORKERS, Role

FILE_ROLES = (
    Role.COO,
    Role.ZORGCOACH,
    Role.SCHOOLLEIDER,
    Role.MENTOR,
    Role.GEDRAGSDESKUNDIGE,
    Role.JEUGDARTS,
)
READS_LOG = tuple(role for role in FILE_ROLES if role is not Role.JEUGDARTS)
WRITES = (Role.COO, Role.ZORGCOACH, Role.MENTOR, Role.GEDRAGSDESKUNDIGE)
ANSWERS_SIGNALS = (Role.COO, Role.ZORGCOACH, Role.MENTOR)


@for_roles(*FILE_ROLES)
def case_list(request: StaffRequest) -> HttpResponse:
    """Cases with their next step, what is due first on top."""
    form = CaseFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    rows = filtered_cases(request.user, chosen)
    page = Paginator(rows, 50).get_page(request.GET.get("pagina"))
    context = {"page": page, "chosen": chosen, "phases": Phase.choices, "today": today()}
    return render(request, "cases/case_list.html", context)


def _page(request: StaffRequest, code: UUID) -> CasePage:
    rows = Case.objects.visible_to(request.user).select_related(
        "pupil__clock", "school", "school_of_enrolment", "owner", "closed_by"
    )
    return case_page(get_object_or_404(rows, code=code), request.user, today())


def _tab(request: StaffRequest, page: CasePage, tab: str, *, status: int = 200, **extra: Any) -> HttpResponse:
    grants = grants_of(request.user)
    context = {
        "page": page,
        "case": page.case,
        "tab": tab,
        "today": today(),
        "reads_log": page.sees_notes,
        "answers_signals": grants.has(*ANSWERS_SIGNALS) and not page.reads_only,
        "reads_only": page.reads_only,
        **extra,
    }
    return render(request, f"cases/case_{tab}.html", context, status=status)


@for_roles(*FILE_ROLES, reads=True)
def case_detail(request: StaffRequest, code: UUID) -> HttpResponse:
    """The file: what is going on, and what is to be done."""
    page = _page(request, code)
    log_read(request, page="dossier", subject_code=page.case.pupil.code, of=DataClass.PLAN)
    return _overview(request, page)


def _overview(request: StaffRequest, page: CasePage, *, status: int = 200, **extra: Any) -> HttpResponse:
    if page.may_manage:
        extra.setdefault("step_form", StepForm(today=today()))
        extra.setdefault("owner_form", OwnerForm(case=page.case, today=today()))
        extra.setdefault("close_form", CloseForm(case=page.case, asks_table=_may_take_off(request, page.case)))
    return _tab(request, page, "detail", status=status, **extra)


@for_roles(*READS_LOG, reads=True)
def case_log(request: StaffRequest, code: UUID) -> HttpResponse:
    """The log. What was typed stays in the form until it is saved."""
    page = _page(request, code)
    log_read(request, page="logboek", subject_code=page.case.pupil.code, of=DataClass.CARE_NOTES)
    form = LogForm(today=today()) if page.may_write else None
    return _tab(request, page, "log", entries=page.case.log.select_related("by"), form=form)


@for_roles(*WRITES)
@require_POST
def case_write(request: StaffRequest, code: UUID) -> HttpResponse:
    """Add a note or contact to the log."""
    page = _page(request, code)
    if not page.may_write:
        raise PermissionDenied
    form = LogForm(request.POST, today=today())
    if not form.is_valid():
        return _tab(request, page, "log", entries=page.case.log.select_related("by"), form=form, status=400)
    values = form.cleaned_data
    if values["kind"] == LogEntry.Kind.CONTACT:
        record_contact(case=page.case, text=values["text"], day=values["day"], by=request.user)
    else:
        write_note(case=page.case, text=values["text"], day=values["day"], by=request.user)
    messages.success(request, "Opgeslagen in het logboek.")
    return redirect("cases:case_log", code=code)


@for_roles(*FILE_ROLES, reads=True)
def case_meetings(request: StaffRequest, code: UUID) -> HttpResponse:
    """Meetings about this pupil."""
    page = _page(request, code)
    return _tab(request, page, "meetings", meetings=meetings_of(page.case, request.user))


@for_roles(*FILE_ROLES, reads=True)
def case_reports(request: StaffRequest, code: UUID) -> HttpResponse:
    """Reports to leerplicht about this pupil, for who may see them."""
    page = _page(request, code)
    reports = Report.objects.visible_to(request.user).filter(pupil=page.case.pupil).select_related("municipality")
    context: dict[str, Any] = {"reports": reports.order_by("-created_at")}
    is_open = page.case.closed_at is None
    if is_open and is_coo_of(page.case, request):
        kinds, context["why_not"] = choices_for(page.case.pupil, today())
        context["start_form"] = StartForm(kinds=kinds) if kinds else None
    return _tab(request, page, "reports", **context)


def is_coo_of(case: Case, request: StaffRequest) -> bool:
    """Whether this is a COO of the school that runs the case or of the school of enrolment."""
    return bool({case.school_id, case.school_of_enrolment_id} & grants_of(request.user).school_ids({Role.COO}))


def _may_take_off(request: StaffRequest, case: Case) -> bool:
    """Whether closing asks this reader about the table: the pupil stands on it, and the COO decides about that."""
    return is_on_the_table(case) and is_coo_of(case, request)


def _managed(request: StaffRequest, code: UUID) -> CasePage:
    page = _page(request, code)
    if not page.may_manage:
        raise PermissionDenied
    return page


@for_roles(*CASE_WORKERS)
@require_POST
def case_plan_step(request: StaffRequest, code: UUID) -> HttpResponse:
    """Plan a step of one's own making."""
    page = _managed(request, code)
    form = StepForm(request.POST, today=today())
    if not form.is_valid():
        return _overview(request, page, step_form=form, status=400)
    values = form.cleaned_data
    plan_step(
        case=page.case, title=values["title"], role=Role(values["role"]), due_on=values["due_on"], by=request.user
    )
    messages.success(request, "De stap staat gepland.")
    return redirect("cases:case_detail", code=code)


@for_roles(*CASE_WORKERS)
@require_POST
def case_take_over(request: StaffRequest, code: UUID) -> HttpResponse:
    """Become the owner."""
    page = _managed(request, code)
    try:
        take_over(case=page.case, by=request.user)
    except CaseRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Je bent nu eigenaar van dit dossier.")
    return redirect("cases:case_detail", code=code)


@for_roles(*CASE_WORKERS)
@require_POST
def case_assign(request: StaffRequest, code: UUID) -> HttpResponse:
    """Give the case to somebody else."""
    page = _managed(request, code)
    form = OwnerForm(request.POST, case=page.case, today=today())
    if not form.is_valid():
        return _overview(request, page, owner_form=form, status=400)
    owner, role = form.chosen()
    try:
        assign_owner(case=page.case, owner=owner, role=role, by=request.user)
    except CaseRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"Eigenaar is nu {owner}.")
    return redirect("cases:case_detail", code=code)


@for_roles(*CASE_WORKERS)
@require_POST
def case_close(request: StaffRequest, code: UUID) -> HttpResponse:
    """Close the case, with the reason."""
    page = _managed(request, code)
    form = CloseForm(request.POST, case=page.case, asks_table=_may_take_off(request, page.case))
    if not form.is_valid():
        return _overview(request, page, close_form=form, status=400)
    values = form.cleaned_data
    try:
        close_case(case=page.case, reason=values["text"], by=request.user, leave_table=values.get("leave_table", False))
    except CaseRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Het dossier is gesloten.")
    return redirect("cases:case_detail", code=code)


@for_roles(*FILE_ROLES, reads=True)
def case_of_pupil(request: StaffRequest, code: UUID) -> HttpResponse:
    """A part for the pages of the pupil: the tabs of the open case, or the button that opens one.

    As a page of its own it is the case, or that button with a heading.
    """
    pupil = get_object_or_404(Pupil.objects.visible_to(request.user), code=code)
    found = open_case_of(pupil, request.user)
    if not request.htmx and found.case is not None:
        return redirect("cases:case_detail", code=found.case.code)
    context = {
        "pupil": pupil,
        "case": found.case,
        "may_open": found.may_open,
        "reads_only": found.reads_only,
        "tab": "attendance",
        "reads_log": bool(may_see(request.user, DataClass.CARE_NOTES, pupil.code)),
    }
    template = "cases/case_of_pupil.html#part" if request.htmx else "cases/case_of_pupil.html"
    return render(request, template, context)


@for_roles(*CASE_WORKERS, Role.MENTOR)
@require_POST
def case_open(request: StaffRequest, code: UUID) -> HttpResponse:
    """A person opens a case without waiting for a signal."""
    pupil = get_object_or_404(Pupil.objects.visible_to(request.user), code=code)
    try:
        case, _ = open_case(pupil=pupil, today=today(), by=request.user, why="Geopend door een medewerker.")
    except CaseRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("cases:case_list")
    return redirect("cases:case_detail", code=case.code)

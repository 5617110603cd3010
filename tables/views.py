"""Pages of the Thuiszitterstafel."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from attendance.models import Pupil
from cases.informed_forms import InformedForm
from cases.models import Case, ParentsInformed, Phase, Signal
from cases.services.cases import open_case
from cases.services.informed import latest_informed, record_informed
from cases.services.refusals import CaseRefusedError
from tables.board import ahead_of, board_for
from tables.criteria import STEPS, proposed_phase
from tables.forms import DeclineForm, PhaseForm, PlaceForm
from tables.models import PhaseChange, TableEntry
from tables.services.entries import change_phase, decline, entry_for, place
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.authorizer import access_to
from thuiszitters.accounts.clock import today
from thuiszitters.accounts.data_classes import DataClass
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import School
from thuiszitters.accounts.read_log import log_read
from thuiszitters.accounts.roles import Role

TABLE_ROLES = (
    Role.COO,
    Role.ZORGCOACH,
    Role.SCHOOLLEIDER,
    Role.SWV,
    Role.LEERPLICHT,
    Role.GEDRAGSDESKUNDIGE,
    Role.JEUGDARTS,
)
SEES_THE_FILE = frozenset({Role.COO, Role.ZORGCOACH, Role.SCHOOLLEIDER, Role.GEDRAGSDESKUNDIGE, Role.JEUGDARTS})


@for_roles(*TABLE_ROLES)
def board(request: StaffRequest) -> HttpResponse:
    """The table: four counts on top, and the pupils by phase. Filters stand in the address; never a name."""
    entries = TableEntry.objects.visible_to(request.user).on_the_table()
    schools = School.objects.filter(pk__in=entries.values("case__school")).order_by("name", "pk")
    school = next((row for row in schools if str(row.code) == request.GET.get("school")), None)
    phase = request.GET.get("fase", "")
    phase = phase if phase in Phase.values else ""
    blocks = board_for(request.user, today(), school_id=school.pk if school else None, phase=phase)
    counts = {block.phase.value: len(block.rows) for block in blocks}
    context: dict[str, Any] = {
        "blocks": [block for block in blocks if block.rows],
        "counts": [
            (shown, shown.label, counts[shown.value])
            for shown in (Phase.DREIGEND, Phase.THUISZITTER, Phase.LONG, Phase.OPBOUW)
        ],
        "total": sum(counts.values()),
        "schools": schools,
        "school": school,
        "phase": phase,
        "today": today(),
    }
    return render(request, "tables/board.html#tally" if request.htmx else "tables/board.html", context)


def _entry(request: StaffRequest, code: UUID) -> TableEntry:
    rows = TableEntry.objects.visible_to(request.user).select_related(
        "case__pupil__clock", "case__school", "case__school_of_enrolment", "case__owner", "informed"
    )
    return get_object_or_404(rows, code=code)


@for_roles(*TABLE_ROLES)
def entry_detail(request: StaffRequest, code: UUID) -> HttpResponse:
    """One pupil on the table: phase, what is planned, and how it went. No notes of the file."""
    entry = _entry(request, code)
    log_read(request, page="tafel", subject_code=entry.case.pupil.code, of=DataClass.TABLE)
    return _entry_page(request, entry)


def _entry_page(
    request: StaffRequest, entry: TableEntry, *, form: PhaseForm | None = None, refusal: str = ""
) -> HttpResponse:
    case = entry.case
    access = access_to(request.user, case.pupil.code)
    steps = case.steps.filter(done_at__isnull=True).select_related("owner").order_by("due_on", "pk")
    phases = list(entry.phases.select_related("by"))
    if not access.may_see(DataClass.CARE_NOTES):
        leave_out_notes(entry)
    if not access.may_see(DataClass.PLAN):
        leave_out_reasons(phases)
    context: dict[str, Any] = {
        "entry": entry,
        "case": case,
        "pupil": case.pupil,
        "phases": phases,
        "steps": steps if access.may_see(DataClass.PLAN) else steps[:1],
        "sees_plan": bool(access.may_see(DataClass.PLAN)),
        "ahead": ahead_of([entry]).get(entry.pk) if entry.left_at is None else None,
        "sees_file": bool(grants_of(request.user).roles & SEES_THE_FILE)
        and Case.objects.visible_to(request.user).filter(pk=case.pk).exists(),
        "refusal": refusal,
        "today": today(),
    }
    on_the_table = entry.placed_at is not None and entry.left_at is None
    if on_the_table and _is_coo(request, case) and STEPS[Phase(case.phase)]:
        context["form"] = form or PhaseForm(current=case.phase)
    bad = bool(refusal) or (form is not None and not form.is_valid())
    return render(request, "tables/entry_detail.html", context, status=400 if bad else 200)


def leave_out_notes(entry: TableEntry) -> None:
    """Empty what the school wrote for itself, on these objects and not in the database."""
    entry.declined_reason = entry.case.closed_reason = ""
    if entry.informed is not None:
        entry.informed.why_not = entry.informed.pupil_why_not = ""


def leave_out_reasons(phases: Iterable[PhaseChange]) -> None:
    """Empty what somebody wrote with a phase, on these objects and not in the database. What follows from counting
    stays."""
    for change in phases:
        if change.by_id is not None:
            change.reason = ""


def _is_coo(request: StaffRequest, case: Case) -> bool:
    return bool({case.school_id, case.school_of_enrolment_id} & grants_of(request.user).school_ids({Role.COO}))


@for_roles(Role.COO)
@require_POST
def entry_phase(request: StaffRequest, code: UUID) -> HttpResponse:
    """Set another phase; gesloten takes the pupil from the table."""
    entry = _entry(request, code)
    if not _is_coo(request, entry.case):
        raise PermissionDenied
    form = PhaseForm(request.POST, current=entry.case.phase)
    if not form.is_valid():
        return _entry_page(request, entry, form=form)
    phase = Phase(form.cleaned_data["phase"])
    try:
        change_phase(entry=entry, phase=phase, reason=form.cleaned_data["reason"], by=request.user, today=today())
    except CaseRefusedError as refusal:
        return _entry_page(request, entry, form=form, refusal=str(refusal))
    messages.success(request, f"De fase van {entry.case.pupil.first_name} is nu: {phase.label}.")
    return redirect("tables:entry_detail", code=code)


@for_roles(Role.COO)
def place_pupil(request: StaffRequest, code: UUID) -> HttpResponse:
    """Put a pupil on the table. Asks first whether the parents know, unless that was answered before."""
    pupil = get_object_or_404(Pupil.objects.visible_to(request.user), code=code)
    case = (
        Case.objects.visible_to(request.user).open().filter(pupil=pupil).select_related("school_of_enrolment").first()
    )
    if case is not None and not _is_coo(request, case):
        raise PermissionDenied
    entry = (
        TableEntry.objects.visible_to(request.user).filter(case=case, left_at__isnull=True).first() if case else None
    )
    if entry is not None and entry.placed_at is not None:
        messages.info(request, f"{pupil.first_name} staat al op de tafel.")
        return redirect("tables:entry_detail", code=entry.code)
    signals = Signal.objects.visible_to(request.user).filter(pupil=pupil).select_related("crossing")
    proposal = (
        Phase(entry.proposed_phase)
        if entry
        else proposed_phase([signal.crossing.rule for signal in signals if signal.crossing.withdrawn_at is None])
    )
    informed = latest_informed(pupil=pupil, about=ParentsInformed.About.TABLE)
    form = PlaceForm(request.POST or None, initial={"phase": proposal or Phase.DREIGEND})
    informed_form = InformedForm(request.POST or None, pupil=pupil, today=today(), prefix="informed")
    asks = informed is None or (request.method == "POST" and informed_form.has_changed())
    refusal = ""
    if request.method == "POST" and form.is_valid() and (not asks or informed_form.is_valid()):
        try:
            with transaction.atomic():
                placed = _place(
                    request, pupil, Phase(form.cleaned_data["phase"]), informed, informed_form if asks else None
                )
        except CaseRefusedError as error:
            refusal = str(error)
        else:
            messages.success(request, f"{pupil.first_name} staat op de Thuiszitterstafel.")
            return redirect("tables:entry_detail", code=placed.code)
    context = {
        "pupil": pupil,
        "form": form,
        "informed": informed,
        "informed_form": informed_form,
        "asks": asks,
        "proposal": proposal,
        "decline_form": DeclineForm(),
        "entry": entry,
        "refusal": refusal,
    }
    return render(request, "tables/place_pupil.html", context, status=400 if request.method == "POST" else 200)


def _place(
    request: StaffRequest,
    pupil: Pupil,
    phase: Phase,
    informed: ParentsInformed | None,
    informed_form: InformedForm | None,
) -> TableEntry:
    day = today()
    case, _ = open_case(pupil=pupil, today=day, by=request.user, why="Op de Thuiszitterstafel gezet.")
    if informed_form is not None:
        informed = record_informed(
            pupil=pupil, about=ParentsInformed.About.TABLE, by=request.user, today=day, **informed_form.cleaned_data
        )
    entry = entry_for(case=case, phase=phase, today=day)
    return place(entry=entry, phase=phase, informed=informed, by=request.user, today=day)


@for_roles(Role.COO)
@require_POST
def entry_decline(request: StaffRequest, code: UUID) -> HttpResponse:
    """Not now, because; a heavier signal asks again."""
    entry = _entry(request, code)
    if not _is_coo(request, entry.case):
        raise PermissionDenied
    form = DeclineForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Schrijf op waarom nu niet.")
        return redirect("tables:place_pupil", code=entry.case.pupil.code)
    try:
        decline(entry=entry, reason=form.cleaned_data["reason"], by=request.user, today=today())
    except CaseRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("tables:place_pupil", code=entry.case.pupil.code)
    messages.success(request, "Genoteerd. Een zwaarder signaal stelt de vraag opnieuw.")
    return redirect("today")


@for_roles(*SEES_THE_FILE)
def entries_of_case(request: StaffRequest, code: UUID) -> HttpResponse:
    """The part of a case's page about the table."""
    case = get_object_or_404(Case.objects.visible_to(request.user), code=code)
    entries = TableEntry.objects.visible_to(request.user).filter(case=case)
    context = {
        "case": case,
        "entries": entries.order_by("-proposed_on", "-pk"),
        "may_place": _is_coo(request, case) and case.closed_at is None,
    }
    return render(request, "tables/entries_of_case.html", context)

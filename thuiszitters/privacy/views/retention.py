"""Keeping and destroying: what is due, proposing it, approving it, and the protocol."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record
from thuiszitters.privacy.hold_forms import WhyForm
from thuiszitters.privacy.keepers import APPROVES, PROPOSES, kept_for
from thuiszitters.privacy.listings import retention as listing
from thuiszitters.privacy.listings.protocol import protocol_csv, protocol_pdf
from thuiszitters.privacy.listings.terms import alliances_watched_by
from thuiszitters.privacy.models import DestructionRun
from thuiszitters.privacy.services.runs import RunRefusedError, approve, propose, withdraw

PAGE_SIZE = 100


@for_roles(Role.BEHEERDER, Role.FG, Role.SCHOOLLEIDER)
def retention(request: StaffRequest) -> HttpResponse:
    """What is due at each school and alliance, the runs, the terms, and the numbers that stayed."""
    runs = DestructionRun.objects.visible_to(request.user).select_related("school", "alliance", "proposed_by")
    context = {
        "due": listing.overview(request.user, clock_today()),
        "open_runs": runs.filter(status__in=DestructionRun.OPEN),
        "past_runs": runs.exclude(status__in=DestructionRun.OPEN)[:20],
        "alliances": alliances_watched_by(request.user),
        "terms": listing.terms_for(request.user, clock_today()),
        "kept": listing.kept_counts(request.user),
        "sets_holds": listing.may(request.user, *APPROVES),
    }
    return render(request, "privacy/retention.html", context)


@for_roles(Role.BEHEERDER, Role.FG, Role.SCHOOLLEIDER)
def retention_preview(request: StaffRequest, code: UUID) -> HttpResponse:
    """What would be destroyed at one school or alliance, by number and without names."""
    organisation = listing.organisation_or_404(request.user, code)
    counts, going, staying = listing.preview(organisation, clock_today())
    holder = listing.holder_of(organisation)
    open_run = DestructionRun.objects.visible_to(request.user).filter(
        school=holder.school_id, alliance=holder.alliance_id, status__in=DestructionRun.OPEN
    )
    context = {
        "organisation": organisation,
        "counts": counts,
        "page": Paginator(going, PAGE_SIZE).get_page(request.GET.get("bladzijde")),
        "staying": staying,
        "open_run": open_run.first(),
        "may_propose": listing.may(request.user, *PROPOSES),
    }
    return render(request, "privacy/retention_preview.html", context)


@for_roles(Role.BEHEERDER)
@require_POST
def run_propose(request: StaffRequest, code: UUID) -> HttpResponse:
    """Make the list of today, and wait for somebody else."""
    organisation = listing.organisation_or_404(request.user, code)
    try:
        run = propose(holder=listing.holder_of(organisation), by=request.user, today=clock_today())
    except RunRefusedError as refused:
        messages.error(request, str(refused))
        return redirect("privacy:retention_preview", code)
    messages.success(request, "De lijst staat klaar. Iemand anders moet nu akkoord geven.")
    return redirect("privacy:run_detail", run.code)


@for_roles(Role.BEHEERDER, Role.FG, Role.SCHOOLLEIDER)
def run_detail(request: StaffRequest, code: UUID) -> HttpResponse:
    """The list, how far it is, and what was skipped."""
    run = get_object_or_404(
        DestructionRun.objects.visible_to(request.user).select_related(
            "school", "alliance", "proposed_by", "approved_by", "withdrawn_by"
        ),
        code=code,
    )
    context = {
        "run": run,
        "totals": listing.totals_of(run),
        "page": Paginator(listing.lines_of(run), PAGE_SIZE).get_page(request.GET.get("bladzijde")),
        "may_approve": run.status == DestructionRun.Status.PROPOSED and approvable(request, run),
        "own_proposal": run.proposed_by_id == request.user.pk,
        "is_waiting": run.status == DestructionRun.Status.PROPOSED,
        "is_done": run.status == DestructionRun.Status.DONE,
        "form": WhyForm(),
    }
    return render(request, "privacy/run_detail.html", context)


def approvable(request: StaffRequest, run: DestructionRun) -> bool:
    """Whether this reader watches over the data of this run as FG or schoolleider, and did not propose it."""
    watched = DestructionRun.objects.visible_to(request.user).filter(kept_for(request.user, APPROVES), pk=run.pk)
    return run.proposed_by_id != request.user.pk and watched.exists()


@for_roles(Role.FG, Role.SCHOOLLEIDER, step_up=True)
@require_POST
def run_approve(request: StaffRequest, code: UUID) -> HttpResponse:
    """The second person says yes: from here the job goes on by itself."""
    run = get_object_or_404(DestructionRun.objects.visible_to(request.user), code=code)
    try:
        approve(run=run, by=request.user)
    except RunRefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Akkoord gegeven. De gegevens worden nu vernietigd.")
    return redirect("privacy:run_detail", code)


@for_roles(Role.BEHEERDER, Role.FG, Role.SCHOOLLEIDER)
@require_POST
def run_withdraw(request: StaffRequest, code: UUID) -> HttpResponse:
    """Nothing is destroyed: a new list can be made."""
    run = get_object_or_404(DestructionRun.objects.visible_to(request.user), code=code)
    form = WhyForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Schrijf kort waarom de lijst wordt ingetrokken.")
        return redirect("privacy:run_detail", code)
    try:
        withdraw(run=run, by=request.user, why=form.cleaned_data["why"])
    except RunRefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "Ingetrokken. Er is niets vernietigd.")
    return redirect("privacy:run_detail", code)


@for_roles(Role.BEHEERDER, Role.FG, Role.SCHOOLLEIDER, step_up=True)
def run_protocol(request: StaffRequest, code: UUID, form: str) -> HttpResponse:
    """The protocol of a run that is done, as PDF to sign or as CSV."""
    run = get_object_or_404(
        DestructionRun.objects.visible_to(request.user).filter(status=DestructionRun.Status.DONE), code=code
    )
    record(Kind.EXPORT, f"protocol van vernietiging ({form})", row=run.code)
    content, kind = (
        (protocol_pdf(run), "application/pdf") if form == "pdf" else (protocol_csv(run), "text/csv; charset=utf-8")
    )
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="vernietiging-{run.code.hex[:8]}.{form}"'
    return response

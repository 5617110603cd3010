"""Opening a pupil in an emergency (noodtoegang), and what COO and FG do about that."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from attendance.access_forms import EmergencyForm, ReviewForm
from attendance.listings.access import emergency_lines
from attendance.models import EmergencyAccess
from attendance.services.access_requests import AccessRefusedError
from attendance.services.emergencies import end_emergency, open_emergency, review_emergency
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.roles import IN_AN_EMERGENCY, Role

NOBODY = (
    "Met deze gegevens vinden we niemand op een school van jouw samenwerkingsverband. Kijk ze na, of bel de COO van "
    "de school."
)


@for_roles(*IN_AN_EMERGENCY, step_up=True)
def emergency_open(request: StaffRequest) -> HttpResponse:
    """Open a pupil for 24 hours, to read. COO and FG are mailed at once."""
    form = EmergencyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        try:
            opened = open_emergency(
                sought=form.sought(),
                reason=form.cleaned_data["reason"],
                by=request.user,
                today=clock_today(),
                now=timezone.now(),
            )
        except AccessRefusedError as refusal:
            form.add_error(None, str(refusal))
        else:
            if opened is not None:
                until = timezone.localtime(opened.ends_at)
                messages.warning(request, f"Noodtoegang tot morgen {until:%H:%M}. COO en FG krijgen nu een mail.")
                return redirect("attendance:pupil_detail", code=opened.pupil.code)
            form.add_error(None, NOBODY)
    return render(request, "attendance/access/emergency_open.html", {"form": form})


@for_roles(Role.COO, Role.FG)
def emergency_list(request: StaffRequest) -> HttpResponse:
    """Who opened what in an emergency. The COO can end it, the FG judges it."""
    return _list(request)


def _list(request: StaffRequest, *, form: ReviewForm | None = None, code: UUID | None = None) -> HttpResponse:
    lines = emergency_lines(request.user, timezone.now())
    context = {
        # On Vandaag stands what waits; the page itself is also for looking back.
        "lines": [line for line in lines if line.may_review] if request.htmx else lines,
        "form": ReviewForm(),
        "refused": form,
        "refused_code": code,
    }
    template = "attendance/access/emergencies.html"
    status = 200 if form is None else 400
    return render(request, f"{template}#part" if request.htmx else template, context, status=status)


@for_roles(Role.COO)
@require_POST
def emergency_end(request: StaffRequest, code: UUID) -> HttpResponse:
    """From this moment on it opens nothing any more."""
    rows = EmergencyAccess.objects.visible_to(request.user).select_related("pupil", "user")
    row = get_object_or_404(rows, code=code)
    if end_emergency(access=row, by=request.user):
        messages.success(request, f"{row.user} ziet deze leerling niet meer.")
    return redirect("attendance:emergency_list")


@for_roles(Role.FG)
@require_POST
def emergency_review(request: StaffRequest, code: UUID) -> HttpResponse:
    """The privacy officer says what they think of it."""
    row = get_object_or_404(EmergencyAccess.objects.visible_to(request.user).judgeable_by(request.user), code=code)
    form = ReviewForm(request.POST)
    if not form.is_valid():
        return _list(request, form=form, code=code)
    try:
        review_emergency(access=row, **form.cleaned_data, by=request.user)
    except AccessRefusedError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Je oordeel is opgeslagen.")
    return redirect("attendance:emergency_list")

"""Meetings: the list to come, and confirming, moving or cancelling one."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from cases.meeting_forms import CancelForm, ConfirmForm
from cases.meeting_times import AMSTERDAM
from cases.models import Case, Meeting
from cases.services.meetings import OPEN, cancel_meeting, confirm_meeting
from cases.services.refusals import CaseRefusedError
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.roles import Role

MEETING_ROLES = (
    Role.COO,
    Role.ZORGCOACH,
    Role.SCHOOLLEIDER,
    Role.MENTOR,
    Role.GEDRAGSDESKUNDIGE,
    Role.JEUGDARTS,
)


@for_roles(*MEETING_ROLES)
def meeting_list(request: StaffRequest) -> HttpResponse:
    """Meetings to come. As a part of "Vandaag": those of the coming week."""
    now = timezone.now()
    rows = (
        Meeting.objects.visible_to(request.user)
        .filter(starts_at__gte=now)
        .exclude(status=Meeting.Status.CANCELLED)
        .select_related("school")
        .prefetch_related("guests__user")
        .order_by("starts_at", "pk")
    )
    part = bool(request.htmx)
    if part:
        rows = rows.filter(starts_at__lt=now + timedelta(days=7))
    found = list(rows[:200])
    cases = Case.objects.visible_to(request.user).filter(agenda__meeting__in=found)
    names: dict[int, list[str]] = {meeting.pk: [] for meeting in found}
    for pk, first_name in cases.order_by("pupil__surname_key", "pk").values_list(
        "agenda__meeting", "pupil__first_name"
    ):
        if pk in names:
            names[pk].append(first_name)
    context = {
        "meetings": [(meeting, names[meeting.pk]) for meeting in found],
        "part": part,
        "now": now,
    }
    return render(request, "cases/meeting_list.html#rows" if part else "cases/meeting_list.html", context)


def _meeting(request: StaffRequest, code: UUID) -> Meeting:
    return get_object_or_404(Meeting.objects.visible_to(request.user).select_related("school"), code=code)


def _may_decide(request: StaffRequest, meeting: Meeting) -> bool:
    return meeting.school_id in grants_of(request.user).school_ids({Role.COO})


@for_roles(*MEETING_ROLES)
def meeting_detail(request: StaffRequest, code: UUID) -> HttpResponse:
    """One meeting: when, where, who comes, and which pupils it is about."""
    return _page(request, _meeting(request, code))


def _page(
    request: StaffRequest,
    meeting: Meeting,
    *,
    form: ConfirmForm | None = None,
    cancel_form: CancelForm | None = None,
    refusal: str = "",
) -> HttpResponse:
    context: dict[str, Any] = {
        "meeting": meeting,
        "ends_at": meeting.starts_at + timedelta(minutes=meeting.minutes),
        "guests": meeting.guests.select_related("user").order_by("user__name", "pk"),
        "cases": Case.objects.visible_to(request.user)
        .filter(agenda__meeting=meeting)
        .select_related("pupil")
        .order_by("pupil__surname_key", "pk"),
        "refusal": refusal,
    }
    if _may_decide(request, meeting) and meeting.status in OPEN and meeting.starts_at > timezone.now():
        local = timezone.localtime(meeting.starts_at)
        context["form"] = form or ConfirmForm(
            initial={
                "day": local.date(),
                "time": local.strftime("%H:%M"),
                "minutes": meeting.minutes,
                "place": meeting.place,
                "parents_invited": meeting.parents_invited,
                "sequence": meeting.sequence,
            }
        )
        context["cancel_form"] = cancel_form or CancelForm(initial={"sequence": meeting.sequence})
    bad = (
        refusal
        or (form is not None and not form.is_valid())
        or (cancel_form is not None and not cancel_form.is_valid())
    )
    return render(request, "cases/meeting_detail.html", context, status=400 if bad else 200)


@for_roles(Role.COO)
@require_POST
def meeting_confirm(request: StaffRequest, code: UUID) -> HttpResponse:
    """Confirm the proposal or move the meeting."""
    meeting = _meeting(request, code)
    if not _may_decide(request, meeting):
        raise PermissionDenied
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _page(request, meeting, form=form)
    values = form.cleaned_data
    meeting.sequence = values["sequence"]  # what this person had before them: a change since then is refused
    try:
        confirm_meeting(
            meeting=meeting,
            starts_at=datetime.combine(values["day"], values["time"], tzinfo=AMSTERDAM),
            minutes=values["minutes"],
            place=values["place"],
            parents_invited=values["parents_invited"],
            by=request.user,
            today=today(),
        )
    except CaseRefusedError as refusal:
        return _page(request, meeting, form=form, refusal=str(refusal))
    messages.success(request, "De afspraak staat vast. Iedereen die is uitgenodigd krijgt een mail met de uitnodiging.")
    return redirect("cases:meeting_detail", code=code)


@for_roles(Role.COO)
@require_POST
def meeting_cancel(request: StaffRequest, code: UUID) -> HttpResponse:
    """Take the meeting off, with why."""
    meeting = _meeting(request, code)
    if not _may_decide(request, meeting):
        raise PermissionDenied
    form = CancelForm(request.POST)
    if not form.is_valid():
        return _page(request, meeting, cancel_form=form)
    meeting.sequence = form.cleaned_data["sequence"]
    try:
        cancel_meeting(meeting=meeting, why=form.cleaned_data["why"], by=request.user, today=today())
    except CaseRefusedError as refusal:
        return _page(request, meeting, cancel_form=form, refusal=str(refusal))
    messages.success(request, "De afspraak gaat niet door. Wie een uitnodiging had, krijgt bericht.")
    return redirect("cases:meeting_list")

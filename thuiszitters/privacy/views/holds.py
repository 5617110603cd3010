"""Holds: data of a pupil that must stay for now."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models.query import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from attendance.models import Enrolment
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.models import School
from thuiszitters.accounts.roles import Role
from thuiszitters.privacy.hold_forms import HoldForm, WhyForm
from thuiszitters.privacy.listings.retention import schools_of
from thuiszitters.privacy.models import LegalHold
from thuiszitters.privacy.services.holds import PupilGoneError, lift_hold, set_hold


@for_roles(Role.FG, Role.SCHOOLLEIDER, step_up=True)
def hold_list(request: StaffRequest) -> HttpResponse:
    """The holds that stand and those that are over; set one."""
    today = clock_today()
    schools = School.objects.filter(pk__in=[school.pk for school in schools_of(request.user)])
    form = HoldForm(
        request.POST if request.method == "POST" else None,
        schools=schools,
        today=today,
        initial=about(request, schools),
    )
    if form.is_valid():
        asked = {name: form.cleaned_data[name] for name in ("pupil", "school", "reason", "until")}
        try:
            set_hold(**asked, by=request.user, today=today)
        except PupilGoneError:
            form.add_error(None, "Van deze leerling is zojuist alles vernietigd. Er is niets meer om te bewaren.")
        else:
            messages.success(request, "Gezet. Van deze leerling wordt niets vernietigd.")
            return redirect("privacy:hold_list")
    mine = LegalHold.objects.visible_to(request.user).select_related("pupil", "school", "set_by", "lifted_by")
    standing = mine.standing(today)
    context = {
        "form": form,
        "why_form": WhyForm(),
        "standing": standing,
        "over": mine.exclude(pk__in=standing.values("pk")).order_by("-set_at")[:50],
    }
    return render(request, "privacy/holds.html", context)


def about(request: StaffRequest, schools: QuerySet[School]) -> dict[str, Any]:
    """Who the form begins with: the pupil from whose page somebody came, as far as they may see that pupil."""
    try:
        code = UUID(request.GET.get("leerling", ""))
    except ValueError:
        return {}
    here = Enrolment.objects.visible_to(request.user).filter(pupil__code=code, school__in=schools)
    row = here.select_related("pupil").order_by("first").last()
    if row is None:
        return {}
    return {"school": row.school_id, "number": row.pupil.number, "birth_date": row.pupil.birth_date}


@for_roles(Role.FG, Role.SCHOOLLEIDER, step_up=True)
@require_POST
def hold_lift(request: StaffRequest, code: UUID) -> HttpResponse:
    """The clocks count again."""
    hold = get_object_or_404(LegalHold.objects.visible_to(request.user).select_related("pupil"), code=code)
    form = WhyForm(request.POST)
    if not form.is_valid():
        messages.error(request, "Schrijf kort waarom de blokkade wordt opgeheven.")
    elif lift_hold(hold=hold, why=form.cleaned_data["why"], by=request.user):
        messages.success(request, "De blokkade is opgeheven. De bewaartermijn geldt weer.")
    return redirect("privacy:hold_list")

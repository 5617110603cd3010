"""What happened to the absence records of a pupil."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from attendance.listings.absence_history import absence_history as history_of
from attendance.models import Pupil
from attendance.views.absences import ENTERS_ABSENCE
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.data_classes import DataClass
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.read_log import log_read
from thuiszitters.accounts.roles import SEES_PUPILS


@for_roles(*SEES_PUPILS, reads=True)
def absence_history(request: StaffRequest, code: UUID) -> HttpResponse:
    """Each record of a pupil with who entered, changed or withdrew it, and why. Opening it is logged."""
    pupil = get_object_or_404(Pupil.objects.visible_to(request.user), code=code)
    log_read(request, "geschiedenis van meldingen", pupil.code, of=DataClass.REASONS)
    works_with = pupil.is_worked_with_by(request.user)
    context = {
        "pupil": pupil,
        "rows": history_of(pupil, request.user, clock_today()),
        "may_enter": works_with and grants_of(request.user).has(*ENTERS_ABSENCE),
    }
    return render(request, "attendance/absence_history.html", context)

"""A pupil's attendance, pupils with a signal, and finding one."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from attendance.access_forms import ASKS
from attendance.forms import SearchForm
from attendance.listings.pupil_page import pupil_page
from attendance.listings.pupil_search import MOST, search_pupils
from attendance.listings.signals import pupils_with_a_signal
from attendance.models import Enrolment, Pupil
from attendance.views.absences import ENTERS_ABSENCE
from attendance.views.arrangements import ARRANGES
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.authorizer import access_to
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.data_classes import DataClass
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.read_log import log_read
from thuiszitters.accounts.roles import IN_AN_EMERGENCY, SEES_PUPILS, Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record

WORKS_ON_CASES = SEES_PUPILS - {Role.ADMINISTRATIE}
"""The administratie knows who is absent, and not what is done about it."""


@for_roles(*SEES_PUPILS, reads=True)
def pupil_detail(request: StaffRequest, code: UUID) -> HttpResponse:
    """A pupil: the clock, the school year, the records, and why each signal is there. Opening it is logged."""
    pupil = get_object_or_404(Pupil.objects.visible_to(request.user).select_related("municipality"), code=code)
    log_read(request, "aanwezigheid", pupil.code, of=DataClass.FACTS)
    page = pupil_page(pupil, request.user, clock_today())
    grants, access = grants_of(request.user), access_to(request.user, pupil.code)
    works_with = pupil.is_worked_with_by(request.user)
    context = {
        "page": page,
        "reads_only": not works_with,
        "may_enter": page.head.is_current and grants.has(*ENTERS_ABSENCE) and works_with,
        "not_long_absent": f"{pupil.first_name} is nu niet langdurig afwezig",
        "works_on_cases": grants.has(*WORKS_ON_CASES),
        "sees_arrangements": bool(access.may_see(DataClass.ARRANGEMENTS)),
        "sees_readers": bool(access.may_see(DataClass.READERS)),
    }
    return render(request, "attendance/pupil_detail.html", context)


@for_roles(Role.MENTOR)
def own_signals(request: StaffRequest) -> HttpResponse:
    """The pupils of my class who need attention."""
    found = pupils_with_a_signal(Pupil.objects.visible_to(request.user), clock_today())
    template = "attendance/own_signals.html"
    return render(request, f"{template}#part" if request.htmx else template, {"signals": found})


@for_roles(*SEES_PUPILS)
def pupil_search(request: StaffRequest) -> HttpResponse:
    """Pupils by name, class or number. What is asked for is posted, so that no name stands in an address."""
    form = SearchForm(request.POST if request.method == "POST" else None)
    found = None
    if form.is_valid():
        user = request.user
        found = search_pupils(
            Pupil.objects.visible_to(user), Enrolment.objects.visible_to(user), form.cleaned_data["q"], clock_today()
        )
        record(Kind.SEARCH, "leerling zoeken", detail={"gevonden": len(found)})  # not what was asked: that is a name
    grants = grants_of(request.user)
    context = {
        "form": form,
        "found": found,
        "most": MOST,
        "may_enrol": grants.has(*ARRANGES),
        "may_ask": grants.has(*ASKS, Role.SCHOOLLEIDER),
        "may_in_emergency": grants.has(*IN_AN_EMERGENCY),
    }
    return render(request, "attendance/pupil_search.html", context)

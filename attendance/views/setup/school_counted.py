"""What the days and minutes of a school are counted with: region, standard timetable, sector and lesson."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from attendance.calendar_forms import CountedForm
from attendance.listings.set_up_effect import effect_of_school
from attendance.listings.year_calendar import known_year
from attendance.services.schools import Counted, change_counted
from attendance.services.seen import ChangedMeanwhileError, mark_of_school
from attendance.tasks import last_finished_day
from attendance.views.setup.asked import Told, is_confirmed, seen_of, wants_to_change
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.setup_site import reach_of


@for_roles(Role.BEHEERDER)
def school_counted(request: StaffRequest, code: UUID) -> HttpResponse:
    """They become other ones, for all dates; first with the effect."""
    school = get_object_or_404(reach_of(request.user).schools, code=code)
    today = clock_today()
    initial = CountedForm.initial_of(school)
    form = CountedForm(request.POST if request.method == "POST" else None, initial=initial)
    told = None
    if form.is_valid() and not wants_to_change(request):
        if form.counted() == Counted.of(school):
            messages.info(request, "Er is niets gewijzigd.")
            return redirect("attendance:school_year", code=code, year=known_year(today))
        again = False
        if is_confirmed(request):
            try:
                change_counted(school=school, counted=form.counted(), seen=seen_of(request))
            except ChangedMeanwhileError:
                again = True
            else:
                messages.success(request, f"Opgeslagen. De leerlingen van {school} worden opnieuw geteld.")
                return redirect("attendance:school_year", code=code, year=known_year(today))
        seen = mark_of_school(school)
        effect = effect_of_school(school, form.counted(), today=today, finished=last_finished_day())
        told = Told(effect, seen, again)
    context = {"school": school, "form": form, "told": told, "year": known_year(today)}
    return render(request, "attendance/school_counted.html", context)

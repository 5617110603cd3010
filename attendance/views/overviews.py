"""What is on its way, whom one was assigned to, and what still has to be set up."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from attendance.listings.assigned_pupils import assigned_pupils
from attendance.listings.set_up import places_of, to_set_up
from attendance.listings.upcoming import AHEAD, upcoming
from attendance.listings.year_calendar import known_year
from attendance.models import Enrolment, Pupil
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.roles import ASSIGNED, Role
from thuiszitters.accounts.setup_site import reach_of


@for_roles(Role.COO, Role.ZORGCOACH, Role.SCHOOLLEIDER)
def upcoming_list(request: StaffRequest) -> HttpResponse:
    """Who of the own school passes which norm in the next fourteen days, if nothing changes."""
    today = clock_today()
    context = {"found": upcoming(Enrolment.objects.visible_to(request.user), today), "until": today + AHEAD}
    template = "attendance/upcoming.html"
    return render(request, f"{template}#part" if request.htmx else template, context)


@for_roles(*ASSIGNED)
def assigned_list(request: StaffRequest) -> HttpResponse:
    """The pupils that I was assigned or invited to."""
    pupils = assigned_pupils(Pupil.objects.visible_to(request.user), request.user, clock_today())
    template = "attendance/assigned_pupils.html"
    return render(request, f"{template}#part" if request.htmx else template, {"pupils": pupils})


@for_roles(Role.BEHEERDER)
def set_up(request: StaffRequest) -> HttpResponse:
    """What still has to be set up at the own schools, and where that is done. Numbers of pupils only."""
    reach, today = reach_of(request.user), clock_today()
    context: dict[str, object] = {"found": to_set_up(reach.schools, today)}
    template = "attendance/set_up.html"
    if request.htmx:
        return render(request, f"{template}#part", context)
    context |= {"places": places_of(reach.schools, reach.alliances), "year": known_year(today)}
    return render(request, template, context)

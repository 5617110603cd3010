"""Whether the data of the own schools is right, and who can mend it."""

from __future__ import annotations

from uuid import UUID

from django.db.models.query import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from attendance.listings.data_quality.page import data_quality
from attendance.listings.stale_data import stale_schools
from attendance.models import Group
from attendance.views.registers import TAKES_REGISTERS
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import SCHOOL_WIDE, Role

LOOKS_AT_QUALITY = (Role.COO, Role.ADMINISTRATIE, Role.SCHOOLLEIDER, Role.MENTOR)


@for_roles(*LOOKS_AT_QUALITY)
def data_quality_list(request: StaffRequest) -> HttpResponse:
    """The own schools. Who has one goes straight to it; as a part of another page: what is not known yet."""
    schools = list(own_schools(request.user))
    if not request.htmx and len(schools) == 1:
        return redirect("attendance:data_quality_of_school", code=schools[0].code)
    grants = grants_of(request.user)
    whole = School.objects.filter(pk__in=grants.school_ids(SCHOOL_WIDE))
    context = {
        "all_schools": schools,
        "schools": stale_schools(whole, Group.objects.visible_to(request.user), clock_today()),
        "may_take": grants.has(*TAKES_REGISTERS),
    }
    template = "attendance/data_quality_list.html"
    return render(request, f"{template}#part" if request.htmx else template, context)


@for_roles(*LOOKS_AT_QUALITY)
def data_quality_of_school(request: StaffRequest, code: UUID) -> HttpResponse:
    """What is missing or cannot be true at one school, each with what solves it. A mentor sees the own classes."""
    schools = own_schools(request.user)
    school = get_object_or_404(schools, code=code)
    context = {
        "school": school,
        "found": data_quality(school, request.user, clock_today()),
        "more_schools": schools.count() > 1,
        "whole": school.pk in grants_of(request.user).school_ids(SCHOOL_WIDE),
    }
    return render(request, "attendance/data_quality.html", context)


def own_schools(user: User) -> QuerySet[School]:
    """Where `user` has one of the roles that look at this."""
    return School.objects.filter(pk__in=grants_of(user).school_ids(LOOKS_AT_QUALITY)).order_by("name", "pk")

"""Enrolling a child by hand that comes to school."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from attendance.enrolment_forms import NewPupilForm
from attendance.listings.outcome_texts import outcome_sentences
from attendance.models import Enrolment, Group, Pupil
from attendance.services.arrangement_history import Author, Saved
from attendance.services.destroyed_before import CameBackError, destroyed_at
from attendance.services.new_pupils import enrol_child, known_pupil, look_alikes
from attendance.services.periods import PeriodError, PeriodOverlap
from attendance.services.trying import effect_of_trying
from attendance.views.arrangements import ARRANGES, posted
from attendance.views.confirming import ELSEWHERE
from attendance.views.enrolments import seen_by
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import School


@for_roles(*ARRANGES)
def pupil_add(request: StaffRequest) -> HttpResponse:
    """Enrol a child. One that is known already is recognised, and not made again."""
    today = clock_today()
    schools = School.objects.filter(pk__in=grants_of(request.user).school_ids(ARRANGES)).order_by("name", "brin")
    groups = Group.objects.visible_to(request.user).filter(school__in=schools).order_by("school__name", "name")
    form = NewPupilForm(posted(request), schools=schools, groups=groups, today=today)
    context: dict[str, Any] = {"form": form}
    if form.is_valid():
        try:
            if "confirmed" in request.POST:
                saved = enrol(request, form, today, came_back="came_back" in request.POST)
                messages.success(request, f"{saved.row.pupil.full_name} is ingeschreven op {saved.row.school}.")
                for text in outcome_sentences(saved.outcome):
                    messages.warning(request, text)
                return redirect("attendance:arrangements", code=saved.row.pupil.code)
            if "back" not in request.POST:
                effect_of_trying(lambda: enrol(request, form, today, came_back=True), today=today)
                context |= asked_about(request, form)
        except CameBackError as error:
            context |= asked_about(request, form) | {"is_missed": str(error)}
        except PeriodOverlap as overlap:
            form.add_error(None, str(overlap) if seen_by(request.user)(overlap) else ELSEWHERE)
        except PeriodError as error:
            form.add_error(None, str(error))
    return render(request, "attendance/pupil_add.html", context)


def asked_about(request: StaffRequest, form: NewPupilForm) -> dict[str, Any]:
    """What stands on the page before it is saved."""
    child = form.child
    known = known_pupil(child)
    return {
        "is_asked": True,
        "is_known": known is not None,
        "look_alikes": [] if known else look_alikes(child, Pupil.objects.visible_to(request.user)),
        "destroyed_on": None if known else destroyed_at(child.key, form.cleaned_data["school"]),
    }


def enrol(request: StaffRequest, form: NewPupilForm, today: date, *, came_back: bool) -> Saved[Enrolment]:
    data = form.cleaned_data
    return enrol_child(
        child=form.child,
        school=data["school"],
        place=data["school"],
        group=data["group"],
        first=data["first"],
        author=Author(request.user),
        today=today,
        came_back=came_back,
    )

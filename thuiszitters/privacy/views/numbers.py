"""Persoonsgebonden nummers: turning them on and off, entering and showing one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from attendance.models import Pupil
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.models import School
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.setup_site import reach_of
from thuiszitters.privacy.listings.numbers import schools_with_use
from thuiszitters.privacy.models import PersonNumber
from thuiszitters.privacy.models.numbers import KEEPS_NUMBERS, where_numbers_are_kept
from thuiszitters.privacy.number_forms import NumberForm, RevealForm, TurnOffForm
from thuiszitters.privacy.person_numbers import masked
from thuiszitters.privacy.services.numbers import (
    NumberRefusedError,
    enter_number,
    remove_number,
    reveal_number,
    turn_off,
    turn_on,
)


@for_roles(Role.BEHEERDER)
def number_use(request: StaffRequest) -> HttpResponse:
    """At which schools numbers are kept."""
    return render(request, "privacy/number_use.html", {"lines": schools_with_use(reach_of(request.user).schools)})


def _school(request: StaffRequest, code: UUID) -> School:
    return get_object_or_404(reach_of(request.user).schools, code=code)


@for_roles(Role.BEHEERDER, step_up=True)
@require_POST
def number_use_on(request: StaffRequest, code: UUID) -> HttpResponse:
    """Turn it on for a school."""
    school = _school(request, code)
    turn_on(school=school, by=request.user)
    messages.success(request, f"{school} kan nu persoonsgebonden nummers bijhouden.")
    return redirect("privacy:number_use")


@for_roles(Role.BEHEERDER, step_up=True)
def number_use_off(request: StaffRequest, code: UUID) -> HttpResponse:
    """Turn it off, which destroys what is there: asked first."""
    school = _school(request, code)
    form = TurnOffForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        gone = turn_off(school=school)
        messages.success(request, f"{school} houdt geen nummers meer bij. Gewist: {gone}.")
        return redirect("privacy:number_use")
    lines = schools_with_use(reach_of(request.user).schools.filter(pk=school.pk))
    context = {"school": school, "form": form, "line": lines[0]}
    return render(request, "privacy/number_use_off.html", context, status=400 if form.is_bound else 200)


def _place(request: StaffRequest, code: UUID) -> tuple[Pupil, School]:
    """The pupil, and the school of the reader that keeps their number; 404 where none is kept."""
    pupil = get_object_or_404(Pupil.objects.visible_to(request.user), code=code)
    school = where_numbers_are_kept(pupil, request.user)
    if school is None:
        raise Http404
    return pupil, school


def _page(request: StaffRequest, pupil: Pupil, school: School, *, status: int = 200, **extra: Any) -> HttpResponse:
    number = PersonNumber.objects.visible_to(request.user).filter(pupil=pupil, school=school).first()
    context = {
        "pupil": pupil,
        "school": school,
        "number": number,
        "masked": masked(number.value) if number else "",
        "form": NumberForm(),
        "reveal_form": RevealForm(),
        **extra,
    }
    return render(request, "privacy/number.html", context, status=status)


@for_roles(*KEEPS_NUMBERS)
def number(request: StaffRequest, code: UUID) -> HttpResponse:
    """The number of a pupil, masked; and entering it."""
    pupil, school = _place(request, code)
    if request.method != "POST":
        return _page(request, pupil, school)
    form = NumberForm(request.POST)
    if not form.is_valid():
        return _page(request, pupil, school, status=400, form=NumberForm(), refusal=form.errors["number"][0])
    try:
        enter_number(pupil=pupil, school=school, typed=form.cleaned_data["number"], by=request.user)
    except NumberRefusedError as refusal:
        return _page(request, pupil, school, status=400, refusal=str(refusal))
    messages.success(request, "Het nummer is bewaard.")
    return redirect("privacy:number", code=code)


@for_roles(*KEEPS_NUMBERS, step_up=True)
@require_POST
def number_reveal(request: StaffRequest, code: UUID) -> HttpResponse:
    """Show the digits once, with a reason that stands in the log."""
    pupil, school = _place(request, code)
    form = RevealForm(request.POST)
    if not form.is_valid():
        return _page(request, pupil, school, status=400, reveal_form=form)
    row = get_object_or_404(PersonNumber.objects.visible_to(request.user), pupil=pupil, school=school)
    return _page(request, pupil, school, shown=reveal_number(number=row, why=form.cleaned_data["why"]))


@for_roles(*KEEPS_NUMBERS)
@require_POST
def number_remove(request: StaffRequest, code: UUID) -> HttpResponse:
    """Take the number away."""
    pupil, school = _place(request, code)
    remove_number(number=get_object_or_404(PersonNumber.objects.visible_to(request.user), pupil=pupil, school=school))
    messages.success(request, "Het nummer is gewist.")
    return redirect("privacy:number", code=code)

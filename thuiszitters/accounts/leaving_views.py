"""The beheerder says that somebody leaves: first what happens, then the one button."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.dutch_dates import full_date
from thuiszitters.accounts.leaving_forms import LeavingForm
from thuiszitters.accounts.listings.leaving import departures_within, memberships_within, people_within
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.services.leaving import leave, preview


@for_roles(Role.BEHEERDER)
def leaving_list(request: StaffRequest) -> HttpResponse:
    """Who leaves or left, and what was let go of."""
    context = {"departures": departures_within(request.user)[:50]}
    return render(request, "accounts/leaving_list.html", context)


@for_roles(Role.BEHEERDER, step_up=True)
def leaving(request: StaffRequest, code: UUID) -> HttpResponse:
    """What happens when this person leaves on a day; and the button that does it."""
    person = get_object_or_404(people_within(request.user), code=code)
    ending = memberships_within(request.user).filter(user=person)
    today, now = clock_today(), timezone.now()
    if not ending.filter(Q(last__isnull=True) | Q(last__gte=today)).exists():
        raise Http404  # gone from here already: what they have open elsewhere is not ours to end
    form = LeavingForm(request.POST if request.method == "POST" else None, today=today)
    day = form.cleaned_data["from_day"] if form.is_valid() else today
    if form.is_bound and form.is_valid() and "vertrekt" in request.POST:
        leave(user=person, ending=ending, from_day=day, by=request.user, today=today, now=now)
        when = "per direct" if day == today else f"vanaf {full_date(day)}"
        messages.success(request, f"{person} heeft {when} geen toegang meer bij jouw organisatie.")
        return redirect("accounts:leaving_list")
    context = {
        "person": person,
        "roles": ending.current(today).select_related("school", "alliance"),
        "form": form,
        "day": day,
        "at_once": day == today,
        "lines": preview(user=person, ending=ending, day=day, now=now),
    }
    return render(request, "accounts/leaving.html", context)

"""From which share of missed time on overviews name a pupil."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from attendance.models.bands import DEFAULT_BANDS, bands_of
from attendance.norm_forms import BandsForm
from attendance.services.bands import clear_bands, own_bands, set_bands
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.models import School
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.setup_site import reach_of


@for_roles(Role.BEHEERDER)
def absence_bands(request: StaffRequest, code: UUID) -> HttpResponse:
    """Of a school or an alliance: its own bands, or those that hold above it."""
    reach = reach_of(request.user)
    place = reach.alliances.filter(code=code).first() or get_object_or_404(reach.schools, code=code)
    own = own_bands(place)
    holds = own or (bands_of(place) if isinstance(place, School) else DEFAULT_BANDS)
    if request.method == "POST" and "clear" in request.POST:
        clear_bands(place=place)
        messages.success(request, f"{place} heeft geen eigen grenzen meer.")
        return redirect("attendance:set_up")
    form = BandsForm(request.POST if request.method == "POST" else None, initial=holds._asdict())
    if form.is_valid():
        set_bands(place=place, bands=form.bands())
        messages.success(request, f"Opgeslagen: de grenzen van {place}.")
        return redirect("attendance:set_up")
    context = {"place": place, "form": form, "has_own": own is not None, "is_school": isinstance(place, School)}
    return render(request, "attendance/absence_bands.html", context)

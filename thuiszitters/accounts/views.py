"""Pages about people and what they looked at."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import render

from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.forms import ReadsForm
from thuiszitters.accounts.listings.reads import people_watched_by, reads_between, reads_by_person, reads_visible_to
from thuiszitters.accounts.roles import Role

PAGE_SIZE = 50


@for_roles(Role.FG)
def read_log(request: StaffRequest) -> HttpResponse:
    """Who opened which file when, in the own organisation. A pupil is a short code: the FG sees logs, no files."""
    today, template = clock_today(), "accounts/read_log.html"
    reads = reads_visible_to(request.user)
    if request.htmx:
        return render(request, f"{template}#part", {"people": reads_by_person(reads, today)})
    form = ReadsForm(request.GET, people=people_watched_by(request.user), today=today)
    valid = form.is_valid()
    asked = form.cleaned_data
    found = reads.none()
    if valid:
        found = reads_between(reads, asked["van"], asked["tot"], person=asked["wie"], pupil=asked["leerling"])
    query = request.GET.copy()
    query.pop("bladzijde", None)
    context = {
        "form": form,
        "asked": asked,
        "page": Paginator(found, PAGE_SIZE).get_page(request.GET.get("bladzijde")),
        "query": query.urlencode(),
    }
    return render(request, template, context)

"""Pages about people and what they did."""

from __future__ import annotations

import csv
from io import StringIO

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.forms import LogForm
from thuiszitters.accounts.listings.log_lines import HEADER, lines_of
from thuiszitters.accounts.listings.log_pages import page_of
from thuiszitters.accounts.listings.reads import (
    ONE_DAY,
    WEEK,
    alerts_of_last_week,
    answer,
    entries_visible_to,
    people_watched_by,
    reads_by_person,
    reads_visible_to,
)
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.spreadsheets import safe_cell
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record

MOST_ROWS = 20_000
"""In one file; who needs more asks for a shorter period."""


@for_roles(Role.FG)
def read_log(request: StaffRequest) -> HttpResponse:
    """Who did what and when, in the own organisation. A pupil is a short code: the FG sees logs, no files."""
    today, template = clock_today(), "accounts/read_log.html"
    if request.htmx:
        people = reads_by_person(reads_visible_to(request.user), today)
        return render(request, f"{template}#part", {"people": people})
    form = LogForm(request.GET, people=people_watched_by(request.user), today=today)
    entries = entries_visible_to(request.user)
    found = answer(entries, form.question()) if form.is_valid() else entries.none()
    page = page_of(found, request.GET.get("bladzijde", ""))
    query = request.GET.copy()
    query.pop("bladzijde", None)
    context = {
        "form": form,
        "asked": form.cleaned_data,
        "page": page,
        "lines": lines_of(page.entries),
        "query": query.urlencode(),
        "most": MOST_ROWS,
        "alerts": alerts_of_last_week(request.user, today),
        "alerts_from": today - WEEK + ONE_DAY,
    }
    return render(request, template, context)


@for_roles(Role.FG, step_up=True)
def log_file(request: StaffRequest) -> HttpResponse:
    """The same selection as a CSV file. That it was made stands in the log too."""
    form = LogForm(request.GET, people=people_watched_by(request.user), today=clock_today())
    if not form.is_valid():
        # The page itself says what cannot be, beside the field.
        return redirect(reverse("accounts:read_log", query=request.GET))
    lines = lines_of(answer(entries_visible_to(request.user), form.question())[:MOST_ROWS])
    text = StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(HEADER)
    writer.writerows([safe_cell(cell) for cell in line.cells()] for line in lines)
    record(Kind.EXPORT, "logboek", detail={"vorm": "csv", "rijen": len(lines)})
    headers = {"Content-Disposition": 'attachment; filename="logboek.csv"'}
    return HttpResponse("\ufeff" + text.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)

"""What an import came to, and undoing it."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django_htmx.http import HttpResponseClientRefresh

from attendance.importing.jobs import ask_undo
from attendance.listings.imports import (
    kind_in_words,
    page_of_kept,
    page_of_refused,
    reports_opened_by,
    to_undo,
    undo_progress,
)
from attendance.models import FileUpload, RegisterImport
from attendance.views.imports import IMPORTS, NO_CONTENT
from thuiszitters.accounts.access import StaffRequest, for_roles


@for_roles(*IMPORTS)
def import_report(request: StaffRequest, code: UUID) -> HttpResponse:
    """Counts, who and when; for some days the rows that did not go in; after undoing, what stayed."""
    report = visible_report(request, code)
    if report.undo_started_at and not report.undone_at:
        return being_undone(request, report)
    if request.htmx:
        return HttpResponseClientRefresh()
    upload = FileUpload.objects.visible_to(request.user).filter(register_import=report).first()
    number = request.GET.get("bladzijde", "")
    context = {
        "report": report,
        "kind": kind_in_words(report.kind),
        "upload": upload,
        "page": page_of_refused(upload, number) if upload and not report.undone_at else None,
        "kept": page_of_kept(report, number) if report.undone_at else None,
        "can_undo": not report.undone_at and to_undo(report).possible,
    }
    return render(request, "attendance/imports/import_report.html", context)


def being_undone(request: StaffRequest, report: RegisterImport) -> HttpResponse:
    """How far undoing is; to a page that knows that already: nothing."""
    progress = undo_progress(report)
    if request.htmx and request.GET.get("stand") == progress.stand:
        return HttpResponse(status=NO_CONTENT)
    template = "attendance/imports/import_undoing.html"
    context = {"report": report, "progress": progress, "kind": kind_in_words(report.kind)}
    return render(request, f"{template}#progress" if request.htmx else template, context)


@for_roles(*IMPORTS)
def import_undo(request: StaffRequest, code: UUID) -> HttpResponse:
    """What undoing would take back; and doing it, by a job."""
    report = visible_report(request, code)
    found = to_undo(report)
    if report.undo_started_at or not found.possible:
        return redirect("attendance:import_report", code=report.code)
    if request.method == "POST":
        ask_undo(report=report, by=request.user)
        messages.success(request, "Deze import wordt ongedaan gemaakt.")
        return redirect("attendance:import_report", code=report.code)
    context = {"report": report, "found": found, "kind": kind_in_words(report.kind)}
    return render(request, "attendance/imports/import_undo.html", context)


def visible_report(request: StaffRequest, code: UUID) -> RegisterImport:
    return get_object_or_404(reports_opened_by(request.user), code=code)

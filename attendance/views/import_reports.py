"""What an import came to."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from attendance.listings.imports import kind_in_words, page_of_refused, reports_opened_by
from attendance.models import FileUpload
from attendance.views.imports import IMPORTS
from thuiszitters.accounts.access import StaffRequest, for_roles


@for_roles(*IMPORTS)
def import_report(request: StaffRequest, code: UUID) -> HttpResponse:
    """Counts, who and when, and for some days the rows that did not go in."""
    report = get_object_or_404(reports_opened_by(request.user), code=code)
    upload = FileUpload.objects.visible_to(request.user).filter(register_import=report).first()
    context = {
        "report": report,
        "kind": kind_in_words(report.kind),
        "upload": upload,
        "page": page_of_refused(upload, request.GET.get("bladzijde", "")) if upload else None,
    }
    return render(request, "attendance/imports/import_report.html", context)

"""Files into the register: send, say what the columns are, look at what it would do, import."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from attendance.importing.refused_lines import refused_csv, refused_xlsx
from attendance.importing.uploads import (
    UploadError,
    cancel_upload,
    choose_columns,
    mapping_for,
    receive_upload,
    start_import,
)
from attendance.listings.imports import (
    kinds_for,
    last_complete_day,
    page_of_refused,
    page_of_reports,
    progress_of,
    schools_for,
)
from attendance.models import FileUpload
from attendance.models.uploads import Status
from attendance.upload_forms import ColumnsForm, StartForm, UploadForm, too_large
from attendance.upload_limit import is_too_large
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record

IMPORTS = (Role.ADMINISTRATIE, Role.COO, Role.BEHEERDER)
NO_CONTENT = 204
FORMATS = {
    "csv": (refused_csv, "text/csv; charset=utf-8"),
    "xlsx": (refused_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@for_roles(*IMPORTS)
def import_list(request: StaffRequest) -> HttpResponse:
    """What is on its way in, and what came in when."""
    page, lines = page_of_reports(request.user, request.GET.get("bladzijde", ""))
    waiting = FileUpload.objects.visible_to(request.user).open().select_related("school", "by")
    context = {"waiting": waiting, "page": page, "lines": lines}
    return render(request, "attendance/imports/import_list.html", context)


@for_roles(*IMPORTS)
def import_upload(request: StaffRequest) -> HttpResponse:
    """Send a file. It is looked through by a job; nothing goes in yet."""
    today, schools = clock_today(), schools_for(request.user)
    posted = request.method == "POST"
    form = UploadForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        kinds=kinds_for(request.user),
        schools=schools,
        today=today,
        initial={"through": last_complete_day(schools, today)},
    )
    if posted and is_too_large(request):
        form.errors["file"] = form.error_class([too_large()])
    elif form.is_valid():
        upload = receive_upload(
            file=form.cleaned_data["file"],
            kind=form.cleaned_data["kind"],
            school=form.chosen_school(),
            meaning=form.meaning(),
            form_key=form.cleaned_data["form_key"],
            by=request.user,
        )
        return redirect("attendance:import_detail", code=upload.code)
    status = 400 if posted else 200
    return render(request, "attendance/imports/import_upload.html", {"form": form}, status=status)


@for_roles(*IMPORTS)
def import_detail(request: StaffRequest, code: UUID) -> HttpResponse:
    """How a file stands: in the hands of a job, waiting for somebody, or at its end."""
    upload = visible_upload(request, code)
    if upload.in_a_job:
        return in_a_job(request, upload)
    if request.htmx:
        return HttpResponseClientRefresh()
    if upload.status == Status.TO_MAP:
        return redirect("attendance:import_columns", code=upload.code)
    if upload.status == Status.DONE and upload.register_import:
        return redirect("attendance:import_report", code=upload.register_import.code)
    context = {"upload": upload, "page": page_of_refused(upload, request.GET.get("bladzijde", ""))}
    name = "import_preview" if upload.status == Status.CHECKED else "import_stopped"
    return render(request, f"attendance/imports/{name}.html", context)


def in_a_job(request: StaffRequest, upload: FileUpload) -> HttpResponse:
    """How far it is; to a page that knows that already: nothing."""
    progress = progress_of(upload)
    if request.htmx and request.GET.get("stand") == progress.stand:
        return HttpResponse(status=NO_CONTENT)
    template = "attendance/imports/import_progress.html"
    context = {"upload": upload, "progress": progress}
    return render(request, f"{template}#progress" if request.htmx else template, context)


@for_roles(*IMPORTS)
def import_columns(request: StaffRequest, code: UUID) -> HttpResponse:
    """Say which column of the file is which of ours. Remembered for the next file."""
    upload = visible_upload(request, code)
    columns = upload.found.get("columns")
    if upload.status not in {Status.TO_MAP, Status.CHECKED} or not columns or columns["fixed"]:
        return redirect("attendance:import_detail", code=upload.code)
    form = ColumnsForm(
        request.POST if request.method == "POST" else None,
        names=[column["name"] for column in upload.columns],
        known=columns["choices"],
        required=columns["required"],
        chosen={**columns["recognised"], **mapping_for(upload)},
    )
    if form.is_valid():
        try:
            choose_columns(upload=upload, columns=form.columns(), by=request.user)
        except UploadError as error:
            messages.warning(request, str(error))
        return redirect("attendance:import_detail", code=upload.code)
    rows = [(column, form[f"column-{place}"]) for place, column in enumerate(upload.columns)]
    context = {"upload": upload, "form": form, "rows": rows, "columns": columns}
    return render(request, "attendance/imports/import_columns.html", context, status=400 if form.is_bound else 200)


@for_roles(*IMPORTS)
@require_POST
def import_start(request: StaffRequest, code: UUID) -> HttpResponse:
    """Import what was looked at."""
    upload = visible_upload(request, code)
    form = StartForm(request.POST)
    form.full_clean()
    may_withdraw = form.cleaned_data.get("withdraw")
    if upload.found.get("must_ask") and may_withdraw is None:
        messages.warning(request, "Kies eerst wat er gebeurt met het verzuim dat niet in het bestand staat.")
        return redirect("attendance:import_detail", code=upload.code)
    try:
        start_import(
            upload=upload,
            may_move_through=form.cleaned_data["move_through"],
            may_withdraw=may_withdraw,
        )
    except UploadError as error:
        messages.warning(request, str(error))
    return redirect("attendance:import_detail", code=upload.code)


@for_roles(*IMPORTS)
@require_POST
def import_cancel(request: StaffRequest, code: UUID) -> HttpResponse:
    """Stop before anything went in."""
    upload = visible_upload(request, code)
    try:
        cancel_upload(upload=upload)
    except UploadError as error:
        messages.warning(request, str(error))
        return redirect("attendance:import_detail", code=upload.code)
    messages.success(request, "Gestopt. Er is niets ingelezen en het bestand is gewist.")
    return redirect("attendance:import_list")


@for_roles(*IMPORTS, step_up=True)
def import_refused(request: StaffRequest, code: UUID, form: str) -> HttpResponse:
    """The refused rows with why, to be mended and uploaded again."""
    upload = visible_upload(request, code)
    if form not in FORMATS or not upload.refused_lines.exists():
        raise Http404
    write, content_type = FORMATS[form]
    rows = upload.refused_lines.count()
    record(Kind.EXPORT, "geweigerde rijen", row=upload.code, detail={"vorm": form, "rijen": rows})
    return HttpResponse(
        write(upload),
        content_type=content_type,
        headers={"Content-Disposition": f'attachment; filename="geweigerd-{upload.get_kind_display()}.{form}"'},
    )


def visible_upload(request: StaffRequest, code: UUID) -> FileUpload:
    rows = FileUpload.objects.visible_to(request.user).select_related("school", "by", "register_import")
    return get_object_or_404(rows, code=code)

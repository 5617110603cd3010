"""Looking at attendance: one pupil over a year, a class or school over time."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse

from attendance.charts import draw, on_page
from attendance.listings.absence_charts import NAMES, chart_of, charts_of
from attendance.listings.absence_picture import Subject, groups_with_pupils, picture_of, schools_looked_at
from attendance.listings.attendance_page import attendance_page
from attendance.models import Enrolment, Group, Pupil
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.data_classes import DataClass
from thuiszitters.accounts.read_log import log_read
from thuiszitters.accounts.roles import SEES_PUPILS, Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record

LOOKS = (Role.MENTOR, Role.COO, Role.ZORGCOACH, Role.SCHOOLLEIDER, Role.ADMINISTRATIE)


@for_roles(*SEES_PUPILS, reads=True)
def pupil_attendance(request: StaffRequest, code: UUID, year: date | None = None) -> HttpResponse:
    """A pupil's attendance over a school year. Opening it is logged."""
    pupil = get_object_or_404(Pupil.objects.visible_to(request.user).select_related("municipality"), code=code)
    log_read(request, "schooljaar", pupil.code, of=DataClass.FACTS)
    page = attendance_page(pupil, request.user, clock_today(), year)
    if year is not None and page.year not in page.years:
        raise Http404
    return render(request, "attendance/pupil_attendance.html", {"page": page, "today": clock_today()})


@for_roles(*LOOKS)
def picture_list(request: StaffRequest) -> HttpResponse:
    """The classes and schools that can be looked at."""
    schools = schools_looked_at(request.user)
    groups = groups_with_pupils(Group.objects.visible_to(request.user), clock_today())
    context = {"schools": schools, "groups": groups}
    return render(request, "attendance/pictures.html", context)


@for_roles(*LOOKS)
def picture_of_group(request: StaffRequest, code: UUID) -> HttpResponse:
    """A class: trend, weekdays, distribution, and who missed much."""
    return show(request, subject_of_group(request, code))


@for_roles(*LOOKS)
def picture_of_school(request: StaffRequest, code: UUID) -> HttpResponse:
    """The same of a whole school."""
    return show(request, subject_of_school(request, code))


@for_roles(*LOOKS)
def chart_of_group(request: StaffRequest, code: UUID, name: str) -> HttpResponse:
    """One chart of a class as a file."""
    return chart_file(subject_of_group(request, code), name)


@for_roles(*LOOKS)
def chart_of_school(request: StaffRequest, code: UUID, name: str) -> HttpResponse:
    """One chart of a school as a file."""
    return chart_file(subject_of_school(request, code), name)


def subject_of_group(request: StaffRequest, code: UUID) -> Subject:
    group = get_object_or_404(Group.objects.visible_to(request.user).select_related("school"), code=code)
    rows = Enrolment.objects.visible_to(request.user).filter(group=group)
    return Subject(f"{group}, {group.school}", "group", group.code, group.school, rows)


def subject_of_school(request: StaffRequest, code: UUID) -> Subject:
    school = get_object_or_404(schools_looked_at(request.user), code=code)
    rows = Enrolment.objects.visible_to(request.user).filter(place=school)
    return Subject(str(school), "school", school.code, school, rows)


def show(request: StaffRequest, subject: Subject) -> HttpResponse:
    picture = picture_of(subject, clock_today())
    charts = [
        {
            "title": chart.title,
            "summary": chart.summary,
            "columns": chart.columns,
            "rows": chart.rows,
            "svg": on_page(draw(values=chart.values, x_title=chart.x_title, y_title=chart.y_title)),
            "file": reverse(f"attendance:chart_of_{subject.kind}", args=(subject.code, chart.name)),
        }
        for chart in charts_of(picture)
    ]
    context = {"subject": subject, "picture": picture, "charts": charts, "bands": picture.by_band()}
    return render(request, "attendance/picture.html", context)


def chart_file(subject: Subject, name: str) -> HttpResponse:
    """Numbers only, and no names: a chart may be put in a report."""
    picture = picture_of(subject, clock_today())
    if name not in NAMES or not picture.weeks:
        raise Http404
    chart = chart_of(picture, name)
    answer = HttpResponse(
        draw(values=chart.values, x_title=chart.x_title, y_title=chart.y_title), content_type="image/svg+xml"
    )
    detail = {"vorm": "svg", "van": subject.kind, "grafiek": chart.name}
    record(Kind.EXPORT, "grafiek", row=subject.code, detail=detail)
    answer["Content-Disposition"] = f'attachment; filename="{chart.name}.svg"'
    return answer

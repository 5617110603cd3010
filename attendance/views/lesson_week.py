"""The mentor's week of a class in VO: lessons missed, reasons that are not known, lessons that nobody took."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from attendance.lesson_forms import LessonReasonForm
from attendance.listings.day_marks import LEGEND
from attendance.listings.lesson_week import lesson_week
from attendance.listings.outcome_texts import outcome_sentences
from attendance.listings.reasons import reasons
from attendance.models import Absence, Group, Pupil
from attendance.services.absences import AbsenceError, change_absence, content_of
from attendance.services.crossings import Outcome
from attendance.services.lessons import UNKNOWN, give_reason
from attendance.views.lessons import KEEPS_REGISTERS, visible_group
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today

SHOWN = {"missed", "part", "present", "none", "unknown"}


@for_roles(*KEEPS_REGISTERS)
def lesson_week_detail(request: StaffRequest, code: UUID, day: date) -> HttpResponse:
    """The week with `day` in it."""
    group = visible_group(request, code, day)
    today = clock_today()
    page = lesson_week(group, monday_of(day), today)
    known = reasons()
    context = {
        "page": page,
        "reasons": LessonReasonForm(reasons=known).fields["reason"].choices,  # type: ignore[attr-defined]
        "legend": [row for row in LEGEND if row[0] in SHOWN],
        "today": today,
    }
    return render(request, "attendance/lesson_week.html", context)


@for_roles(*KEEPS_REGISTERS)
@require_POST
def lesson_reason(request: StaffRequest, code: UUID, day: date) -> HttpResponse:
    """Why a pupil was absent, where that was not known."""
    group = visible_group(request, code, day)
    form = LessonReasonForm(request.POST, reasons=reasons())
    back = reverse("attendance:lesson_week", kwargs={"code": group.code, "day": monday_of(day)})
    if not form.is_valid():
        messages.error(request, "Nog niet opgeslagen: kies een reden.")
        return redirect(back)
    pupil = get_object_or_404(Pupil.objects.visible_to(request.user), code=form.cleaned_data["pupil"])
    try:
        outcome = store_reason(request, group, pupil, form)
    except AbsenceError as error:
        messages.error(request, str(error))
        return redirect(back)
    messages.success(request, f"Opgeslagen: {pupil.first_name}, {form.chosen_reason().label.lower()}.")
    for sentence in outcome_sentences(outcome):
        messages.warning(request, sentence)
    return redirect(back)


def store_reason(request: StaffRequest, group: Group, pupil: Pupil, form: LessonReasonForm) -> Outcome:
    """Give the reason to the record, or to the lessons of the day. Raises AbsenceError."""
    today, reason = clock_today(), form.chosen_reason()
    if not form.cleaned_data["record"]:
        return give_reason(
            group=group, day=form.cleaned_data["day"], pupil_id=pupil.pk, reason=reason, by=request.user, today=today
        )
    rows = Absence.objects.visible_to(request.user).standing().select_related("reason__maps_to")
    absence = get_object_or_404(rows, code=form.cleaned_data["record"], pupil=pupil)
    content = content_of(absence)
    if (content.reason.maps_to or content.reason).code != UNKNOWN:
        raise AbsenceError(f"Iemand anders gaf intussen een reden: {content.described(today)}.")
    content = replace(content, reason=reason)
    return change_absence(absence=absence, content=content, by=request.user, today=today).outcome


def monday_of(day: date) -> date:
    """The Monday of the week of `day`."""
    return day - timedelta(days=day.weekday())

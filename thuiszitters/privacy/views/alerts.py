"""What was out of the ordinary in who opened what, and the judgement about that."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.roles import Role
from thuiszitters.privacy.alert_forms import AlertForm
from thuiszitters.privacy.listings.alerts import (
    alerts_visible_to,
    judged_lines,
    open_lines,
    picture_of,
    pupils_shown,
    to_judge,
)
from thuiszitters.privacy.models import Alert
from thuiszitters.privacy.services.alerts import AlertRefusedError, judge_alert


@for_roles(Role.FG, Role.SCHOOLLEIDER)
def alert_list(request: StaffRequest) -> HttpResponse:
    """What waits for a judgement, and what was judged."""
    context = {"open": open_lines(request.user), "number": to_judge(request.user).count()}
    template = "privacy/alerts.html"
    if request.htmx:
        return render(request, f"{template}#part", context)
    return render(request, template, context | {"judged": judged_lines(request.user)})


@for_roles(Role.FG, Role.SCHOOLLEIDER)
def alert_detail(request: StaffRequest, code: UUID) -> HttpResponse:
    """What was seen, about whom, and the lines of the log that it rests on."""
    alert = get_object_or_404(alerts_visible_to(request.user), code=code)
    return _detail(request, alert, AlertForm(initial={"seen": _shown(request, alert)}))


def _shown(request: StaffRequest, alert: Alert) -> int:
    # Of an outsider's alert each sees the own pupils alone.
    return pupils_shown([alert], request.user).get(alert.pk, alert.pupils)


def _detail(request: StaffRequest, alert: Alert, form: AlertForm, status: int = 200) -> HttpResponse:
    context = {"picture": picture_of(alert, request.user), "alert": alert, "form": form}
    return render(request, "privacy/alert.html", context, status=status)


@for_roles(Role.FG, Role.SCHOOLLEIDER)
@require_POST
def alert_judge(request: StaffRequest, code: UUID) -> HttpResponse:
    """Say what you think of it, and why."""
    alert = get_object_or_404(alerts_visible_to(request.user), code=code)
    form = AlertForm(request.POST)
    if not form.is_valid():
        return _detail(request, alert, form, status=400)
    answers = form.cleaned_data
    if answers["seen"] == _shown(request, alert):
        answers["seen"] = alert.pupils
    try:
        judge_alert(alert=alert, **answers, by=request.user, now=timezone.now())
    except AlertRefusedError as refusal:
        messages.error(request, str(refusal))
        return redirect("privacy:alert_detail", code=code)
    messages.success(request, "Je oordeel is opgeslagen.")
    return redirect("privacy:alert_list")

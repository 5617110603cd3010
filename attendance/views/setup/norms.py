"""The norms of an alliance: what holds when, and what comes next."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.db.models.query import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from attendance.engine.facts import Rule
from attendance.facts import norms_of
from attendance.listings.norm_versions import norms_of_alliance, sentence_of
from attendance.listings.set_up import places_of
from attendance.listings.set_up_effect import effect_of_norms
from attendance.models import NormRow
from attendance.models.calendar import RULE_LABELS
from attendance.norm_forms import NextNormForm
from attendance.services.norms import (
    NormError,
    own_versions,
    set_next_norm,
    source_of,
    with_next,
    withdraw_next_norm,
    without_last,
)
from attendance.services.seen import ChangedMeanwhileError, mark_of_norms
from attendance.tasks import last_finished_day
from attendance.views.setup.asked import Told, is_confirmed, seen_of, wants_to_change
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.models import Alliance
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.setup_site import reach_of


@for_roles(Role.BEHEERDER)
def norms_of_everybody(request: StaffRequest) -> HttpResponse:
    """The norms where no alliance has its own. To read."""
    context = {"alliance": None, "rules": norms_of_alliance(None, clock_today()), "may_change": False}
    return render(request, "attendance/norms.html", context)


@for_roles(Role.BEHEERDER)
def norms(request: StaffRequest, code: UUID) -> HttpResponse:
    """Of an alliance, or of that of the own school: each rule with what holds now, held before and comes."""
    reach = reach_of(request.user)
    found = [row for row in places_of(reach.schools, reach.alliances).alliances if row.code == code]
    if not found:
        raise Http404
    context = {
        "alliance": found[0],
        "rules": norms_of_alliance(found[0], clock_today()),
        "may_change": reach.alliances.filter(pk=found[0].pk).exists(),
    }
    return render(request, "attendance/norms.html", context)


@for_roles(Role.BEHEERDER)
def norm_next(request: StaffRequest, code: UUID, rule: str) -> HttpResponse:
    """From a date on another norm; first with its effect."""
    alliance, kind = get_object_or_404(alliances_of(request), code=code), rule_named(rule)
    today, rows = clock_today(), own_versions(alliance, kind)
    now = norms_of([alliance.pk])[alliance.pk].on(kind, today)
    form = NextNormForm(
        request.POST if request.method == "POST" else None,
        rule=kind,
        today=today,
        has_own=bool(rows),
        initial=NextNormForm.initial_of(now, source_of(now)),
    )
    told = None
    if form.is_valid() and not wants_to_change(request):
        values, valid_from, again = form.values(), form.cleaned_data["valid_from"], False
        try:
            if is_confirmed(request):
                set_next_norm(alliance=alliance, rule=kind, valid_from=valid_from, values=values, seen=seen_of(request))
                messages.success(request, f"Opgeslagen: {RULE_LABELS[kind]}. De leerlingen worden opnieuw geteld.")
                return redirect("attendance:norms", code=code)
        except ChangedMeanwhileError:
            again, rows = True, own_versions(alliance, kind)
        except NormError as error:
            form.add_error("valid_from", str(error))
        if form.is_valid():
            try:
                after = with_next(rows, alliance=alliance, rule=kind, valid_from=valid_from, values=values)
            except NormError as error:
                form.add_error("valid_from", str(error))
            else:
                told = told_of(alliance, kind, after, again=again)
    context = {
        "alliance": alliance,
        "rule": kind,
        "label": RULE_LABELS[kind],
        "form": form,
        "now": sentence_of(now) if now else None,
        "told": told,
        "in_past": told is not None and form.cleaned_data["valid_from"] <= today,
    }
    return render(request, "attendance/norm_next.html", context)


@for_roles(Role.BEHEERDER)
def norm_withdraw(request: StaffRequest, code: UUID, rule: str) -> HttpResponse:
    """The version that was to come does not come; first with its effect."""
    alliance, kind = get_object_or_404(alliances_of(request), code=code), rule_named(rule)
    today, again = clock_today(), False
    if request.method == "POST":
        try:
            withdraw_next_norm(alliance=alliance, rule=kind, today=today, seen=seen_of(request))
        except ChangedMeanwhileError:
            again = True
        except NormError as error:
            messages.error(request, str(error))
            return redirect("attendance:norms", code=code)
        else:
            messages.success(request, f"Ingetrokken: de volgende norm voor {RULE_LABELS[kind]} komt niet.")
            return redirect("attendance:norms", code=code)
    try:
        after = without_last(own_versions(alliance, kind), today=today)
    except NormError as error:
        raise Http404 from error
    context = {
        "alliance": alliance,
        "label": RULE_LABELS[kind],
        "told": told_of(alliance, kind, after, again=again),
    }
    return render(request, "attendance/norm_withdraw.html", context)


def told_of(alliance: Alliance, rule: Rule, after: list[NormRow], *, again: bool) -> Told:
    seen = mark_of_norms(alliance)
    effect = effect_of_norms(alliance, rule, after, today=clock_today(), finished=last_finished_day())
    return Told(effect, seen, again)


def alliances_of(request: StaffRequest) -> QuerySet[Alliance]:
    """The alliances of which this user sets the norms."""
    return reach_of(request.user).alliances


def rule_named(name: str) -> Rule:
    try:
        return Rule(name)
    except ValueError as error:
        raise Http404 from error

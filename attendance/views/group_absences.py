"""One absence for a group: choosing classes and a period, the list of pupils with what happens, and taking it back."""

from __future__ import annotations

from datetime import date
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from attendance.absence_forms import GroupAbsenceForm, TickedForm, WhyForm
from attendance.listings.group_plan import GroupPlan, group_plan, taking_back
from attendance.listings.outcome_texts import outcome_sentences
from attendance.listings.reasons import reasons
from attendance.models import Group, GroupAbsence
from attendance.services.absences import AbsenceError
from attendance.services.crossings import Outcome
from attendance.services.group_absences import record_group, records_to_take_back, take_back_group
from attendance.views.absences import ENTERS_ABSENCE
from thuiszitters.accounts.access import StaffRequest, for_roles
from thuiszitters.accounts.clock import today as clock_today

ELSEWHERE = "elders"
RECENT = 5


@for_roles(*ENTERS_ABSENCE)
def group_absence_add(request: StaffRequest) -> HttpResponse:
    """An excursion, a work placement or leave for classes at once: chosen, then shown pupil by pupil, then saved."""
    today = clock_today()
    groups = list(Group.objects.visible_to(request.user).select_related("school").order_by("school__name", "name"))
    form = GroupAbsenceForm(
        request.POST if request.method == "POST" else None,
        groups=groups,
        reasons=reasons(),
        today=today,
        initial={"first": today, "last": today, "reason": ELSEWHERE, "groups": only_one(groups)},
    )
    plan, ticks = None, None
    if form.is_valid():
        plan = group_plan(form.chosen_groups(), form.content(), request.user, today)
        if "back" in request.POST:
            form, plan = going_back(request, form, plan), None
        elif "confirmed" in request.POST:
            ticks = TickedForm(request.POST, codes=[str(line.pupil.code) for line in plan.fitting])
            if (saved := save(request, form, ticks, plan, today)) is not None:
                return redirect("attendance:group_absence", code=saved.code)
            # Somebody may just have recorded something in between: then the list is another.
            plan = group_plan(form.chosen_groups(), form.content(), request.user, today)
    context = {
        "form": form,
        "groups": groups,
        "plan": plan,
        "lines": lines_of(request, form, plan, ticks),
        "ticks": ticks,
        "key": request.POST.get("key") or uuid4(),
        "earlier": GroupAbsence.objects.visible_to(request.user)
        .filter(entered_by=request.user)
        .select_related("reason")[:RECENT],
    }
    return render(request, "attendance/group_absence_form.html", context)


@for_roles(*ENTERS_ABSENCE)
def group_absence(request: StaffRequest, code: UUID) -> HttpResponse:
    """Who was reported absent together, and taking that back as one."""
    group = get_object_or_404(
        GroupAbsence.objects.visible_to(request.user).select_related("reason", "entered_by", "withdrawn_by"), code=code
    )
    today = clock_today()
    records, changed = records_to_take_back(group)
    told = taking_back(records, request.user, today)
    why = WhyForm(request.POST if request.method == "POST" else None, required=bool(told))
    if why.is_bound and not records:
        messages.info(request, "Er was niets meer om terug te nemen.")
        return redirect("attendance:group_absence", code=group.code)
    if why.is_bound and why.is_valid():
        done = take_back_group(group=group, by=request.user, today=today, why=why.cleaned_data["why"])
        number = len(done.withdrawn)
        messages.success(request, f"Teruggenomen bij {number} {'leerling' if number == 1 else 'leerlingen'}.")
        tell(request, done.outcome)
        return redirect("attendance:group_absence", code=group.code)
    context = {
        "group": group,
        "rows": [(row, told.get(row.pupil_id, ())) for row in records],
        "changed": changed,
        "gone": group.records.filter(withdrawn_at__isnull=False).count(),
        "why": why,
    }
    return render(request, "attendance/group_absence.html", context)


def only_one(groups: list[Group]) -> list[str]:
    """The class, for who has one."""
    return [str(group.code) for group in groups] if len(groups) == 1 else []


def going_back(request: StaffRequest, form: GroupAbsenceForm, plan: GroupPlan) -> GroupAbsenceForm:
    """The same form, which now knows who was ticked."""
    data = request.POST.copy()
    ticked = set(data.getlist("pupils"))
    codes = [str(line.pupil.code) for line in plan.fitting]
    data["ticked"] = " ".join(code for code in codes if code in ticked)
    data["unticked"] = " ".join(code for code in codes if code not in ticked)
    again = GroupAbsenceForm(data, groups=list(form.visible_groups.values()), reasons=form.reasons, today=form.today)
    again.is_valid()
    return again


def lines_of(
    request: StaffRequest, form: GroupAbsenceForm, plan: GroupPlan | None, ticks: TickedForm | None
) -> list[tuple[object, bool]]:
    """The pupils for whom it can be, and whether they are ticked."""
    if plan is None:
        return []
    if ticks is not None:
        sent = set(request.POST.getlist("pupils"))
        return [(line, str(line.pupil.code) in sent) for line in plan.fitting]
    return [(line, form.is_ticked(str(line.pupil.code))) for line in plan.fitting]


def save(
    request: StaffRequest, form: GroupAbsenceForm, ticks: TickedForm, plan: GroupPlan, today: date
) -> GroupAbsence | None:
    """Record it for exactly who was ticked; None, with what has to be mended in `ticks`, when it cannot be."""
    is_valid = ticks.is_valid()
    rows = GroupAbsence.objects.visible_to(request.user).filter(entered_by=request.user)
    key = ticks.cleaned_data.get("key")
    before = None if key is None else rows.filter(code=key).first()
    if before is not None:
        messages.info(request, "Deze groepsmelding was al opgeslagen. Er is nu niets veranderd.")
        return before
    if not is_valid:
        return None
    chosen = set(ticks.cleaned_data["pupils"])
    ids = [line.pupil.pk for line in plan.fitting if str(line.pupil.code) in chosen]
    try:
        recorded = record_group(
            code=ticks.cleaned_data["key"], pupil_ids=ids, content=form.content(), by=request.user, today=today
        )
    except AbsenceError as error:
        ticks.add_error(None, str(error))
        return None
    number = len(ids)
    messages.success(request, f"Afwezig gemeld: {number} {'leerling' if number == 1 else 'leerlingen'}.")
    tell(request, recorded.outcome)
    return recorded.group_absence


def tell(request: StaffRequest, outcome: Outcome) -> None:
    """Say what it caused."""
    for text in outcome_sentences(outcome):
        messages.warning(request, text)

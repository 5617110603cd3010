"""The file of a pupil, and the list of cases."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Exists, F, QuerySet

from attendance.facts import facts_of
from attendance.listings.clock import Clock
from attendance.listings.pupil_clock import small_clock
from attendance.listings.pupil_page import PupilHead, pupil_head, visible_enrolments
from attendance.models import Pupil
from cases.listings.steps import other_open_steps
from cases.models import Case, Meeting, Phase, Signal, Step
from cases.services.staff import mentors_of
from thuiszitters.accounts.authorizer import access_to
from thuiszitters.accounts.data_classes import DataClass
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import CASE_WORKERS, Role

WRITERS = frozenset({Role.COO, Role.ZORGCOACH, Role.MENTOR, Role.GEDRAGSDESKUNDIGE})


@dataclass(frozen=True)
class CasePage:
    """What stands on every page of the file. `head` is None for who may see no enrolment of the pupil. `reads_only`:
    this reader was let in to read for a time, or came in an emergency. Without `sees_notes` nothing that somebody wrote
    about the pupil is in it."""

    case: Case
    head: PupilHead | None
    clock: Clock | None
    mentors: list[User]
    steps: list[Step]
    done: list[Step]
    signals: list[Signal]
    may_manage: bool
    may_write: bool
    is_coo: bool
    reads_only: bool
    sees_notes: bool
    sees_table: bool


def case_page(case: Case, user: User, today: date) -> CasePage:
    """The file for this reader, who must be allowed to see it."""
    pupil = case.pupil
    grants = grants_of(user)
    enrolments = visible_enrolments(pupil, user)
    schools = {case.school_id, case.school_of_enrolment_id}
    is_open = case.closed_at is None
    works_on = Case.objects.worked_with(user).filter(pk=case.pk).exists()
    manages = bool(schools & grants.school_ids(CASE_WORKERS))
    clock = getattr(pupil, "clock", None)
    rows = case.steps.select_related("owner", "done_by").annotate(has_more=Exists(other_open_steps()))
    steps = list(rows.order_by("due_on", "pk"))
    for step in steps:
        step.case = case
    signals = list(case.signals.select_related("crossing", "answered_by").order_by("-created_at", "-pk"))
    access = access_to(user, pupil.code)
    sees_notes = bool(access.may_see(DataClass.CARE_NOTES))
    if not sees_notes:
        leave_out_notes(case, steps, signals)
    return CasePage(
        case=case,
        head=pupil_head(pupil, enrolments, facts_of([pupil.pk])[pupil.pk], today) if enrolments else None,
        clock=small_clock(clock) if clock is not None else None,
        mentors=mentors_of(pupil, today),
        steps=[row for row in steps if row.done_at is None],
        done=[row for row in steps if row.done_at is not None],
        signals=signals,
        may_manage=is_open and manages,
        may_write=is_open and grants.has(*WRITERS) and works_on,
        is_coo=bool(schools & grants.school_ids({Role.COO})),
        reads_only=not works_on,
        sees_notes=sees_notes,
        sees_table=bool(access.may_see(DataClass.TABLE)),
    )


def leave_out_notes(case: Case, steps: Iterable[Step], signals: Iterable[Signal]) -> None:
    """Empty what people wrote, on these objects and not in the database: for who sees the plan and not the notes."""
    case.closed_reason = ""
    for step in steps:
        step.outcome = ""
    for signal in signals:
        signal.answer_text = ""


def filtered_cases(user: User, chosen: dict[str, Any]) -> QuerySet[Case]:
    """The cases that `user` can open, what is due first on top; closed ones only when asked for."""
    rows = Case.objects.visible_to(user).select_related("pupil__clock", "school", "owner")
    rows = rows.filter(closed_at__isnull=not chosen.get("gesloten"))
    if (phase := chosen.get("fase", "")) and (phase in Phase.values or phase == "geen"):
        rows = rows.filter(phase="" if phase == "geen" else phase)
    if chosen.get("eigenaar") == "ik":
        rows = rows.filter(owner=user)
    elif chosen.get("eigenaar") == "geen":
        rows = rows.filter(owner=None)
    return rows.order_by(F("next_step_due").asc(nulls_last=True), "pk")


def meetings_of(case: Case, user: User) -> QuerySet[Meeting]:
    """The meetings with this pupil on the agenda that `user` can open, latest first."""
    return Meeting.objects.visible_to(user).filter(agenda__case=case).order_by("-starts_at")


@dataclass(frozen=True)
class FoundCase:
    case: Case | None
    may_open: bool
    reads_only: bool


def open_case_of(pupil: Pupil, user: User) -> FoundCase:
    """The pupil's open case if `user` can see it, else whether they may open one."""
    case = Case.objects.visible_to(user).open().filter(pupil=pupil).select_related("owner", "school").first()
    works_with = pupil.is_worked_with_by(user)
    may_open = works_with and grants_of(user).has(*CASE_WORKERS, Role.MENTOR)
    may_open = may_open and case is None and not Case.objects.open().filter(pupil=pupil).exists()
    return FoundCase(case, may_open, reads_only=not works_with)

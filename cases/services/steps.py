"""Steps of a case: planned, done, dropped. Each change recounts the next step of the case."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from attendance.engine.facts import Rule
from cases.models import Case, LogEntry, Meeting, Phase, Step
from cases.services.case_facts import refresh_facts
from cases.services.log import write_log
from cases.services.refusals import CaseRefusedError
from cases.steps import INFORM_COACH, LARGE_MEETING, OWN, TABLE, StepPlan, is_needed, steps_of
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.services import bulk_changes

ALREADY_ENDED = "Deze stap is al afgerond, misschien door een collega. Ververs de pagina."


def plan_steps_of_rule(*, case: Case, rule: Rule, today: date) -> list[Step]:
    """Plan what the rules ask for; the steps that are new. A step of a kind that is still open is not planned twice:
    it takes over the heavier title and keeps the earliest date. What has been done already is not asked again.

    Call it in the transaction of the signal.
    """
    done = _done_already(case)
    plans = [plan for plan in steps_of(rule) if is_needed(plan, done)]
    planned = [step for plan in plans if (step := _plan(case, plan, today)) is not None]
    refresh_facts(case=case)
    return planned


def _done_already(case: Case) -> set[str]:
    """The kinds of steps that would ask for what is there: a pupil on the table, a zorgcoach who owns the case, a
    large meeting in the diary (one that is only proposed is still to be planned)."""
    done = set()
    if case.phase not in {Phase.NONE, Phase.GESLOTEN}:
        done.add(TABLE)
    if case.owner_role == Role.ZORGCOACH:
        done.add(INFORM_COACH)
    large = Meeting.objects.filter(agenda__case=case, kind=Meeting.Kind.LARGE, status=Meeting.Status.CONFIRMED)
    if large.filter(starts_at__gt=timezone.now()).exists():
        done.add(LARGE_MEETING)
    return done


def _plan(case: Case, plan: StepPlan, today: date) -> Step | None:
    step, created = Step.objects.get_or_create(
        case=case,
        kind=plan.kind,
        done_at=None,
        defaults={"title": plan.title, "role": plan.role, "due_on": plan.due_on(today)},
    )
    if created:
        return step
    if step.title != plan.title:
        step.title = plan.title
        step.due_on = min(step.due_on, plan.due_on(today))
        step.save(update_fields=["title", "due_on"])
    return None


@transaction.atomic
def plan_step(*, case: Case, title: str, role: Role, due_on: date, by: User, owner: User | None = None) -> Step:
    """A step that a person makes up. Several can be open at the same time."""
    if case.closed_at is not None:
        raise CaseRefusedError("Dit dossier is gesloten. Open eerst een nieuw dossier.")
    count = Step.objects.filter(case=case, kind__startswith=OWN).count()
    step = Step.objects.create(
        case=case, kind=f"{OWN}-{count + 1}", title=title, role=role, owner=owner, due_on=due_on, created_by=by
    )
    write_log(case=case, kind=LogEntry.Kind.STEP, text=f"Stap gepland: {title} ({due_on:%d-%m-%Y}).", by=by)
    refresh_facts(case=case)
    return step


@transaction.atomic
def complete_step(
    *, step: Step, outcome: str = "", by: User, next_title: str = "", next_due: date | None = None
) -> None:
    """The step is done; with `next_title` and `next_due` the next one stands at once, for the same role and person.

    Of two people who say so at the same time, one is told that the other was first.
    """
    _end(step, outcome=outcome, by=by, dropped=False)
    if next_title and next_due is not None:
        plan_step(case=step.case, title=next_title, role=Role(step.role), due_on=next_due, by=by, owner=step.owner)


@transaction.atomic
def drop_step(*, step: Step, why: str, by: User) -> None:
    """The step is not needed any more; `why` stays with it."""
    if not why.strip():
        raise CaseRefusedError("Vul in waarom deze stap niet nodig is.")
    _end(step, outcome=why, by=by, dropped=True)


@transaction.atomic
def complete_steps_of_kind(*, case: Case, kind: str, outcome: str, by: User) -> int:
    """End the open step of this kind because what it asked for was done elsewhere; how many there were (0 or 1).

    For services that do the thing itself: placing on the table ends "tafel", passing on a report ends "melding".
    """
    steps = list(Step.objects.filter(case=case, kind=kind, done_at__isnull=True))
    for step in steps:
        _end(step, outcome=outcome, by=by, dropped=False)
    return len(steps)


def _end(step: Step, *, outcome: str, by: User, dropped: bool) -> None:
    hit = bulk_changes.update(
        Step.objects.filter(pk=step.pk, done_at__isnull=True),
        done_at=timezone.now(),
        done_by=by,
        outcome=outcome.strip(),
        dropped=dropped,
    )
    if hit != 1:
        raise CaseRefusedError(ALREADY_ENDED)
    step.refresh_from_db()
    what = "Stap niet nodig" if dropped else "Stap gedaan"
    text = f"{what}: {step.title}." + (f" {step.outcome}" if step.outcome else "")
    write_log(case=step.case, kind=LogEntry.Kind.STEP, text=text, by=by)
    refresh_facts(case=step.case)

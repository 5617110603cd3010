"""What people decide about the table: place, not now, phase, leave."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.utils import timezone

from attendance.services.assignments import end_those_for_table
from attendance.services.locks import lock_pupils
from cases.models import Case, ParentsInformed, Phase, Signal
from cases.services.answers import answer_case_signals
from cases.services.cases import set_phase
from cases.services.log import write_log
from cases.services.refusals import CaseRefusedError
from cases.services.steps import complete_steps_of_kind
from cases.steps import TABLE
from tables.criteria import STEPS
from tables.models import PhaseChange, TableEntry
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.services import bulk_changes

GONE = "Het dossier van deze leerling is intussen gesloten. Ververs de pagina."


def locked_entry(entry_id: int) -> TableEntry:
    """The entry as it is once the lock on its pupil is held: closing the case and the jobs take the same lock."""
    lock_pupils(TableEntry.objects.filter(pk=entry_id).values_list("case__pupil", flat=True))
    return (
        TableEntry.objects.select_for_update(of=("self",))
        .select_related("case__pupil", "case__school_of_enrolment")
        .get(pk=entry_id)
    )


@transaction.atomic
def entry_for(*, case: Case, phase: Phase, today: date) -> TableEntry:
    """The open entry of `case`, made when there is none: for a pupil whom a person puts on the table unasked."""
    entry, _ = TableEntry.objects.get_or_create(
        case=case,
        left_at=None,
        defaults={"alliance_id": case.school_of_enrolment.alliance_id, "proposed_phase": phase, "proposed_on": today},
    )
    return entry


@transaction.atomic
def place(*, entry: TableEntry, phase: Phase, informed: ParentsInformed | None, by: User, today: date) -> TableEntry:
    """Put the pupil on the table. Refused until somebody has said whether the parents (and the pupil from 16) know."""
    if informed is None:
        raise CaseRefusedError("Vul eerst in of de ouders dit weten, of waarom nog niet.")
    entry = locked_entry(entry.pk)
    if entry.case.closed_at is not None:
        raise CaseRefusedError(GONE)
    if entry.placed_at is not None or entry.left_at is not None:
        raise CaseRefusedError("Deze leerling staat al op de tafel, of is er intussen af. Ververs de pagina.")
    if phase not in STEPS[Phase.NONE]:
        raise CaseRefusedError("Kies een fase.")
    entry.placed_at, entry.placed_by, entry.informed = timezone.now(), by, informed
    entry.declined_at = entry.declined_by = None
    entry.declined_reason = ""
    entry.save(update_fields=["placed_at", "placed_by", "informed", "declined_at", "declined_by", "declined_reason"])
    PhaseChange.objects.create(entry=entry, phase=phase, reason="op de tafel gezet", day=today, by=by)
    set_phase(case=entry.case, phase=phase, why="Op de Thuiszitterstafel gezet.", by=by)
    bulk_changes.update(
        Signal.objects.unanswered().filter(pupil=entry.case.pupil_id, audience=Role.COO, case=None), case=entry.case
    )
    answer_case_signals(case=entry.case, answer=Signal.Answer.TABLE, by=by)
    complete_steps_of_kind(case=entry.case, kind=TABLE, outcome="op de tafel gezet", by=by)
    return entry


@transaction.atomic
def decline(*, entry: TableEntry, reason: str, by: User, today: date) -> TableEntry:
    """Not now, because of `reason`. A heavier signal asks again."""
    if not reason.strip():
        raise CaseRefusedError("Schrijf op waarom nu niet.")
    entry = locked_entry(entry.pk)
    if entry.case.closed_at is not None:
        raise CaseRefusedError(GONE)
    if entry.placed_at is not None or entry.left_at is not None:
        raise CaseRefusedError("Deze leerling staat al op de tafel, of is er intussen af. Ververs de pagina.")
    entry.declined_at, entry.declined_by, entry.declined_reason = timezone.now(), by, reason
    entry.save(update_fields=["declined_at", "declined_by", "declined_reason"])
    write_log(case=entry.case, kind="fase", text=f"Nu niet op de Thuiszitterstafel: {reason}", by=by, day=today)
    answer_case_signals(case=entry.case, answer=Signal.Answer.NOT_NOW, by=by, text=reason)
    complete_steps_of_kind(case=entry.case, kind=TABLE, outcome=f"nu niet: {reason}", by=by)
    return entry


@transaction.atomic
def change_phase(*, entry: TableEntry, phase: Phase, reason: str, by: User, today: date) -> TableEntry:
    """A person sets another phase, which answers the signals that wait; gesloten takes the pupil from the table."""
    entry = locked_entry(entry.pk)
    if entry.case.closed_at is not None:
        raise CaseRefusedError(GONE)
    old = Phase(entry.case.phase)
    if entry.placed_at is None or entry.left_at is not None:
        raise CaseRefusedError("Deze leerling staat niet (meer) op de tafel. Ververs de pagina.")
    if phase not in STEPS[old]:
        raise CaseRefusedError(f"Van {old.label} naar {phase.label} kan niet in één stap.")
    if not reason.strip():
        raise CaseRefusedError("Schrijf op waarom de fase verandert.")
    PhaseChange.objects.create(entry=entry, phase=phase, reason=reason, day=today, by=by)
    set_phase(case=entry.case, phase=phase, why=reason, by=by)
    if phase == Phase.GESLOTEN:
        entry.left_at, entry.left_by, entry.left_reason = timezone.now(), by, reason
        entry.save(update_fields=["left_at", "left_by", "left_reason"])
        end_those_for_table(pupil_ids=[entry.case.pupil_id], today=today)
    else:
        answer_case_signals(case=entry.case, answer=Signal.Answer.TABLE, by=by, text=f"fase {phase.label}: {reason}")
        complete_steps_of_kind(case=entry.case, kind=TABLE, outcome=f"fase {phase.label}", by=by)
    return entry

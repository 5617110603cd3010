"""Closing a case, and what has to be settled first."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from attendance.services.follow_up import announce
from attendance.services.locks import lock_pupils
from cases.models import Case, LogEntry, Phase, Report, Signal, Step
from cases.services.case_facts import refresh_facts
from cases.services.cases import CLOSED
from cases.services.log import write_log
from cases.services.refusals import CaseRefusedError
from cases.services.reports import drop_report
from thuiszitters.accounts.models import User
from thuiszitters.audit.services import bulk_changes

OFF_THE_TABLE = (Phase.NONE, Phase.GESLOTEN)


def is_on_the_table(case: Case) -> bool:
    """Whether the pupil stands on the Thuiszitterstafel, as far as the phase of the case tells."""
    return case.phase not in OFF_THE_TABLE


@transaction.atomic
def close_case(*, case: Case, reason: str, by: User, leave_table: bool = False) -> None:
    """End the case: open steps are dropped, its signals answered, and the table takes the pupil off.

    Refused while the pupil stands on the table, unless `leave_table` says that this is meant; and while a report that
    rests on something that holds waits at the COO: the duty to report does not end with a case. A draft whose signal
    was withdrawn lapses. What was passed on or sent goes its own way. A crossing that comes later opens a new case.
    """
    reason = reason.strip()
    if not reason:
        raise CaseRefusedError("Vul in waarom het dossier dicht kan.")
    lock_pupils([case.pupil_id])
    case.refresh_from_db()
    if case.closed_at is not None:
        raise CaseRefusedError(CLOSED)
    if is_on_the_table(case) and not leave_table:
        name = case.pupil.first_name
        raise CaseRefusedError(
            f"{name} staat nog op de Thuiszitterstafel. De COO kan in het dossier bij het sluiten aangeven dat {name} "
            "daar ook af gaat."
        )
    _settle_draft(case, reason, by=by)
    now = timezone.now()
    bulk_changes.update(
        Case.objects.filter(pk=case.pk), closed_at=now, closed_by=by, closed_reason=reason[:200], phase=Phase.GESLOTEN
    )
    bulk_changes.update(
        Step.objects.filter(case=case, done_at__isnull=True),
        done_at=now,
        done_by=by,
        dropped=True,
        outcome="dossier gesloten",
    )
    bulk_changes.update(
        Signal.objects.unanswered().filter(case=case),
        answer=Signal.Answer.CLOSED,
        answer_text=reason,
        answered_at=now,
        answered_by=by,
    )
    case.refresh_from_db()
    refresh_facts(case=case)
    write_log(case=case, kind=LogEntry.Kind.CLOSED, text=f"Dossier gesloten: {reason}", by=by)
    announce()


def _settle_draft(case: Case, reason: str, *, by: User) -> None:
    """Drop the open report of this case when its signal was withdrawn; refuse when it still waits for the COO."""
    report = Report.objects.drafts().filter(case=case).select_related("crossing", "case").first()
    if report is None:
        return
    kind = report.get_kind_display()
    groundless = report.crossing is not None and report.crossing.withdrawn_at is not None
    if report.status == Report.Status.AT_OFFICE:
        if groundless:
            raise CaseRefusedError(
                f"De melding ({kind}) ligt bij de administratie, maar het signaal is ingetrokken. Vraag de "
                "administratie om haar terug te sturen; daarna kan het dossier dicht."
            )
        return
    if not groundless:
        raise CaseRefusedError(
            f"Er ligt nog een melding ({kind}) die niet is verstuurd. Zet haar klaar voor de administratie of laat "
            "haar met een reden vervallen; daarna kan het dossier dicht."
        )
    drop_report(report=report, why=f"het signaal is ingetrokken en het dossier gesloten: {reason}", by=by)

"""What a person says to a signal. A pupil is one line in a list of signals, so one answer is an answer to that line."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from attendance.models.calendar import RULE_LABELS
from attendance.services.locks import lock_pupils
from cases.models import Case, LogEntry, Signal
from cases.services.cases import open_case
from cases.services.closing import close_case
from cases.services.log import write_log
from cases.services.refusals import CaseRefusedError
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.services import bulk_changes

Answer = Signal.Answer

BY_ROLE: dict[str, frozenset[str]] = {
    Role.COO: frozenset({Answer.TABLE, Answer.NOT_NOW, Answer.CASE, Answer.REPORT}),
    Role.MENTOR: frozenset({Answer.TALK, Answer.DOCTOR, Answer.NOT_NOW, Answer.CASE}),
}
"""The answers to a signal that holds, by whom it is for."""
WHEN_WITHDRAWN = frozenset({Answer.KEPT, Answer.CLOSED, Answer.SEEN})
NEEDS_TEXT = frozenset({Answer.NOT_NOW, Answer.CLOSED})


def same_line(signal: Signal) -> QuerySet[Signal]:
    """The unanswered signals that stand in one line with this one: same pupil and audience, withdrawn or not."""
    return Signal.objects.unanswered().filter(
        pupil=signal.pupil_id, audience=signal.audience, withdrawn=signal.withdrawn
    )


@transaction.atomic
def answer_signal(*, signal: Signal, answer: str, by: User, today: date, text: str = "") -> Case | None:
    """Answer the line of this signal: its own and the others of the pupil for the same people. The case, if any.

    CASE opens one when there is none. CLOSED closes it, with `text` as the reason. NOT_NOW and CLOSED need a text.
    Raises CaseRefusedError when somebody else answered first.
    """
    lock_pupils([signal.pupil_id])
    signal.refresh_from_db()
    if signal.answered_at is not None:
        raise CaseRefusedError("Dit signaal is al beantwoord, misschien door een collega. Ververs de pagina.")
    if answer not in (WHEN_WITHDRAWN if signal.withdrawn else BY_ROLE[signal.audience]):
        raise CaseRefusedError("Dat antwoord past niet meer bij dit signaal. Ververs de pagina.")
    text = text.strip()
    if answer in NEEDS_TEXT and not text:
        raise CaseRefusedError("Schrijf er in een paar woorden bij waarom.")
    label = RULE_LABELS[signal.crossing.rule]  # type: ignore[index]
    case = signal.case if signal.case is not None and signal.case.closed_at is None else None
    if case is None and answer == Answer.CASE:
        case, _ = open_case(pupil=signal.pupil, today=today, by=by, why=f"Aanleiding: {label}.")
    line = same_line(signal)
    if case is not None:
        bulk_changes.update(line.filter(case=None), case=case)
        said = f"Antwoord op het signaal {label}: {Answer(answer).label}. {text}".strip()
        write_log(case=case, kind=LogEntry.Kind.SIGNAL, text=said, by=by, day=today)
    bulk_changes.update(line, answer=answer, answer_text=text, answered_at=timezone.now(), answered_by=by)
    if answer == Answer.CLOSED and case is not None:
        close_case(case=case, reason=text, by=by)
    signal.refresh_from_db()
    return case


@transaction.atomic
def answer_case_signals(*, case: Case, answer: str, by: User, text: str = "") -> int:
    """Answer every signal of the case that holds and waits, because what it asks for was done elsewhere; how many.

    For services that do the thing itself: placing on the table, declining that, passing on a report.
    """
    waiting = Signal.objects.unanswered().filter(case=case, withdrawn=False, audience=Role.COO)
    return bulk_changes.update(waiting, answer=answer, answer_text=text, answered_at=timezone.now(), answered_by=by)

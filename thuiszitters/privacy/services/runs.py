"""Proposing a destruction, approving it by somebody else, withdrawing it."""

from __future__ import annotations

from collections import Counter
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone

from attendance.services.follow_up import send_task
from thuiszitters.accounts.models import User
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record
from thuiszitters.privacy.models import DestructionRun, RunItem
from thuiszitters.privacy.parts import Holder
from thuiszitters.privacy.services.due import past_their_term
from thuiszitters.privacy.services.holdings import Part
from thuiszitters.privacy.services.term_changes import changed_since
from thuiszitters.privacy.services.term_rows import term_rows

DESTROY = "privacy.destroy"
CHANGED = "Na dit voorstel is een bewaartermijn gewijzigd. Trek het in en maak een nieuwe lijst."
Status = DestructionRun.Status


class RunRefusedError(Exception):
    """The text is Dutch, says what to do, and is shown as it is."""


def propose(*, holder: Holder, by: User, today: date) -> DestructionRun:
    """A run with everything of this holder that may go today. Raises RunRefusedError when there is nothing, or when a
    run of this holder is still open."""
    parts = [part for part in past_their_term([holder], today=today) if not part.blocks]
    if not parts:
        raise RunRefusedError("Er is nu niets dat vernietigd mag worden.")
    try:
        with transaction.atomic():
            run = DestructionRun.objects.create(
                school_id=holder.school_id,
                alliance_id=holder.alliance_id,
                proposed_by=by,
                terms=terms_in_words(holder, today),
            )
            RunItem.objects.bulk_create([item_of(run, part) for part in parts], batch_size=500)
            totals = Counter(part.data_class.value for part in parts)
            record(Kind.DESTRUCTION, "vernietiging voorgesteld", row=run.code, actor=by.code, detail=dict(totals))
    except IntegrityError as error:
        raise RunRefusedError("Er loopt al een vernietiging. Wacht tot die klaar is, of trek haar in.") from error
    return run


def item_of(run: DestructionRun, part: Part) -> RunItem:
    """A line of the list. Not saved."""
    return RunItem(
        run=run,
        pupil=part.pupil,
        short=part.short,
        data_class=part.data_class,
        started_on=part.started_on,
        due_on=part.due_on,
        rows=part.counts,
    )


def terms_in_words(holder: Holder, today: date) -> dict[str, str]:
    """By class of data the term that holds today, as it will be read years later."""
    return {
        data_class.value: f"{row.length} nadat {row.get_start_event_display()}"
        for data_class, row in term_rows(holder, today).items()
    }


def approve(*, run: DestructionRun, by: User) -> None:
    """Let it be carried out. Raises RunRefusedError for who proposed it, in whatever role, when it is not waiting
    any more, and when a term was changed since."""
    if run.proposed_by_id == by.pk:
        raise RunRefusedError("Je hebt deze vernietiging zelf voorgesteld. Iemand anders moet akkoord geven.")
    with transaction.atomic():
        if changed_since(run):
            raise RunRefusedError(CHANGED)
        waiting = DestructionRun.objects.filter(pk=run.pk, status=Status.PROPOSED).exclude(proposed_by=by)
        if not waiting.update(status=Status.APPROVED, approved_by=by, approved_at=timezone.now()):
            raise RunRefusedError("Deze vernietiging wacht niet meer op akkoord.")
        record(Kind.DESTRUCTION, "vernietiging akkoord", row=run.code, actor=by.code)
        transaction.on_commit(lambda: send_task(DESTROY, run.pk))


def withdraw(*, run: DestructionRun, by: User, why: str) -> None:
    """Nothing of it is carried out. Raises RunRefusedError once it was approved."""
    with transaction.atomic():
        waiting = DestructionRun.objects.filter(pk=run.pk, status=Status.PROPOSED)
        if not waiting.update(status=Status.WITHDRAWN, withdrawn_by=by, withdrawn_at=timezone.now(), withdrawn_why=why):
            raise RunRefusedError("Er is al akkoord gegeven: deze vernietiging kan niet meer worden ingetrokken.")
        record(Kind.DESTRUCTION, "vernietiging ingetrokken", row=run.code, actor=by.code)


def open_runs() -> list[int]:
    """Approved and not finished: for the schedule, which sends again what was lost or died."""
    return list(DestructionRun.objects.filter(status=Status.APPROVED).order_by("pk").values_list("pk", flat=True))

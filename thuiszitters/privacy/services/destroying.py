"""The destruction itself: rows, the counts that stay, the tombstones."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connection, transaction
from django.utils import timezone

from attendance.services import destroying as of_attendance
from attendance.services.locks import lock_pupils
from cases.services import destroying as of_cases
from tables.services.destroying import destroy_entries
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record
from thuiszitters.privacy.data_classes import DataClass
from thuiszitters.privacy.models import DestructionRun, RunItem, Tombstone
from thuiszitters.privacy.parts import Holder
from thuiszitters.privacy.services.holdings import Holdings, Part
from thuiszitters.privacy.services.kept_counts import Counts, counts_of, keep
from thuiszitters.privacy.services.marks import identity_mark, pupil_mark
from thuiszitters.privacy.services.term_changes import terms_then

logger = logging.getLogger(__name__)
Status = RunItem.Status

GONE = "er stond niets meer"
BACK = "de termijn loopt niet meer: de leerling is er weer"
NOT_YET = "de termijn is nog niet voorbij"


@dataclass(frozen=True)
class Order:
    """On whose word something is destroyed: of a run, or of the tombstones of before a restore."""

    code: UUID
    actor: UUID | None
    at: datetime
    terms: dict[str, str]
    run: DestructionRun | None = None


def destroy_run(run_id: int, *, today: date) -> None:
    """Carry out an approved run, a transaction for each pupil. May stop anywhere, run again, and run beside itself.

    A pupil that fails waits for the next time: the log says which kind of failure, and nothing of the pupil.
    """
    run = DestructionRun.objects.filter(pk=run_id, status=DestructionRun.Status.APPROVED).first()
    if run is None or run.approved_by is None:
        return
    leave_nothing_in_freed_pages()
    waiting = run.items.filter(status=Status.WAITING).order_by()
    for pupil_id in sorted(set(waiting.filter(pupil__isnull=False).values_list("pupil", flat=True))):
        try:
            destroy_pupil_of_run(run, pupil_id, today=today)
        except Exception as error:  # noqa: BLE001 - one pupil must not keep the others; the text can hold a name
            logger.error("run %s: a pupil could not be destroyed (%s)", run.pk, type(error).__name__)  # noqa: TRY400 - the same
    waiting.filter(pupil=None).update(status=Status.SKIPPED, why=GONE, at=timezone.now())
    if waiting.exists():
        return
    done = DestructionRun.objects.filter(pk=run.pk, status=DestructionRun.Status.APPROVED)
    with transaction.atomic():
        if done.update(status=DestructionRun.Status.DONE, finished_at=timezone.now()):
            totals = Counter(run.items.order_by().values_list("status", flat=True))
            record(
                Kind.DESTRUCTION, "vernietiging klaar", row=run.code, actor=run.approved_by.code, detail=dict(totals)
            )


def destroy_pupil_of_run(run: DestructionRun, pupil_id: int, *, today: date) -> None:
    """What the run says of one pupil, as far as it still holds: all of it or nothing."""
    assert run.approved_by is not None
    order = Order(run.code, run.approved_by.code, timezone.now(), dict(run.terms), run)
    holder = Holder(run.school_id, run.alliance_id)
    with transaction.atomic():
        if not lock_pupils([pupil_id]):
            return
        items = {
            DataClass(item.data_class): item
            for item in run.items.filter(pupil=pupil_id, status=Status.WAITING).order_by("pk")
        }
        holdings = Holdings([pupil_id], today=today, terms=terms_then(run))
        parts = {part.data_class: part for part in holdings.past_their_term() if part.holder == holder}
        claimed = []
        for data_class, item in items.items():
            part = parts.get(data_class)
            why = "" if part and not part.blocks else why_not(holdings, pupil_id, holder, data_class, part)
            told: dict[str, Any] = {"status": Status.SKIPPED, "why": why} if why else {"status": Status.DONE}
            rows = part.counts if part and not why else {}
            free = RunItem.objects.filter(pk=item.pk, status=Status.WAITING)
            if free.update(at=order.at, rows=rows or item.rows, **told) and part and not why:
                claimed.append(part)
        destroy_parts(claimed, order)
        run.items.filter(pupil=pupil_id, status=Status.DONE).update(pupil=None)


def why_not(holdings: Holdings, pupil_id: int, holder: Holder, data_class: DataClass, part: Part | None) -> str:
    """Why something that was proposed stays, in Dutch."""
    if part is not None:
        return ", ".join(sorted(block.label for block in part.blocks))
    known = holdings.pupils[pupil_id]
    if (holder, data_class) not in known.rows:
        return GONE
    return BACK if known.started_on(holder, data_class) is None else NOT_YET


def destroy_parts(parts: Iterable[Part], order: Order, *, leave_tombstones: bool = True) -> None:
    """Destroy these parts of one pupil, in the transaction of who calls, which holds the lock on the pupil.

    `leave_tombstones` False: they are there, from before a restore.
    """
    found = sorted(parts, key=lambda part: list(DataClass).index(part.data_class))
    if not found:
        return
    kept: Counts = Counter()
    for part in found:
        kept += counts_of(part)
        for entry, ids in part.rows.items():
            destroy_rows(entry.model, ids, at=order.at)
        if leave_tombstones:
            bury(part, order)
        record(
            Kind.DESTRUCTION,
            part.data_class.value,
            row=order.code,
            subject=part.pupil.code,
            actor=order.actor,
            detail={"rijen": part.counts},
        )
    keep(kept)
    pupil = found[0].pupil
    if of_attendance.destroy_pupil(pupil.pk):
        Tombstone.objects.filter(run_code=order.code, pupil_key=pupil_mark(pupil.code)).update(whole=True)
        record(Kind.DESTRUCTION, "leerling", row=order.code, subject=pupil.code, actor=order.actor)
    else:
        of_attendance.look_again(pupil.pk)


def destroy_rows(model: str, ids: list[int], *, at: datetime) -> None:
    """Rows of a line of the map, in the way of the app they are of."""
    if model == "attendance.Crossing":
        of_cases.let_go_of_crossings(ids)
    ways: dict[str, Callable[[list[int]], None]] = {
        "attendance.Absence": of_attendance.destroy_absences,
        "attendance.Enrolment": of_attendance.destroy_enrolments,
        "cases.Case": lambda cases: of_cases.destroy_cases(cases, at=at),
        "cases.MeetingCase": of_cases.destroy_agenda,
        "cases.ParentsInformed": of_cases.destroy_informed,
        "cases.Report": of_cases.destroy_reports,
        "tables.TableEntry": destroy_entries,
    }
    if way := ways.get(model):
        way(ids)
    else:
        apps.get_model(model)._default_manager.filter(pk__in=ids).delete()  # noqa: SLF001 - so Django calls it


def bury(part: Part, order: Order) -> None:
    """Leave the tombstone."""
    pupil = part.pupil
    Tombstone.objects.create(
        run=order.run,
        run_code=order.code,
        pupil_key=pupil_mark(pupil.code),
        identity_key=identity_mark(pupil.number, pupil.birth_date, pupil.surname_key),
        short=part.short,
        data_class=part.data_class,
        school_id=part.holder.school_id,
        alliance_id=part.holder.alliance_id,
        through=part.started_on,
        term=order.terms.get(part.data_class, ""),
        rows=part.counts,
        at=order.at,
    )


def leave_nothing_in_freed_pages() -> None:
    """SQLite leaves deleted text in the file until something is written over it; told so, it writes zeros."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")

"""Pull: which open cases belong on the table and have no answer to that yet, and which entries have lost their case?"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import date

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from attendance.models import Assignment
from attendance.services.assignments import end_those_for_table
from attendance.services.locks import lock_pupils
from attendance.timetable_kept import timetable_kept
from cases.models import Case, Phase, Signal
from cases.services.cases import set_phase
from cases.services.log import write_log
from tables.criteria import AT_HOME, PROPOSED_BY, escalates_on, proposed_phase, weight
from tables.models import PhaseChange, TableEntry
from tables.services.entries import decline, locked_entry

logger = logging.getLogger(__name__)

THREE_MONTHS = 3
"""Calendar months, Thuiszitterspact: the escalation of the case. The norm of the crossing itself is a NormRow."""
KEPT_WEEKS = 4
"""Lesson weeks in which the agreed timetable must have been kept before the escalation rests (own choice)."""


CASE_CLOSED = "dossier gesloten"


def follow_up(today: date) -> int:
    """Propose, raise, escalate, and follow what became of the case; how many entries changed. May be repeated at any
    time, also twice at once."""
    changed = 0
    for step, rows in (
        (leave_with_case, of_closed_cases()),
        (end_access, no_longer_on_the_table(today)),
        (follow_alliance, of_another_alliance()),
        (propose, cases_to_propose()),
        (raise_proposal, entries_to_raise()),
        (take_not_now, answered_not_now()),
        (escalate, to_escalate(today)),
    ):
        for pk in rows:
            try:
                changed += step(pk, today)
            except Exception:
                logger.exception("following up on the table failed: %s %s", step.__name__, pk)
    return changed


def of_closed_cases() -> Iterator[int]:
    """Entries that are still there while their case was closed."""
    rows = TableEntry.objects.filter(left_at__isnull=True, case__closed_at__isnull=False).order_by("pk")
    return iter(rows.values_list("pk", flat=True))


def leave_with_case(entry_id: int, today: date) -> int:
    """The case was closed: the pupil leaves the table with it, in the name of who closed."""
    with transaction.atomic():
        entry = locked_entry(entry_id)
        case = entry.case
        if entry.left_at is not None or case.closed_at is None:
            return 0
        entry.left_at, entry.left_by, entry.left_reason = timezone.now(), case.closed_by, CASE_CLOSED
        entry.save(update_fields=["left_at", "left_by", "left_reason"])
        if entry.placed_at is not None:
            PhaseChange.objects.create(
                entry=entry, phase=Phase.GESLOTEN, reason=CASE_CLOSED, day=today, by=case.closed_by
            )
            write_log(case=case, kind="fase", text=f"Van de Thuiszitterstafel: {CASE_CLOSED}.", by=None, day=today)
            end_those_for_table(pupil_ids=[case.pupil_id], today=today)
    return 1


def no_longer_on_the_table(today: date) -> Iterator[int]:
    """Pupils who left the table while somebody who was involved for it before that day still sees them.

    Who was involved on that same day stays, and so does who was involved for a pupil who was never on the table: the
    COO may involve somebody before the table does, also at once after it let go. Both take the pupil's lock, so who was
    involved in time was ended by leaving itself.
    """
    involved = Assignment.objects.filter(for_table=True, last__gte=today)
    entries = TableEntry.objects.filter(case__pupil=OuterRef("pupil"), placed_at__isnull=False)
    rows = involved.filter(
        Exists(entries.filter(left_at__date__gt=OuterRef("first"))), ~Exists(entries.filter(left_at__isnull=True))
    )
    return iter(rows.order_by("pupil").values_list("pupil", flat=True).distinct())


def end_access(pupil_id: int, today: date) -> int:
    """Ending access with the table is part of leaving it; this catches what was left standing."""
    return end_those_for_table(pupil_ids=[pupil_id], today=today)


def of_another_alliance() -> Iterator[int]:
    """Entries that are still at the alliance of an earlier school of enrolment."""
    now = "case__school_of_enrolment__alliance"
    other = Q(**{"alliance__isnull": False, f"{now}__isnull": False}) & ~Q(alliance=F(now))
    other |= Q(**{"alliance__isnull": True, f"{now}__isnull": False})
    other |= Q(**{"alliance__isnull": False, f"{now}__isnull": True})
    rows = TableEntry.objects.filter(other, left_at__isnull=True, case__closed_at__isnull=True).order_by("pk")
    return iter(rows.values_list("pk", flat=True))


def follow_alliance(entry_id: int, today: date) -> int:
    """The pupil is enrolled at a school of another alliance: that one sees the entry from now on, not the old one."""
    with transaction.atomic():
        entry = locked_entry(entry_id)
        alliance = entry.case.school_of_enrolment.alliance
        if entry.left_at is not None or entry.alliance_id == (alliance.pk if alliance else None):
            return 0
        entry.alliance = alliance
        entry.save(update_fields=["alliance"])
        where = alliance.name if alliance else "geen samenwerkingsverband"
        text = f"Op de Thuiszitterstafel hoort dit dossier nu bij {where}."
        write_log(case=entry.case, kind="fase", text=text, by=None, day=today)
    return 1


def _asking() -> QuerySet[Signal]:
    """Standing signals for the table that are newer than the last time their case left it."""
    left = TableEntry.objects.filter(case=OuterRef("case"), left_at__gte=OuterRef("created_at"))
    return Signal.objects.filter(
        ~Exists(left), crossing__withdrawn_at__isnull=True, crossing__rule__in=list(PROPOSED_BY)
    )


def _asking_rules(case_id: int) -> list[str]:
    return list(_asking().filter(case=case_id).order_by().values_list("crossing__rule", flat=True))


def cases_to_propose() -> Iterator[int]:
    """Open cases with a standing signal for the table and without an open entry."""
    entry = TableEntry.objects.filter(case=OuterRef("pk"), left_at__isnull=True)
    rows = Case.objects.open().filter(Exists(_asking().filter(case=OuterRef("pk"))), ~Exists(entry)).order_by("pk")
    return iter(rows.values_list("pk", flat=True))


def propose(case_id: int, today: date) -> int:
    """Propose the pupil of this case for the table; 1 when that is new."""
    phase = proposed_phase(_asking_rules(case_id))
    if phase == Phase.NONE:
        return 0
    with transaction.atomic():
        lock_pupils(Case.objects.filter(pk=case_id).values_list("pupil", flat=True))
        case = Case.objects.select_related("school_of_enrolment").get(pk=case_id)
        if case.closed_at is not None:
            return 0
        _, made = TableEntry.objects.get_or_create(
            case=case,
            left_at=None,
            defaults={
                "alliance_id": case.school_of_enrolment.alliance_id,
                "proposed_phase": phase,
                "proposed_on": today,
            },
        )
        if made:
            text = f"Voorgesteld voor de Thuiszitterstafel als {phase.label}."
            write_log(case=case, kind="fase", text=text, by=None, day=today)
    return int(made)


def entries_to_raise() -> Iterator[int]:
    """Open entries whose case has a standing signal that is heavier than what was proposed."""
    for index, phase in enumerate(AT_HOME[:-1]):
        heavier = [rule for rule, found in PROPOSED_BY.items() if weight(found) > index + 1]
        signal = _asking().filter(case=OuterRef("case"), crossing__rule__in=heavier)
        rows = TableEntry.objects.filter(
            Exists(signal), left_at__isnull=True, case__closed_at__isnull=True, proposed_phase=phase
        ).order_by("pk")
        yield from rows.values_list("pk", flat=True)


def raise_proposal(entry_id: int, today: date) -> int:
    """Raise the proposal to what the signals now say. A "nu niet" of a lighter proposal is asked again."""
    with transaction.atomic():
        entry = locked_entry(entry_id)
        phase = proposed_phase(_asking_rules(entry.case_id))
        if entry.left_at is not None or entry.case.closed_at is not None:
            return 0
        if weight(phase) <= weight(entry.proposed_phase):
            return 0
        asked_again = entry.declined_at is not None
        entry.proposed_phase = phase
        entry.proposed_on = today
        entry.declined_at = entry.declined_by = None
        entry.declined_reason = ""
        entry.save(update_fields=["proposed_phase", "proposed_on", "declined_at", "declined_by", "declined_reason"])
        text = f"Voorstel voor de Thuiszitterstafel is nu: {phase.label}."
        if asked_again:
            text += " Het eerdere ‘nu niet’ is daarom opnieuw een vraag."
        write_log(case=entry.case, kind="fase", text=text, by=None, day=today)
    return 1


def answered_not_now() -> Iterator[int]:
    """Waiting entries whose signals somebody answered with "nu niet" since they were proposed."""
    asking = _asking().filter(case=OuterRef("case"))
    rows = (
        TableEntry.objects.waiting()
        .filter(
            Exists(asking.filter(answer=Signal.Answer.NOT_NOW, answered_at__date__gte=OuterRef("proposed_on"))),
            ~Exists(asking.filter(answered_at__isnull=True)),
        )
        .order_by("pk")
    )
    return iter(rows.values_list("pk", flat=True))


def take_not_now(entry_id: int, today: date) -> int:
    """ "Nu niet" to the signal is "nu niet" to the proposal that rests on it."""
    with transaction.atomic():
        entry = locked_entry(entry_id)
        signal = (
            _asking()
            .filter(case=entry.case_id, answer=Signal.Answer.NOT_NOW)
            .select_related("answered_by")
            .order_by("-answered_at")
            .first()
        )
        if entry.placed_at or entry.declined_at or entry.left_at or entry.case.closed_at:
            return 0
        if signal is None or signal.answered_by is None:
            return 0
        decline(entry=entry, reason=signal.answer_text, by=signal.answered_by, today=today)
    return 1


def to_escalate(today: date) -> Iterator[int]:
    """Entries on the table, not building up, of pupils whose own first day at home is three months ago or more."""
    rows = (
        TableEntry.objects.on_the_table()
        .filter(
            case__closed_at__isnull=True,
            case__phase__in=(Phase.DREIGEND, Phase.THUISZITTER),
            case__first_day_home__isnull=False,
        )
        .order_by("pk")
        .values_list("pk", "case__first_day_home")
    )
    for pk, first_day in rows:
        if first_day is not None and escalates_on(first_day, THREE_MONTHS) <= today:
            yield pk


def escalate(entry_id: int, today: date) -> int:
    """Set the phase to more than three months. An hour at school does not stop this; keeping the timetable does."""
    with transaction.atomic():
        entry = locked_entry(entry_id)
        if entry.left_at is not None or entry.case.phase not in (Phase.DREIGEND, Phase.THUISZITTER):
            return 0
        if timetable_kept(entry.case.pupil_id, weeks=KEPT_WEEKS, as_of=today):
            return 0
        reason = "drie maanden na de eerste dag thuis van dit dossier"
        PhaseChange.objects.create(entry=entry, phase=Phase.LONG, reason=reason, day=today, by=None)
        set_phase(case=entry.case, phase=Phase.LONG, why=reason, by=None)
    return 1

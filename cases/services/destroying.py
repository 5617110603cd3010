"""Destroying what was done for pupils, when its term is over. Whoever calls has decided that it may go.

Each in the transaction of who calls. What is gone already is passed over.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, ProtectedError

from cases.models import (
    Case,
    CaseHandOver,
    LogEntry,
    Meeting,
    MeetingCase,
    ParentsInformed,
    Report,
    Step,
)

EMPTIED = "de bewaartermijn van het dossier is voorbij"


def destroy_reports(report_ids: Collection[int]) -> None:
    """Reports or drafts with their history, and what the parents were told when nothing else rests on that."""
    reports = Report.objects.filter(pk__in=report_ids)
    informed = set(reports.filter(informed__isnull=False).values_list("informed", flat=True))
    reports.delete()
    destroy_informed(informed)


def destroy_informed(informed_ids: Collection[int]) -> None:
    """Answers to whether the parents know; one that something still rests on stays."""
    for pk in sorted(informed_ids):
        _delete_unless_used(pk, ParentsInformed)


def destroy_agenda(agenda_ids: Collection[int]) -> None:
    """Take pupils off agendas. A talk about nobody else goes, with its guests; one about others stays."""
    agenda = MeetingCase.objects.filter(pk__in=agenda_ids)
    meetings = list(agenda.values_list("meeting", flat=True))
    agenda.delete()
    Meeting.objects.filter(~Exists(MeetingCase.objects.filter(meeting=OuterRef("pk"))), pk__in=meetings).delete()


def destroy_cases(case_ids: Collection[int], *, at: datetime) -> None:
    """Everything that cases say. The row goes too, or stays empty when something with a longer term rests on
    it."""
    for model in (LogEntry, Step, CaseHandOver):
        model.objects.filter(case__in=case_ids).delete()
    Report.objects.filter(case__in=case_ids).update(case=None)
    for pk in sorted(case_ids):
        if not _delete_unless_used(pk, Case):
            Case.objects.filter(pk=pk).update(
                owner=None,
                first_day_home=None,
                next_step="",
                next_step_due=None,
                last_contact_on=None,
                next_meeting_at=None,
                opened_by=None,
                closed_reason=EMPTIED,
                emptied_at=at,
            )


def destroy_emptied(case_ids: Collection[int]) -> None:
    """Cases that were empty already, of which nothing rests on them any more."""
    for pk in Case.objects.filter(pk__in=case_ids, emptied_at__isnull=False).values_list("pk", flat=True):
        _delete_unless_used(pk, Case)


def let_go_of_crossings(crossing_ids: Collection[int]) -> None:
    """Reports say themselves what was missed: the fact that they began with may go."""
    Report.objects.filter(crossing__in=crossing_ids).update(crossing=None)


def _delete_unless_used(pk: int, model: type[Case] | type[ParentsInformed]) -> bool:
    """Whether it is gone. What rests on it is not known here: the database says so."""
    try:
        with transaction.atomic():
            model._default_manager.filter(pk=pk).delete()  # noqa: SLF001 - so Django calls it
    except ProtectedError:
        return False
    return True

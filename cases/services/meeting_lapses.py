"""Proposals for a talk that nobody needs any more: the pupil left the table, or another school runs the case now.

Only what nobody decided about: a talk that was confirmed or planned by a person stays until a person cancels it.
"""

from __future__ import annotations

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from cases.models import Case, Meeting, MeetingCase, Phase
from cases.services.case_facts import refresh_facts
from thuiszitters.audit.services import bulk_changes

OFF = Q(case__closed_at__isnull=False) | Q(case__phase__in=(Phase.NONE, Phase.GESLOTEN))


def lapse_talks() -> int:
    """Let proposed talks lapse with nobody on the agenda for whom their school proposes them; how many. May be
    repeated. Before new proposals are made, so that the next school can propose the same talk at once."""
    here = MeetingCase.objects.filter(~OFF, meeting=OuterRef("pk"), case__school=F("meeting__school"))
    return _lapse(_coming().exclude(kind=Meeting.Kind.TSO).filter(~Exists(here)))


def lapse_weekly() -> int:
    """Take pupils who left the table from weekly agendas to come, and let proposals lapse that have nobody left; how
    many changed. May be repeated. After new proposals were made: an agenda may have got others meanwhile."""
    rows = MeetingCase.objects.filter(OFF, meeting__kind=Meeting.Kind.TSO, meeting__starts_at__gt=timezone.now())
    pupils = list(rows.values_list("case", flat=True))
    needed = MeetingCase.objects.filter(~OFF, meeting=OuterRef("pk"))
    lapsed = _lapse(_coming().filter(~Exists(needed), kind=Meeting.Kind.TSO))
    rows.delete()
    _refresh(pupils)
    return lapsed + len(pupils)


def _coming() -> QuerySet[Meeting]:
    rows = Meeting.objects.filter(starts_at__gt=timezone.now(), status=Meeting.Status.PROPOSED)
    return rows.exclude(key__startswith="zelf:")


def _lapse(meetings: QuerySet[Meeting]) -> int:
    lapsed = 0
    for pk in list(meetings.order_by("pk").values_list("pk", flat=True)):
        # The key is given free: back on the table, or at the next school, the same talk can be proposed again.
        hit = Meeting.objects.filter(pk=pk, status=Meeting.Status.PROPOSED)
        lapsed += bulk_changes.update(hit, status=Meeting.Status.CANCELLED, key=f"vervallen:{pk}")
        _refresh(MeetingCase.objects.filter(meeting=pk).values_list("case", flat=True))
    return lapsed


def _refresh(case_ids: list[int] | QuerySet[MeetingCase, int]) -> None:
    for case in Case.objects.filter(pk__in=list(case_ids)):
        refresh_facts(case=case)

"""Meetings: what people decide about them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import uuid4

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from cases.models import Case, LogEntry, Meeting, MeetingCase, MeetingGuest
from cases.services.case_facts import refresh_facts
from cases.services.log import write_log
from cases.services.refusals import CaseRefusedError
from cases.services.steps import complete_steps_of_kind
from cases.steps import LARGE_MEETING
from thuiszitters.accounts.dutch_dates import short_date
from thuiszitters.accounts.models import User
from thuiszitters.audit.services import bulk_changes

MOVED_ON = "Deze afspraak is intussen door iemand anders gewijzigd. Ververs de pagina."
OPEN = (Meeting.Status.PROPOSED, Meeting.Status.CONFIRMED)


def _tell(meeting: Meeting, text: str, *, by: User | None, today: date) -> None:
    """A log line on every pupil's case, and the next meeting that their cases keep."""
    for case in Case.objects.filter(agenda__meeting=meeting):
        write_log(case=case, kind=LogEntry.Kind.MEETING, text=text, by=by, day=today)
        refresh_facts(case=case)


def _when(meeting: Meeting, today: date) -> str:
    local = timezone.localtime(meeting.starts_at)
    return f"{short_date(local.date(), today)} om {local:%H:%M}"


@transaction.atomic
def confirm_meeting(
    *, meeting: Meeting, starts_at: datetime, minutes: int, place: str, parents_invited: str, by: User, today: date
) -> None:
    """The COO confirms the proposal, or moves a meeting: the invited staff get an invitation by mail.

    Refused when the moment has passed. Each change raises `sequence`, so that a calendar replaces the appointment.
    """
    if starts_at <= timezone.now():
        raise CaseRefusedError("Dit moment is al voorbij. Kies een moment in de toekomst.")
    hit = bulk_changes.update(
        Meeting.objects.filter(pk=meeting.pk, status__in=OPEN, sequence=meeting.sequence),
        status=Meeting.Status.CONFIRMED,
        starts_at=starts_at,
        minutes=minutes,
        place=place,
        parents_invited=parents_invited,
        sequence=F("sequence") + 1,
        decided_by=by,
        decided_at=timezone.now(),
    )
    if hit != 1:
        raise CaseRefusedError(MOVED_ON)
    meeting.refresh_from_db()
    text = f"{meeting.get_kind_display()} op {_when(meeting, today)}."
    if parents_invited:
        text += f" Ouders uitgenodigd: {parents_invited}."
    _tell(meeting, text, by=by, today=today)
    if meeting.kind == Meeting.Kind.LARGE:
        for row in meeting.agenda.select_related("case"):
            complete_steps_of_kind(case=row.case, kind=LARGE_MEETING, outcome="gepland", by=by)


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, why: str, by: User, today: date) -> None:
    """Take a meeting off; whoever had an invitation gets the cancellation."""
    hit = bulk_changes.update(
        Meeting.objects.filter(pk=meeting.pk, status__in=OPEN, sequence=meeting.sequence),
        status=Meeting.Status.CANCELLED,
        sequence=F("sequence") + 1,
        decided_by=by,
        decided_at=timezone.now(),
    )
    if hit != 1:
        raise CaseRefusedError(MOVED_ON)
    meeting.refresh_from_db()
    text = f"{meeting.get_kind_display()} van {_when(meeting, today)} gaat niet door: {why}"
    _tell(meeting, text, by=by, today=today)


@transaction.atomic
def plan_meeting(
    *, case: Case, kind: str, starts_at: datetime, minutes: int, guests: dict[int, str], by: User, today: date
) -> Meeting:
    """Somebody plans a talk that nobody proposed. `guests`: role by user id. It still has to be confirmed."""
    meeting = make_meeting(
        key=f"zelf:{uuid4()}",
        kind=Meeting.Kind(kind),
        school_id=case.school_id,
        starts_at=starts_at,
        minutes=minutes,
        cases=[case.pk],
        guests=guests,
    )
    assert meeting is not None
    _tell(meeting, f"{meeting.get_kind_display()} voorgesteld op {_when(meeting, today)}.", by=by, today=today)
    return meeting


@transaction.atomic
def make_meeting(
    *,
    key: str,
    kind: Meeting.Kind,
    school_id: int,
    starts_at: datetime,
    minutes: int,
    cases: list[int],
    guests: dict[int, str],
) -> Meeting | None:
    """The proposal with this key, with its agenda and guests; None when it was made before, also elsewhere."""
    meeting, made = Meeting.objects.get_or_create(
        key=key, defaults={"kind": kind, "school_id": school_id, "starts_at": starts_at, "minutes": minutes}
    )
    if not made:
        return None
    MeetingCase.objects.bulk_create([MeetingCase(meeting=meeting, case_id=pk) for pk in cases])
    MeetingGuest.objects.bulk_create(
        [MeetingGuest(meeting=meeting, user_id=pk, role=role) for pk, role in guests.items()]
    )
    for case in Case.objects.filter(pk__in=cases):
        refresh_facts(case=case)
    return meeting

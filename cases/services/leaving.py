"""What cases let go of when somebody leaves (settings.LEAVING): the case, the step, the talk that is still to come."""

from __future__ import annotations

from datetime import date, datetime

from django.db.models import Q

from attendance.services.locks import lock_pupils
from cases.models import Case, LogEntry, Meeting, MeetingGuest, Step
from cases.services.log import write_log
from thuiszitters.accounts.grants import Grants
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import ASSIGNED, CASE_WORKERS, Role
from thuiszitters.accounts.services.leaving import counted
from thuiszitters.audit.services import bulk_changes

AT_SCHOOL = frozenset({Role.COO, Role.ZORGCOACH, Role.SCHOOLLEIDER, Role.MENTOR})


def release(*, user: User, left: Grants, day: date, now: datetime, apply: bool) -> list[str]:
    """Open cases and steps that none of the roles that are `left` carries go back to who holds the role; guests of
    meetings to come are off the list. What was done stays done by them."""
    cases = list(Case.objects.open().filter(user_owns(user, left)).order_by("pk"))
    steps = Step.objects.filter(done_at__isnull=True, owner=user).exclude(
        Q(role__in=left.roles & ASSIGNED) | _at_own_school(left)
    )
    guests = MeetingGuest.objects.filter(
        user=user, meeting__starts_at__gte=now, meeting__status__in=(Meeting.Status.PROPOSED, Meeting.Status.CONFIRMED)
    ).exclude(Q(meeting__school__in=left.school_ids(AT_SCHOOL)) | Q(role__in=left.roles & ASSIGNED))
    lines = (
        counted(
            len(cases),
            "dossier zonder eigenaar: de COO of zorgcoach van de school ziet het",
            "dossiers zonder eigenaar: de COO of zorgcoach van de school ziet ze",
        )
        + counted(
            steps.count(),
            "stap terug naar wie de rol heeft, of naar de COO",
            "stappen terug naar wie de rol heeft, of naar de COO",
        )
        + counted(guests.count(), "komende afspraak zonder deze persoon", "komende afspraken zonder deze persoon")
    )
    if apply:
        lock_pupils([case.pupil_id for case in cases])
        for case in cases:
            bulk_changes.update(Case.objects.filter(pk=case.pk, owner=user), owner=None)
            write_log(
                case=case,
                kind=LogEntry.Kind.OWNER,
                text=f"{user} werkt hier niet meer. Het dossier heeft geen eigenaar.",
                by=None,
                day=day,
            )
        bulk_changes.update(steps, owner=None)
        guests.delete()
    return lines


def user_owns(user: User, left: Grants) -> Q:
    """Cases of `user` of which they do not hold the owner's role any more."""
    kept = Q(pk__in=[])
    for role in CASE_WORKERS:
        kept |= Q(owner_role=role, school__in=left.school_ids({role}))
    return Q(owner=user) & ~kept


def _at_own_school(left: Grants) -> Q:
    """Steps of a role that is still held at the school that runs the case."""
    kept = Q(pk__in=[])
    for role in AT_SCHOOL:
        kept |= Q(role=role, case__school__in=left.school_ids({role}))
    return kept

"""Who sees pupils for a time, who asks for that, and what was opened in an emergency."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models.query import QuerySet
from django.utils import timezone

from attendance.access_rules import ENDS_SOON, ends_soon, lapses_at
from attendance.models import AccessRequest, Assignment, EmergencyAccess, Pupil
from attendance.models.pupils import holds_on
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import ASSIGNED, Role

SHOWN = 50
WAITING = AccessRequest.Status.WAITING


@dataclass(frozen=True)
class Door:
    """A pupil whom somebody may read about for a time: until when, and by what."""

    pupil: Pupil
    last: date | None
    until: datetime | None
    reads_only: bool


def doors_of(user: User, pupils: QuerySet[Pupil], now: datetime) -> list[Door]:
    """Those of `pupils` (which `user` may see) that are open to `user` for a time only; what ends first on top."""
    grants = grants_of(user)
    given = Assignment.objects.filter(holds_on(grants.day), user=user, role__in=grants.roles, pupil__in=pupils)
    opened = EmergencyAccess.objects.open(now).filter(user=user, role__in=grants.roles, pupil__in=pupils)
    doors = [Door(row.pupil, None, row.ends_at, True) for row in opened.select_related("pupil").order_by("ends_at")]
    return doors + [
        Door(row.pupil, row.last, None, row.role not in ASSIGNED)
        for row in given.select_related("pupil").order_by("last", "pk")
    ]


def requests_of(user: User) -> QuerySet[AccessRequest]:
    """What somebody asked, the latest first. A question that fits nobody looks as any other."""
    return AccessRequest.objects.filter(asker=user).select_related("school", "decided_by").order_by("-asked_at")[:SHOWN]


@dataclass(frozen=True)
class Outsider:
    """Somebody who sees a pupil for a time."""

    assignment: Assignment
    soon: bool


def outsiders(found: QuerySet[Assignment], today: date) -> list[Outsider]:
    """Those of `found` that hold today; what ends first on top."""
    rows = found.filter(holds_on(today)).select_related("user", "pupil", "by").order_by("last", "pk")
    return [Outsider(row, ends_soon(row.last, today)) for row in rows]


@dataclass(frozen=True)
class Waiting:
    """A question that waits for the COO."""

    request: AccessRequest
    lapses_on: date


def waiting_requests(found: QuerySet[AccessRequest]) -> list[Waiting]:
    """Those of `found` that nobody answered yet; the oldest on top."""
    rows = found.filter(status=WAITING).select_related("asker", "pupil", "school").order_by("asked_at", "pk")
    return [Waiting(row, timezone.localtime(lapses_at(row.asked_at)).date()) for row in rows]


def answered_requests(found: QuerySet[AccessRequest]) -> QuerySet[AccessRequest]:
    """Those of `found` that were answered or lapsed, the latest first."""
    rows = found.exclude(status=WAITING).select_related("asker", "pupil", "decided_by", "assignment")
    return rows.order_by("-asked_at", "-pk")[:SHOWN]


def has_access_to_tend(user: User, today: date) -> bool:
    """Whether something about access waits for this COO or zorgcoach: a question, an end, an emergency."""
    return (
        AccessRequest.objects.visible_to(user).filter(status=WAITING).exists()
        or Assignment.objects.visible_to(user).filter(holds_on(today), last__lte=today + ENDS_SOON).exists()
        or EmergencyAccess.objects.visible_to(user).open(timezone.now()).exists()
    )


def has_emergency_to_review(user: User, today: date) -> bool:  # noqa: ARG001 - each section is asked so
    """Whether somebody opened a pupil in an emergency and the privacy officer did not judge it yet."""
    return EmergencyAccess.objects.judgeable_by(user).filter(reviewed_at__isnull=True).exists()


@dataclass(frozen=True)
class EmergencyLine:
    """One emergency as its reader may see it. `name` is empty for the FG, to whom a pupil is a code."""

    code: UUID
    who: str
    role: str
    school: str
    subject: str
    pupil_code: UUID | None
    name: str
    reason: str
    opened_at: datetime
    ends_at: datetime
    ended_at: datetime | None
    is_open: bool
    may_end: bool
    may_review: bool
    judgement: str
    judgement_text: str
    reviewed_by: str
    reviewed_at: datetime | None


def emergency_lines(user: User, now: datetime) -> list[EmergencyLine]:
    """What `user` may know of emergencies, the latest first."""
    as_coo = grants_of(user).school_ids({Role.COO})
    to_review = set(
        EmergencyAccess.objects.judgeable_by(user).filter(reviewed_at__isnull=True).values_list("pk", flat=True)
    )
    rows = EmergencyAccess.objects.visible_to(user).select_related("user", "pupil", "school", "reviewed_by")
    found = []
    for row in rows.order_by("-opened_at", "-pk")[:SHOWN]:
        mine = bool({row.school_id, row.school_of_enrolment_id} & as_coo)
        is_open = row.ended_at is None and row.ends_at > now
        found.append(
            EmergencyLine(
                code=row.code,
                who=row.user.name,
                role=row.get_role_display(),
                school=row.school.name,
                subject=row.pupil.code.hex[:8],
                pupil_code=row.pupil.code if mine else None,
                name=row.pupil.full_name if mine else "",
                reason=row.reason,
                opened_at=row.opened_at,
                ends_at=row.ends_at,
                ended_at=row.ended_at,
                is_open=is_open,
                may_end=is_open and mine,
                may_review=row.pk in to_review,
                judgement=row.get_judgement_display() if row.judgement else "",
                judgement_text=row.judgement_text,
                reviewed_by=row.reviewed_by.name if row.reviewed_by else "",
                reviewed_at=row.reviewed_at,
            )
        )
    return found

"""Why somebody may read about a pupil who is not theirs, for a time (settings.ACCESS_GROUNDS): let in, or in an
emergency. The same rules as `looked_in_on` of Pupil; tests/attendance/test_access_grounds.py compares them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from uuid import UUID

from django.utils import timezone

from attendance.grounds import earliest
from attendance.models import Assignment, EmergencyAccess
from attendance.models.pupils import holds_on
from thuiszitters.accounts.authorizer import Ground
from thuiszitters.accounts.data_classes import Scope
from thuiszitters.accounts.dutch_dates import full_date
from thuiszitters.accounts.models import Membership
from thuiszitters.accounts.roles import IN_AN_EMERGENCY, LOOKS_IN, Role


def until_text(moment: datetime) -> str:
    """The moment at which an emergency ends, as the panel and the log tell it: "di 24 nov 2026 14:00"."""
    local = timezone.localtime(moment)
    return f"{full_date(local.date())} {local:%H:%M}"


def grounds_of_looking_in(subject: UUID, today: date, user_id: int | None) -> Iterator[Ground]:
    """Grounds to read and no more. Three queries, however many people there are."""
    let_in = Assignment.objects.filter(holds_on(today), pupil__code=subject, role__in=LOOKS_IN)
    opened = EmergencyAccess.objects.open(timezone.now()).filter(pupil__code=subject, role__in=IN_AN_EMERGENCY)
    if user_id is not None:
        let_in, opened = let_in.filter(user=user_id), opened.filter(user=user_id)
    assigned, emergencies = list(let_in.order_by("first")), list(opened.order_by("opened_at"))
    people = {row.user_id for row in assigned} | {row.user_id for row in emergencies}
    held: dict[tuple[int, str], date | None] = {}
    memberships = Membership.objects.current(today).filter(user__in=people, user__is_active=True)
    for member in memberships.filter(role__in=IN_AN_EMERGENCY):
        key = (member.user_id, member.role)
        held[key] = member.last if key not in held else latest(held[key], member.last)
    for row in assigned:
        key = (row.user_id, row.role)
        if key in held:
            text = f"{row.get_role_display()} die meekijkt"
            until = earliest(row.last, held[key])
            yield Ground(row.user_id, Role(row.role), Scope.LOOKS_IN, text, row.first, until)
    for access in emergencies:
        if (access.user_id, access.role) in held:
            text = f"noodtoegang tot {until_text(access.ends_at)}, {access.get_role_display()}"
            yield Ground(access.user_id, Role(access.role), Scope.EMERGENCY, text)


def latest(one: date | None, other: date | None) -> date | None:
    """The last of two dates; None: no end."""
    return None if one is None or other is None else max(one, other)

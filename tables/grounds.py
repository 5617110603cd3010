"""Why somebody may come to a pupil because of the Thuiszitterstafel (settings.ACCESS_GROUNDS).

The same rules as `visible_to` of TableEntry for who has no other way in: samenwerkingsverband and leerplicht;
tests/test_grounds.py compares them.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.utils import timezone

from tables.models import TableEntry
from thuiszitters.accounts.authorizer import Ground
from thuiszitters.accounts.data_classes import Scope
from thuiszitters.accounts.dutch_dates import full_date
from thuiszitters.accounts.models import Membership
from thuiszitters.accounts.roles import Role

HERE = {
    Role.SWV: "waar de leerling op de tafel staat",
    Role.LEERPLICHT: "waar de leerling woont; die staat op de tafel",
}


def grounds_of_tables(subject: UUID, today: date, user_id: int | None) -> Iterator[Ground]:
    """Grounds from a place on the table, as long as the pupil has it. Two queries."""
    entries = list(
        TableEntry.objects.on_the_table()
        .filter(case__pupil__code=subject)
        .values_list("alliance", "case__pupil__municipality", "placed_at")
    )
    if not entries:
        return
    since = min(placed_at for _, _, placed_at in entries if placed_at is not None)
    held = Membership.objects.current(today).filter(
        Q(role=Role.SWV, alliance__in={alliance for alliance, _, _ in entries if alliance})
        | Q(role=Role.LEERPLICHT, municipality__in={lives for _, lives, _ in entries if lives}),
        user__is_active=True,
    )
    if user_id is not None:
        held = held.filter(user=user_id)
    for row in held.select_related("alliance", "municipality").order_by("pk"):
        role = Role(row.role)
        because = f"{HERE[role]} sinds {full_date(timezone.localtime(since).date())}"
        text = f"{role.label} van {row.organisation}"
        yield Ground(row.user_id, role, Scope.TABLE, text, row.first, row.last, because)

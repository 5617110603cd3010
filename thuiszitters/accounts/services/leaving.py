"""Somebody leaves: roles end, sessions stop, and what they had to do goes back to who holds the role.

What is let go of follows from one question: which of the roles that are left still carries it? So it may run twice, and
for somebody whose role was lengthened meanwhile it lets go of nothing. What somebody did stays in their name.

Each app lets go of its own rows, by a function that settings.LEAVING names:

    def release(*, user: User, left: Grants, day: date, now: datetime, apply: bool) -> list[str]

`left`: the roles that hold from `day` on. With `apply` False nothing changes: the answer is what would be said.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import cast

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.module_loading import import_string

from thuiszitters.accounts.grants import Grants, grants_by
from thuiszitters.accounts.models import Departure, Membership, User
from thuiszitters.accounts.services.sessions import end_sessions
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services import bulk_changes
from thuiszitters.audit.services.recording import record

Release = Callable[..., list[str]]


def counted(number: int, one: str, more: str) -> list[str]:
    """A line that says how many; none when there are none."""
    return [f"{number} {one if number == 1 else more}"] if number else []


def left_on(user: User, day: date, ending: QuerySet[Membership] | None = None) -> Grants:
    """What somebody still holds on `day`, without the memberships that are `ending`."""
    rows = Membership.objects.current(day).filter(user=user)
    if ending is not None:
        rows = rows.exclude(pk__in=ending.order_by().values("pk"))
    return grants_by(rows, user_id=user.pk, day=day)


def preview(*, user: User, ending: QuerySet[Membership], day: date, now: datetime) -> list[str]:
    """What would happen, in Dutch, a line for each kind of thing. Changes nothing."""
    left = left_on(user, day, ending)
    return _roles(ending, day) + _release(user, left, day, now, apply=False) + _account(user, left, ending, day)


def _roles(ending: QuerySet[Membership], day: date) -> list[str]:
    standing = ending.filter(Q(last__isnull=True) | Q(last__gte=day))
    return counted(standing.count(), "rol eindigt", "rollen eindigen")


def _account(user: User, left: Grants, ending: QuerySet[Membership], day: date) -> list[str]:
    to_come = Membership.objects.filter(user=user, first__gt=day).exclude(pk__in=ending.order_by().values("pk"))
    if left.roles or to_come.exists():
        return ["Alle sessies stoppen. De persoon houdt rollen bij een andere organisatie en kan daarvoor inloggen."]
    return ["Alle sessies stoppen, een open uitnodiging vervalt, en inloggen kan niet meer."]


def _release(user: User, left: Grants, day: date, now: datetime, *, apply: bool) -> list[str]:
    lines: list[str] = []
    for name in settings.LEAVING:
        lines += cast("Release", import_string(name))(user=user, left=left, day=day, now=now, apply=apply)
    return lines


def leave(
    *, user: User, ending: QuerySet[Membership], from_day: date, by: User, today: date, now: datetime
) -> Departure:
    """End these memberships of `user`: nothing of them holds from `from_day` on, today or later. May be repeated.

    Today: everything at once. Later: the roles get their last day now, and the rest follows on that day (carry_out).
    A role that had not begun by then never does.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        ended = [str(row.code) for row in ending.filter(Q(last__isnull=True) | Q(last__gte=from_day))]
        pks = list(ending.order_by().values_list("pk", flat=True))
        mine = Membership.objects.filter(pk__in=pks, user=user)
        mine.filter(first__gte=from_day).delete()
        last = from_day - timedelta(days=1)
        bulk_changes.update(mine.filter(Q(last__isnull=True) | Q(last__gt=last)), last=last)
        row, _ = Departure.objects.update_or_create(user=user, from_day=from_day, done_at=None, defaults={"by": by})
        record(
            Kind.RIGHTS,
            "vertrek",
            row=row.code,
            detail={"wie": str(user.code), "vanaf": from_day.isoformat(), "rollen": ended},
        )
        if from_day <= today:
            carry_out(departure=row, today=today, now=now)
        return row


def carry_out(*, departure: Departure, today: date, now: datetime) -> None:
    """The day has come. May be repeated."""
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=departure.user_id)
        left = left_on(user, today)
        lines = _release(user, left, today, now, apply=True)
        end_sessions(user=user)
        if not Membership.objects.filter(Q(last__isnull=True) | Q(last__gte=today), user=user).exists():
            user.is_active = False
            user.set_unusable_password()
            user.save(update_fields=["is_active", "password"])
        departure.done_at, departure.outcome = now, lines
        departure.save(update_fields=["done_at", "outcome"])
        record(Kind.RIGHTS, "vertrek uitgevoerd", row=departure.code, detail={"wie": str(user.code), "wat": lines})


def carry_out_due(*, today: date, now: datetime) -> int:
    """Carry out every departure whose day has come; how many."""
    due = list(Departure.objects.filter(done_at__isnull=True, from_day__lte=today).order_by("pk"))
    for row in due:
        carry_out(departure=row, today=today, now=now)
    return len(due)

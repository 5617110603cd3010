"""Who opened which file when, for the privacy officer (FG): logs, no files."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.db.models.query import QuerySet

from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import Membership, ReadLog, User
from thuiszitters.accounts.roles import Role

SHORT = 8
"""Characters of a pupil's code that are shown: enough to tell rows of one pupil from those of another."""
WEEK = timedelta(days=7)


def memberships_watched_by(user: User) -> QuerySet[Membership]:
    """Memberships, past ones too, at the organisations of which `user` is FG today; an alliance brings its schools."""
    grants = grants_of(user)
    schools, alliances = grants.school_ids({Role.FG}), grants.alliance_ids({Role.FG})
    return Membership.objects.filter(
        Q(school__in=schools) | Q(alliance__in=alliances) | Q(school__alliance__in=alliances)
    ).order_by()


def people_watched_by(user: User) -> QuerySet[User]:
    """Whose reading `user` may see, by name."""
    return User.objects.filter(Exists(memberships_watched_by(user).filter(user=OuterRef("pk")))).order_by("name", "pk")


def reads_visible_to(user: User) -> QuerySet[ReadLog]:
    """What was opened by people while they belonged to an organisation of which `user` is FG."""
    then = memberships_watched_by(user).filter(
        Q(last__isnull=True) | Q(last__gte=OuterRef("at__date")), user=OuterRef("user"), first__lte=OuterRef("at__date")
    )
    return ReadLog.objects.filter(Exists(then))


def reads_between(
    reads: QuerySet[ReadLog], first: date, last: date, *, person: User | None = None, pupil: str = ""
) -> QuerySet[ReadLog]:
    """Those of `reads` from `first` to `last`, newest first; by one person, of one pupil (the short code) if asked."""
    found = reads.filter(at__date__gte=first, at__date__lte=last)
    if person is not None:
        found = found.filter(user=person)
    if pupil:
        rest = 32 - SHORT
        found = found.filter(subject__range=(uuid.UUID(pupil + "0" * rest), uuid.UUID(pupil + "f" * rest)))
    return found.select_related("user").order_by("-at", "-pk")


@dataclass(frozen=True)
class ReadsOfPerson:
    """How often somebody opened a page about a pupil, of how many pupils, and when last."""

    name: str
    code: uuid.UUID
    times: int
    pupils: int
    last: datetime


def reads_by_person(reads: QuerySet[ReadLog], today: date) -> list[ReadsOfPerson]:
    """Who opened files in the last seven days, today included, most pupils first."""
    rows = (
        reads.filter(at__date__gt=today - WEEK, at__date__lte=today)
        .order_by()
        .values("user__name", "user__code")
        .annotate(times=Count("pk"), pupils=Count("subject", distinct=True), last=Max("at"))
        .order_by("-pupils", "-times", "user__name")
    )
    return [
        ReadsOfPerson(row["user__name"], row["user__code"], row["times"], row["pupils"], row["last"]) for row in rows
    ]

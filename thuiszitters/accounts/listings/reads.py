"""What stands in the log, for the privacy officer (FG): who did what and when; logs, no files."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from django.conf import settings
from django.db.models import Count, Exists, Max, OuterRef, Q
from django.db.models.query import QuerySet
from django.utils import timezone
from django.utils.module_loading import import_string

from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.listings.log_words import called
from thuiszitters.accounts.models import Membership, MembershipQuerySet, School, User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry

SHORT = 8
"""Characters of a pupil's code that are shown: enough to tell rows of one pupil from those of another."""
WEEK = timedelta(days=7)
ONE_DAY = timedelta(days=1)


def memberships_watched_by(user: User) -> MembershipQuerySet:
    """Memberships, past ones too, at the organisations of which `user` is FG today; an alliance brings its schools."""
    grants = grants_of(user)
    schools, alliances = grants.school_ids({Role.FG}), grants.alliance_ids({Role.FG})
    return Membership.objects.filter(
        Q(school__in=schools) | Q(alliance__in=alliances) | Q(school__alliance__in=alliances)
    ).order_by()


def schools_watched_by(user: User) -> set[int]:
    """Ids of the schools of which `user` is FG today, by themselves or by their alliance."""
    grants = grants_of(user)
    of_alliance = School.objects.filter(alliance__in=grants.alliance_ids({Role.FG})).values_list("pk", flat=True)
    return grants.school_ids({Role.FG}) | set(of_alliance)


def people_watched_by(user: User) -> QuerySet[User]:
    """Whose doings `user` may see, by name."""
    return User.objects.filter(Exists(memberships_watched_by(user).filter(user=OuterRef("pk")))).order_by("name", "pk")


def entries_visible_to(user: User) -> QuerySet[Entry]:
    """What was done by people while they belonged to an organisation of which `user` is FG, or, by whomever, about a
    child while it was a pupil there; mail that the application sent to who is there now; and, for every FG, what the
    application found wrong with the log itself."""
    watched = memberships_watched_by(user)
    then = watched.filter(
        Q(last__isnull=True) | Q(last__gte=OuterRef("at__date")),
        user__code=OuterRef("actor"),
        first__lte=OuterRef("at__date"),
    )
    enrolled_then = cast("Callable[[Collection[int]], Q]", import_string(settings.ENROLLED_THEN))
    now_here = watched.current(grants_of(user).day)
    receivers = [str(code) for code in now_here.values_list("user__code", flat=True).distinct()]
    mailed = Q(kind=Kind.MAIL, actor=None, row__in=receivers)
    # By whom first, then on which day: the first is a list that the database makes once (see enrolled_then).
    found = Q(actor__in=watched.values("user__code")) & Q(Exists(then))
    found |= enrolled_then(schools_watched_by(user)) | mailed
    if grants_of(user).has(Role.FG):
        found |= Q(kind=Kind.ALERT, actor=None, subject=None)
    return Entry.objects.filter(found)


def alerts_of_last_week(user: User, today: date) -> int:
    """How many of those are alerts of the last seven days, today included."""
    return entries_visible_to(user).filter(kind=Kind.ALERT, at__gte=midnight(today - WEEK + ONE_DAY)).count()


def reads_visible_to(user: User) -> QuerySet[Entry]:
    """Of those, the openings of files."""
    return entries_visible_to(user).filter(kind=Kind.READ)


@dataclass(frozen=True)
class Question:
    """What the FG asks of the log: a period, or all that one click (`request_id`) caused, whenever it was."""

    first: date
    last: date
    kind: str = ""
    person: User | None = None
    pupil: str = ""
    page: str = ""
    request_id: str = ""


def answer(entries: QuerySet[Entry], asked: Question) -> QuerySet[Entry]:
    """Those of `entries` that were asked for, newest first."""
    if asked.request_id:
        return entries.filter(request_id=asked.request_id).order_by("-at", "-pk")
    found = entries.filter(at__gte=midnight(asked.first), at__lt=midnight(asked.last + ONE_DAY))
    if asked.kind:
        found = found.filter(kind=asked.kind)
    if asked.person is not None:
        found = found.filter(actor=asked.person.code)
    if asked.pupil:
        rest = 32 - SHORT
        found = found.filter(subject__range=(uuid.UUID(asked.pupil + "0" * rest), uuid.UUID(asked.pupil + "f" * rest)))
    if asked.page:
        word = asked.page.casefold()
        # The page says it in Dutch; the code, which stands in other systems, is found too.
        named = [what for what in Entry.objects.whats() if word in called(what).casefold() or word in what.casefold()]
        found = found.filter(what__in=named)
    return found.order_by("-at", "-pk")


def midnight(day: date) -> datetime:
    """When this day begins in the Netherlands."""
    return timezone.make_aware(datetime(day.year, day.month, day.day))  # noqa: DTZ001 - made aware right here


def names_of(codes: Iterable[uuid.UUID | None]) -> dict[uuid.UUID | None, str]:
    """By what names these users are known; the log itself holds codes."""
    wanted = {code for code in codes if code is not None}
    return dict(User.objects.filter(code__in=wanted).values_list("code", "name"))


@dataclass(frozen=True)
class ReadsOfPerson:
    """How often somebody opened a page about a pupil, of how many pupils, and when last."""

    name: str
    code: uuid.UUID
    times: int
    pupils: int
    last: datetime


def reads_by_person(reads: QuerySet[Entry], today: date) -> list[ReadsOfPerson]:
    """Who opened files in the last seven days, today included, most pupils first."""
    rows = list(
        reads.filter(at__gte=midnight(today - WEEK + ONE_DAY), at__lt=midnight(today + ONE_DAY))
        .order_by()
        .values("actor")
        .annotate(times=Count("pk"), pupils=Count("subject", distinct=True), last=Max("at"))
    )
    names = names_of(row["actor"] for row in rows)
    found = [
        ReadsOfPerson(names.get(code, "iemand"), code, row["times"], row["pupils"], row["last"])
        for row in rows
        if (code := row["actor"]) is not None
    ]
    return sorted(found, key=lambda row: (-row.pupils, -row.times, row.name))

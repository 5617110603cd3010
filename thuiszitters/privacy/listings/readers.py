"""Who can see a pupil, why and until when, and who looked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import F, Q, QuerySet

from attendance.models import Pupil
from cases.models import Case
from thuiszitters.accounts.authorizer import Ground, everybody_with
from thuiszitters.accounts.data_classes import DataClass
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.listings.reads import names_of
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry
from thuiszitters.privacy.pieces.source import in_log_of

NOT_ABOUT_ONE_PUPIL = frozenset({DataClass.NUMBERS, DataClass.READERS, DataClass.READS})
SEES_READS = (Role.COO, Role.ZORGCOACH, Role.SCHOOLLEIDER)
"""Who sees who looked at a pupil of their school."""
MOST = 500
NOBODY = "iemand die hier niet meer werkt"


@dataclass(frozen=True)
class Reader:
    """Somebody who can see this pupil: on which grounds, and which parts."""

    name: str
    grounds: tuple[Ground, ...]
    parts: tuple[DataClass, ...]


@dataclass(frozen=True)
class Read:
    """Somebody opened a part. `why` is the ground as it was then; empty in what is older than that."""

    at: datetime
    actor: UUID | None
    name: str
    part: str
    why: str


@dataclass(frozen=True)
class ReadsOfPart:
    """How often one person opened one part, and when last. `why`: the ground of the last time."""

    name: str
    part: str
    times: int
    last: datetime
    why: str


def pupils_with_a_file(user: User) -> QuerySet[Pupil]:
    """The pupils that `user` may know of, on their own account or because of a case."""
    of_cases = Case.objects.visible_to(user).order_by().values("pupil")
    return Pupil.objects.filter(Q(pk__in=Pupil.objects.visible_to(user).order_by().values("pk")) | Q(pk__in=of_cases))


def case_to_show(pupil: Pupil, user: User) -> Case | None:
    """The case whose tabs stand above the page: the open one, else the last."""
    rows = Case.objects.visible_to(user).filter(pupil=pupil)
    return rows.order_by(F("closed_at").desc(nulls_first=True), "-pk").first()


def readers_of(subject: UUID, today: date) -> list[Reader]:
    """Everybody who can see something of this pupil today, who sees most first."""
    found = [
        Reader(person.name, tuple(grounds), parts_of(grounds))
        for person, grounds in everybody_with(subject, today=today).items()
    ]
    return sorted((row for row in found if row.parts), key=lambda row: (-len(row.parts), row.name))


def parts_of(grounds: Iterable[Ground]) -> tuple[DataClass, ...]:
    """What these grounds open together of one pupil, in the order of the matrix."""
    opened = {part for ground in grounds for part in ground.opens} - NOT_ABOUT_ONE_PUPIL
    return tuple(part for part in DataClass if part in opened)


def parts_shown(readers: Iterable[Reader]) -> tuple[DataClass, ...]:
    """The parts that anybody sees, in the order of the matrix."""
    seen = {part for row in readers for part in row.parts}
    return tuple(part for part in DataClass if part in seen)


def reads_of(subject: UUID, user: User) -> list[Read]:
    """The last times that somebody opened a part about this pupil, newest first, as far as the schools where
    `user` has that right answer for it (see in_log_of)."""
    of_schools = in_log_of(grants_of(user).school_ids(SEES_READS))
    rows = list(Entry.objects.filter(of_schools, subject=subject, kind=Kind.READ).order_by("-at", "-pk")[:MOST])
    names = names_of(row.actor for row in rows)
    return [Read(row.at, row.actor, names.get(row.actor, NOBODY), row.what, row.why) for row in rows]


def reads_by_part(reads: Iterable[Read]) -> list[ReadsOfPart]:
    """Per person and part, who looked last first. `reads` come newest first."""
    found: dict[tuple[UUID | None, str], ReadsOfPart] = {}
    for read in reads:
        key = (read.actor, read.part)
        before = found.get(key)
        found[key] = (
            ReadsOfPart(read.name, read.part, 1, read.at, read.why)
            if before is None
            else ReadsOfPart(before.name, before.part, before.times + 1, before.last, before.why)
        )
    return list(found.values())

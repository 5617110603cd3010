"""The one place that says who may see what of a child, and why.

A **ground** is why one person may come to one pupil: mentor of the class, COO of the school, a report that was sent, a
place on the table. Each app adds the grounds that follow from its own rows, by a function that settings.ACCESS_GROUNDS
names ("attendance.grounds.grounds_of_attendance"):

    def grounds_of_x(subject: UUID, today: date, user_id: int | None) -> Iterable[Ground]

It is given the code of a pupil and answers with all grounds of `user_id`, or of everybody when that is None, in a
number of queries that follows neither people nor rows. It leaves out users who are not active and memberships that
ended. The same change in a rule is made there and in the model's `visible_to`; tests/test_grounds.py compares them.

What a ground opens is not said there but in data_classes.MATRIX: the classes that `role` sees along the road `scope`.
A new way in (access that was granted for a while, emergency access) is a function of its own in that setting, with
`until` filled in, and the same rows in `visible_to`.

Pages ask `access_to(user, pupil.code)`, or `may_see` for one question. Roles are the door of the page (403,
for_roles), rows are 404 (`visible_to`), and parts of a page are for who has a ground: what is not allowed is not put in
the context.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import cast
from uuid import UUID

from django.conf import settings
from django.utils.module_loading import import_string

from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.data_classes import NOT_YET, READS_ONLY, DataClass, Scope, classes_of, scopes_of
from thuiszitters.accounts.dutch_dates import full_date
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role


@dataclass(frozen=True)
class Ground:
    """Why one person may come to one pupil. `text` names role and place and no pupil ("mentor van 2a"), since it stands
    in the log. `since` None: not kept; `until` None: no end known. Both dates are included, and are those of `text`;
    `because` is what the pupil has to do with that ("waar de leerling is ingeschreven")."""

    user_id: int
    role: Role
    scope: Scope
    text: str
    since: date | None = None
    until: date | None = None
    because: str = ""

    @property
    def sentence(self) -> str:
        """With from when and until when: "mentor van 2a sinds ma 1 sep 2025"."""
        since = f" sinds {full_date(self.since)}" if self.since else ""
        until = f" tot en met {full_date(self.until)}" if self.until else ""
        because = f", {self.because}" if self.because else ""
        return f"{self.text}{since}{until}{because}"

    @property
    def opens(self) -> tuple[DataClass, ...]:
        """The classes of data that this ground opens."""
        return classes_of(self.role, self.scope)


Provider = Callable[[UUID, date, int | None], Iterable[Ground]]


@dataclass(frozen=True)
class Answer:
    """Yes or no, with why in Dutch. `ground` is what it rests on, when it is yes."""

    allowed: bool
    reason: str
    ground: Ground | None = None

    def __bool__(self) -> bool:
        return self.allowed


@dataclass(frozen=True)
class Access:
    """What somebody may see of one pupil, as far as the page that is open lets their roles count."""

    grounds: tuple[Ground, ...]

    def may_see(self, data_class: DataClass) -> Answer:
        """Whether one of the grounds opens this class; the first that does is the reason."""
        if data_class in NOT_YET:
            return Answer(allowed=False, reason=f"{data_class.label}: bestaat nog niet")
        for ground in self.grounds:
            if ground.scope in scopes_of(ground.role, data_class):
                return Answer(allowed=True, reason=ground.sentence, ground=ground)
        roles = ", ".join(dict.fromkeys(ground.role.label for ground in self.grounds))
        return Answer(allowed=False, reason=f"{roles or 'wie geen grond heeft'} ziet dit niet: {data_class.label}")


def grounds_about(subject: UUID, *, today: date, user: User | None = None) -> list[Ground]:
    """All grounds to come to this pupil: of everybody, or of one person in all their roles."""
    found: list[Ground] = []
    for name in settings.ACCESS_GROUNDS:
        found += cast("Provider", import_string(name))(subject, today, user.pk if user else None)
    return found


def access_to(user: User, subject: UUID) -> Access:
    """What `user` may see of the pupil with this code today. Asked of the database once for a user object (which lives
    as long as a request) and pupil."""
    grants = grants_of(user)
    kept: dict[tuple[UUID, date], list[Ground]] = user.__dict__.setdefault("_grounds", {})
    key = (subject, grants.day)
    if key not in kept:
        kept[key] = grounds_about(subject, today=grants.day, user=user) if grants.roles else []
    return Access(
        tuple(
            ground
            for ground in kept[key]
            if ground.role in grants.roles and (grants.reading or ground.scope not in READS_ONLY)
        )
    )


def may_see(user: User, data_class: DataClass, subject: UUID) -> Answer:
    """Whether `user` may see this class of data of the pupil with this code, and why."""
    return access_to(user, subject).may_see(data_class)


def everybody_with(subject: UUID, *, today: date | None = None) -> dict[User, list[Ground]]:
    """Who can see this pupil today, each with their grounds; by name."""
    by_user: dict[int, list[Ground]] = {}
    for ground in grounds_about(subject, today=today or clock_today()):
        by_user.setdefault(ground.user_id, []).append(ground)
    people = User.objects.filter(pk__in=by_user).order_by("name", "pk")
    return {person: by_user[person.pk] for person in people}

"""What somebody's memberships come down to today: the one answer that every row filter starts from."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
from django.db.models.query import QuerySet

from thuiszitters.accounts.clock import today as clock_today
from thuiszitters.accounts.models import Membership, School, User
from thuiszitters.accounts.roles import AT_YOUTH_HEALTH, Role
from thuiszitters.accounts.second_factor_rule import ASKED_OF_ORGANISATIONS, wanted_by


@dataclass(frozen=True)
class Grants:
    """Roles with the ids of the organisations at which they are held on `day`.

    `second_factor`: one of those wants a second step of who logs in. `reading`: this is a page that only reads, so that
    access which was given for reading alone counts (see for_roles).
    """

    user_id: int
    day: date
    roles: frozenset[Role]
    second_factor: bool = False
    schools: dict[Role, frozenset[int]] = field(default_factory=dict)
    alliances: dict[Role, frozenset[int]] = field(default_factory=dict)
    municipalities: dict[Role, frozenset[int]] = field(default_factory=dict)
    reading: bool = field(default=False, kw_only=True)

    def only(self, roles: Collection[Role]) -> Grants:
        """What is left when nothing but these roles counts."""
        kept = [
            {role: ids for role, ids in found.items() if role in roles}
            for found in (self.schools, self.alliances, self.municipalities)
        ]
        return Grants(self.user_id, self.day, self.roles & frozenset(roles), self.second_factor, *kept)

    def school_ids(self, roles: Iterable[Role]) -> set[int]:
        """Ids of the schools at which any of `roles` is held."""
        return {pk for role in roles for pk in self.schools.get(role, ())}

    def alliance_ids(self, roles: Iterable[Role]) -> set[int]:
        """Ids of the alliances at which any of `roles` is held."""
        return {pk for role in roles for pk in self.alliances.get(role, ())}

    def municipality_ids(self, roles: Iterable[Role]) -> set[int]:
        """Ids of the municipalities at which any of `roles` is held."""
        return {pk for role in roles for pk in self.municipalities.get(role, ())}

    def has(self, *roles: Role) -> bool:
        """Whether any of `roles` is held anywhere."""
        return any(role in self.roles for role in roles)


def act_as(user: User | AnonymousUser, roles: Collection[Role], *, reading: bool = False) -> None:
    """From here on only these roles count for this user object: those that the page lets in.

    So somebody who is COO at one school and mentor at another cannot do a COO's work at the other. `reading`: the page
    only reads, and shows also what somebody may read and no more. Anywhere else such access is as if it was not there.
    """
    user.__dict__["_acting_as"] = frozenset(roles)
    user.__dict__["_reading"] = reading


def grants_of(user: User | AnonymousUser, today: date | None = None) -> Grants:
    """The grants of `user` on `today` (default: now) that count on this page (see act_as)."""
    grants = all_grants_of(user, today)
    roles: frozenset[Role] | None = user.__dict__.get("_acting_as")
    found = grants if roles is None or grants.roles <= roles else grants.only(roles)
    return replace(found, reading=True) if user.__dict__.get("_reading") else found


def all_grants_of(user: User | AnonymousUser, today: date | None = None) -> Grants:
    """The grants of `user` on `today`, whatever page it is; read once per user object and day. For the menu."""
    day = today or clock_today()
    if not isinstance(user, User) or not user.is_active:
        return Grants(user_id=0, day=day, roles=frozenset())
    cached: Grants | None = user.__dict__.get("_grants")
    if cached is not None and cached.day == day:
        return cached
    grants = grants_by(Membership.objects.current(day).filter(user=user), user_id=user.pk, day=day)
    user.__dict__["_grants"] = grants
    return grants


def grants_by(memberships: QuerySet[Membership], *, user_id: int, day: date) -> Grants:
    """What these memberships, all of one person, come down to on `day`."""
    kinds: dict[str, dict[Role, set[int]]] = {
        key: defaultdict(set) for key in ("school_id", "alliance_id", "municipality_id")
    }
    roles: set[Role] = set()
    second_factor = False
    rows: Iterable[dict[str, Any]] = memberships.values("role", *kinds, *ASKED_OF_ORGANISATIONS).order_by()
    for row in rows:
        second_factor = second_factor or wanted_by(row)
        role = Role(row["role"])
        roles.add(role)
        for key, found in kinds.items():
            if row[key] is not None:
                found[role].add(row[key])
    frozen = [{role: frozenset(ids) for role, ids in kinds[key].items()} for key in kinds]
    return Grants(user_id, day, frozenset(roles), second_factor, *frozen)


def schools_near(grants: Grants, roles: Collection[Role]) -> QuerySet[School]:
    """The schools that somebody has to do with in any of these roles: where it is held, those of the same alliance, and
    all schools for youth health care, which works for all of them."""
    held = grants.roles & frozenset(roles)
    if held & AT_YOUTH_HEALTH:
        return School.objects.all()
    mine = School.objects.filter(pk__in=grants.school_ids(held))
    return School.objects.filter(
        Q(pk__in=mine.values("pk"))
        | Q(alliance__in=mine.values("alliance"))
        | Q(alliance__in=grants.alliance_ids(held))
    )

"""Who holds a role today."""

from __future__ import annotations

from datetime import date

from django.db.models import Q
from django.db.models.query import QuerySet

from thuiszitters.accounts.models import Membership, School, User
from thuiszitters.accounts.roles import Role


def holders_of(*, role: Role, school: School, today: date) -> list[User]:
    """Active users who hold `role` at `school` today, in order of name."""
    return _people(Membership.objects.current(today).filter(role=role, school=school))


def privacy_officers_of(school: School, today: date) -> list[User]:
    """The FG of the school and that of its alliance, in order of name."""
    here = Q(school=school)
    if school.alliance_id is not None:
        here |= Q(alliance=school.alliance_id)
    return _people(Membership.objects.current(today).filter(here, role=Role.FG))


def _people(memberships: QuerySet[Membership]) -> list[User]:
    return list(User.objects.filter(pk__in=memberships.values("user"), is_active=True).order_by("name", "pk"))

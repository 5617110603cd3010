"""Who can be said to leave by whom, and who did."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q
from django.db.models.query import QuerySet

from thuiszitters.accounts.models import Departure, Membership, MembershipQuerySet, User
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.setup_site import reach_of


def memberships_within(user: User) -> MembershipQuerySet:
    """All roles, of now and before, at the organisations that `user` sets up."""
    reach = reach_of(user)
    return Membership.objects.filter(Q(school__in=reach.schools) | Q(alliance__in=reach.alliances))


def people_within(user: User) -> QuerySet[User]:
    """People with a role, now or before, at the organisations that `user` sets up: but for the one who asks, and who
    installed the application."""
    here = memberships_within(user).filter(user=OuterRef("pk"))
    return User.objects.filter(Exists(here), is_superuser=False).exclude(pk=user.pk)


def departures_within(user: User) -> QuerySet[Departure]:
    """Departures of these people that were entered here, the latest first: where they went next is not told."""
    people = people_within(user).order_by().values("pk")
    found = Departure.objects.filter(user__in=people)
    if not reach_of(user).everything:
        found = found.filter(Exists(memberships_within(user).filter(role=Role.BEHEERDER, user=OuterRef("by"))))
    return found.select_related("user", "by").order_by("-asked_at", "-pk")

"""Whose data somebody watches over: the schools and alliances of their role."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q

from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role

PROPOSES = frozenset({Role.BEHEERDER})
APPROVES = frozenset({Role.FG, Role.SCHOOLLEIDER})
HOLDS = frozenset({Role.FG, Role.SCHOOLLEIDER})
WATCHES = PROPOSES | APPROVES


def kept_for_school(user: User, roles: Iterable[Role]) -> Q:
    """Rows with a `school` that `user` watches over in one of `roles` today. An alliance brings its schools."""
    grants = grants_of(user)
    asked = list(roles)
    return Q(school__in=grants.school_ids(asked)) | Q(school__alliance__in=grants.alliance_ids(asked))


def kept_for(user: User, roles: Iterable[Role]) -> Q:
    """The same for rows of which either `school` or `alliance` is set."""
    asked = list(roles)
    return kept_for_school(user, asked) | Q(alliance__in=grants_of(user).alliance_ids(asked))

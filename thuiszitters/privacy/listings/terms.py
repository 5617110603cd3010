"""The retention terms of an alliance as a page shows them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.db.models.query import QuerySet
from django.http import Http404

from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import Alliance, User
from thuiszitters.privacy.data_classes import DataClass
from thuiszitters.privacy.keepers import PROPOSES, WATCHES
from thuiszitters.privacy.models import RetentionTerm
from thuiszitters.privacy.services.term_rows import in_force
from thuiszitters.privacy.term_bounds import BOUNDS, Bound, may_change


@dataclass(frozen=True)
class ClassLine:
    """A class of data: the norm of this application, the row that holds, what the law fixes, and the earlier choices of
    the alliance, the last one first."""

    data_class: DataClass
    norm: RetentionTerm
    holds: RetentionTerm
    bound: Bound | None
    earlier: list[RetentionTerm]
    may_change: bool


def alliances_watched_by(user: User) -> QuerySet[Alliance]:
    """Of which `user` sees the terms: their own, and that of their school."""
    grants = grants_of(user)
    of_school = Q(schools__in=grants.school_ids(WATCHES))
    return Alliance.objects.filter(Q(pk__in=grants.alliance_ids(WATCHES)) | of_school).distinct().order_by("name", "pk")


def may_choose(user: User, alliance: Alliance) -> bool:
    """Whether `user` is beheerder of the alliance itself: a term holds for all its schools."""
    return alliance.pk in grants_of(user).alliance_ids(PROPOSES)


def class_lines(alliance: Alliance, today: date) -> list[ClassLine]:
    """A line a class, in the order of the classes. One query."""
    mine = RetentionTerm.objects.filter(Q(alliance=None) | Q(alliance=alliance), valid_from__lte=today)
    rows = list(mine.select_related("by").order_by("-valid_from", "-pk"))
    norms, holding = in_force(rows, None, today), in_force(rows, alliance.pk, today)
    return [
        ClassLine(
            data_class,
            norm,
            holding[data_class],
            BOUNDS.get(data_class),
            [row for row in rows if row.data_class == data_class and row.alliance_id and row != holding[data_class]],
            may_change(data_class),
        )
        for data_class, norm in norms.items()
    ]


def class_line_or_404(alliance: Alliance, value: str, today: date) -> ClassLine:
    """The line of one class that the alliance has something to choose of."""
    for line in class_lines(alliance, today):
        if line.data_class.value == value and line.may_change:
            return line
    raise Http404


def alliance_or_404(user: User, code: UUID) -> Alliance:
    """The alliance with this code whose terms `user` sees."""
    alliance = alliances_watched_by(user).filter(code=code).first()
    if alliance is None:
        raise Http404
    return alliance

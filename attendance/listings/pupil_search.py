"""Finding a pupil by name, class or number, among those that one may see."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.db.models.query import QuerySet

from attendance.models import Enrolment, Pupil

MOST = 50


@dataclass(frozen=True)
class Found:
    """A pupil with where they are now; both empty for who left."""

    pupil: Pupil
    group_name: str
    school_name: str


def plain(text: str) -> str:
    """Without accents and case."""
    return "".join(char for char in unicodedata.normalize("NFKD", text) if not unicodedata.combining(char)).casefold()


def search_pupils(pupils: QuerySet[Pupil], enrolments: QuerySet[Enrolment], words: str, today: date) -> list[Found]:
    """At most fifty of `pupils` for whom each word fits a name, a number, or the class of today; by name.

    `enrolments` are those whose school and class may be shown.
    """
    now = enrolments.filter(pk__in=Enrolment.objects.on(today))
    for word in words.split():
        in_group = now.filter(pupil=OuterRef("pk"), group__name__iexact=word)
        pupils = pupils.filter(
            Q(first_name__istartswith=word)
            | Q(surname_key__contains=plain(word))
            | Q(prefix__iexact=word)
            | Q(number__iexact=word)
            | Exists(in_group)
        )
    shown = Prefetch("enrolments", now.select_related("group", "place").order_by("first"), to_attr="now_at")
    rows = pupils.prefetch_related(shown).order_by("surname_key", "first_name", "pk")[:MOST]
    return [found(pupil) for pupil in rows]


def found(pupil: Pupil) -> Found:
    current: list[Enrolment] = getattr(pupil, "now_at", [])
    if not current:
        return Found(pupil, "", "")
    last = current[-1]
    return Found(pupil, last.group.name if last.group else "", last.place.name)

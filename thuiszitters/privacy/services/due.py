"""What is old enough to go. Who is not due costs nothing: they are not read."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta
from functools import reduce
from operator import or_

from django.db.models import Count, Exists, Max, OuterRef, Q

from attendance.models import Enrolment, Pupil
from tables.models import TableEntry
from thuiszitters.privacy.data_classes import BY_SCHOOL, DataClass
from thuiszitters.privacy.data_map import HELD
from thuiszitters.privacy.models import RetentionTerm
from thuiszitters.privacy.parts import Holder
from thuiszitters.privacy.services.holdings import Holdings, Part, chunks, model_of
from thuiszitters.privacy.terms import Term

LEEWAY = timedelta(days=3)
"""Months differ in length: the search is this much wider than the rule."""


def past_their_term(holders: Collection[Holder], *, today: date) -> list[Part]:
    """All data of these holders whose term is over, also what is blocked, by pupil and in the order of destruction."""
    terms = RetentionTerm.objects.all().as_terms()
    found = []
    for ids in chunks(candidates(holders, terms=terms, today=today)):
        found += Holdings(ids, today=today, terms=terms).past_their_term()
    wanted = set(holders)
    return [part for part in found if part.holder in wanted]


def candidates(holders: Collection[Holder], *, terms: list[Term], today: date) -> set[int]:
    """Pupils (ids) of whom something of these holders can be due: a few too many, never one too few."""
    schools = [holder.school_id for holder in holders if holder.school_id is not None]
    alliances = [holder.alliance_id for holder in holders if holder.alliance_id is not None]
    found: set[int] = set()
    for data_class in BY_SCHOOL:
        for before in since(data_class, terms, today):
            found |= set(left_before(schools, data_class, before))
    for before in since(DataClass.TABLE, terms, today):
        entries = TableEntry.objects.filter(
            Q(alliance__in=alliances) | Q(alliance=None),
            Q(left_at__date__lte=before) | Q(left_at=None, case__closed_at__date__lte=before),
            placed_at__isnull=False,
        )
        found |= set(entries.order_by().values_list("case__pupil", flat=True))
    return found


def since(data_class: DataClass, terms: list[Term], today: date) -> list[date]:
    """The last start of a term that can be over by now: one date, none when no term holds."""
    starts = [today - term.length for term in terms if term.data_class == data_class and term.valid_from <= today]
    return [max(starts) + LEEWAY] if starts else []


def left_before(schools: Collection[int], data_class: DataClass, before: date) -> list[int]:
    """Pupils who left one of these schools on or before this date, with any row of this class."""
    left = (
        Enrolment.objects.filter(school__in=schools)
        .order_by()
        .values("pupil", "school")
        .annotate(latest=Max("last"), without_end=Count("pk", filter=Q(last__isnull=True)))
        .filter(without_end=0, latest__lte=before)
    )
    rows = [
        Exists(model_of(entry)._default_manager.filter(**{entry.pupil: OuterRef("pk")}, **entry.only))  # noqa: SLF001 - so Django calls it
        for entry in HELD
        if entry.data_class == data_class
    ]
    pupils = Pupil.objects.filter(reduce(or_, [Q(row) for row in rows]), pk__in=left.values("pupil"))
    return list(pupils.order_by().values_list("pk", flat=True))

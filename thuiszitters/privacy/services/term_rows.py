"""Which terms hold, as they stand in the database."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q

from thuiszitters.accounts.models import School
from thuiszitters.privacy.data_classes import DataClass
from thuiszitters.privacy.models import RetentionTerm
from thuiszitters.privacy.parts import Holder
from thuiszitters.privacy.terms import term_on


def in_force(rows: Iterable[RetentionTerm], alliance_id: int | None, today: date) -> dict[DataClass, RetentionTerm]:
    """Of each class the row of `rows` that holds: that of the alliance, else the general one. A class without: none."""
    by_term = {row.term: row for row in rows}
    found = {data_class: term_on(data_class, by_term, today, alliance_id) for data_class in DataClass}
    return {data_class: by_term[term] for data_class, term in found.items() if term is not None}


def term_rows(holder: Holder, today: date) -> dict[DataClass, RetentionTerm]:
    """The same for a school or an alliance."""
    alliance_id = holder.alliance_id
    if holder.school_id is not None:
        alliance_id = School.objects.values_list("alliance", flat=True).get(pk=holder.school_id)
    rows = RetentionTerm.objects.filter(Q(alliance=None) | Q(alliance=alliance_id))
    return in_force(rows.order_by("pk"), alliance_id, today)

"""Whether anything belongs to a row, wherever in the application that is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from django.db import models

from attendance.importing.changes import MODELS
from attendance.models import ArrangementChange, ImportChange, PupilClock

DERIVED = (PupilClock, ImportChange, ArrangementChange)
"""What follows from other rows, or only tells of them: it goes with the row."""


def attached_to(
    model: type[models.Model], ids: Collection[int], going: Mapping[str, Collection[int]]
) -> dict[int, str]:
    """For each of these rows with something that belongs to it: what, in words. Rows that are `going` do not count."""
    found: dict[int, list[str]] = defaultdict(list)
    if not ids:
        return {}
    leaving = {MODELS[kind]: set(rows) for kind, rows in going.items()}
    for relation in model._meta.get_fields(include_hidden=True):  # noqa: SLF001 - its public name
        if not isinstance(relation, models.ManyToOneRel):
            continue
        other = relation.related_model
        if other in DERIVED or other._meta.auto_created:  # noqa: SLF001 - its public name
            continue
        name = relation.field.name
        rows = other._base_manager.filter(**{f"{name}__in": list(ids)}).exclude(pk__in=leaving.get(other, ()))  # noqa: SLF001
        for pk in rows.order_by().values_list(name, flat=True).distinct():
            found[pk].append(str(other._meta.verbose_name_plural))  # noqa: SLF001 - its public name
    return {pk: ", ".join(dict.fromkeys(what)) for pk, what in found.items()}

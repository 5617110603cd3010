"""Destroying places on the table, when their term is over. Whoever calls has decided that it may go."""

from __future__ import annotations

from collections.abc import Collection

from cases.services.destroying import destroy_emptied, destroy_informed
from tables.models import TableEntry


def destroy_entries(entry_ids: Collection[int]) -> None:
    """Places with their phases; then what was only there for them: an empty case, what the parents were told. In the
    transaction of who calls."""
    entries = TableEntry.objects.filter(pk__in=entry_ids)
    cases = set(entries.values_list("case", flat=True))
    informed = set(entries.filter(informed__isnull=False).values_list("informed", flat=True))
    entries.delete()
    destroy_informed(informed)
    destroy_emptied(cases)

"""Where persoonsgebonden nummers are kept. Never a number."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models.query import QuerySet

from thuiszitters.accounts.models import School
from thuiszitters.privacy.models import NumberUse, PersonNumber


@dataclass(frozen=True)
class UseLine:
    """A school, since when and by whom it keeps numbers (None: it does not), and of how many pupils."""

    school: School
    use: NumberUse | None
    count: int


def schools_with_use(schools: QuerySet[School]) -> list[UseLine]:
    """By name. Three queries."""
    places = list(schools.order_by("name", "pk"))
    uses = {row.school_id: row for row in NumberUse.objects.filter(school__in=places).select_related("turned_on_by")}
    held = list(PersonNumber.objects.filter(school__in=places).values_list("school_id", flat=True).order_by("pk"))
    return [UseLine(school, uses.get(school.pk), held.count(school.pk)) for school in places]

"""Periods of one kind that may not overlap: enrolments, own timetables, exemptions, a school's own days."""

from __future__ import annotations

from datetime import date
from typing import TypeVar

from django.db.models import Model, Q
from django.db.models.query import QuerySet

Row = TypeVar("Row", bound=Model)


class PeriodError(ValueError):
    """A period that cannot be; the message is Dutch and meant for who entered it."""


def check_period(others: QuerySet[Row], first: date, last: date | None, what: str) -> None:
    """Raise PeriodError when the period is no period, or overlaps one of `others`. `what`: "een eigen rooster"."""
    if last is not None and last < first:
        raise PeriodError("De laatste dag ligt vóór de eerste.")
    overlapping = others.filter(Q(last=None) | Q(last__gte=first))
    if last is not None:
        overlapping = overlapping.filter(first__lte=last)
    found = overlapping.order_by("first").first()
    if found is not None:
        raise PeriodError(f"In deze periode is er al {what}: {found}.")

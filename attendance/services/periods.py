"""Periods of one kind that may not overlap: enrolments, own timetables, exemptions, a school's own days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from django.db.models import Model, Q
from django.db.models.query import QuerySet

Row = TypeVar("Row", bound=Model)


class PeriodError(ValueError):
    """A period that cannot be; the message is Dutch and meant for who entered it."""


class PeriodOverlap(PeriodError):  # noqa: N818 - it says what is wrong, and reads so where it is caught
    """A period that overlaps `standing`. The message names both; who may not see `standing` is told something else."""

    def __init__(self, message: str, standing: Model) -> None:
        self.standing = standing
        super().__init__(message)


def check_period(others: QuerySet[Row], first: date, last: date | None, what: str) -> None:
    """Raise PeriodError when the period is no period, or overlaps one of `others`. `what`: "een eigen rooster"."""
    check_order(first, last)
    found = first_overlap(others, first, last)
    if found is not None:
        raise PeriodOverlap(f"In deze periode is er al {what}: {found}.", found)


def check_free(
    others: QuerySet[Row], first: date, last: date | None, *, what: str, describe: Callable[[Row], str]
) -> None:
    """The same, with both periods in the message: `what` is the new one in words, `describe` says the one that
    stands."""
    check_order(first, last)
    found = first_overlap(others, first, last)
    if found is not None:
        raise PeriodOverlap(
            f"{what} overlapt met wat er al staat: {describe(found)}. Wijzig dat eerst, of kies andere datums.", found
        )


def check_order(first: date, last: date | None) -> None:
    """Raise PeriodError when the period ends before it begins."""
    if last is not None and last < first:
        raise PeriodError("De laatste dag ligt vóór de eerste.")


def first_overlap(others: QuerySet[Row], first: date, last: date | None) -> Row | None:
    """The first of `others` with a date from `first` to `last`."""
    overlapping = others.filter(Q(last=None) | Q(last__gte=first))
    if last is not None:
        overlapping = overlapping.filter(first__lte=last)
    return overlapping.order_by("first").first()

"""Whether what somebody decided on is still what stands: a short mark of the rows that a page showed."""

from __future__ import annotations

from hashlib import sha256

from attendance.models import CalendarException, NormRow, Reason
from thuiszitters.accounts.models import Alliance, School

LENGTH = 20


class ChangedMeanwhileError(Exception):
    """Somebody else changed it after it was shown: what was told about the effect may be wrong now."""


def mark_of_school(school: School) -> str:
    """Everything the days and minutes of this school rest on. Give the row as it is stored now."""
    days = CalendarException.objects.filter(school=school).order_by("first")
    return _mark(
        school.region,
        school.sector,
        school.week,
        school.lesson_minutes,
        *days.values_list("first", "last", "kind", "description"),
    )


def mark_of_norms(alliance: Alliance) -> str:
    """The norms of everybody and of this alliance."""
    rows = NormRow.objects.filter(alliance=None) | NormRow.objects.filter(alliance=alliance)
    return _mark(*rows.order_by("pk").values_list())


def mark_of_reasons(school: School) -> str:
    """The common codes and those of this school."""
    rows = Reason.objects.filter(school=None) | Reason.objects.filter(school=school)
    return _mark(*rows.order_by("pk").values_list())


def check_seen(seen: str | None, now: str) -> None:
    """Raise ChangedMeanwhileError when what somebody saw (None: nothing in particular) is not what stands now."""
    if seen is not None and seen != now:
        raise ChangedMeanwhileError


def _mark(*parts: object) -> str:
    return sha256(repr(parts).encode()).hexdigest()[:LENGTH]

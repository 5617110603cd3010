"""What a browser sends of a register, and what came of it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.contrib.messages import get_messages
from django.urls import reverse

from attendance.models import Absence, Group, Pupil

TODAY = date(2026, 1, 14)
"""A Wednesday."""


def register_url(group: Group, day: date = TODAY) -> str:
    return reverse("attendance:register_take", kwargs={"code": group.code, "day": day})


def fields_of(pupil: Pupil, was: str = "present", mark: str = "present", **more: object) -> dict[str, object]:
    """What a browser sends for one pupil."""
    values = {"was": was, "mark": mark, "reason": "onbekend", "extent": "day", "late": 10, "home": ""} | more
    return {f"{pupil.code.hex}-{name}": value for name, value in values.items()}


def said(answer: Any) -> list[str]:
    return [str(message) for message in get_messages(answer.wsgi_request)]


def records(pupil: Pupil) -> list[tuple[date, date | None, str, int | None]]:
    rows = Absence.objects.standing().filter(pupil=pupil).order_by("first")
    return [(row.first, row.last, row.reason.code, row.minutes) for row in rows.select_related("reason")]

"""A class in VO, and teachers who take its lessons."""

from __future__ import annotations

from datetime import date
from typing import Any

from attendance.engine.lesson_day import Mark, Seen
from attendance.models import Absence, Group, Pupil, RegisterTaken
from attendance.services.lessons import take_lesson
from tests import factories
from thuiszitters.accounts.models import School, User

TODAY = date(2026, 1, 14)
"""A Wednesday, with four lessons of 50 minutes."""


def vo_school(**fields: Any) -> School:
    return factories.school((200, 200, 200, 200, 180), sector="vo", lesson_minutes=50, **fields)


def absent(code: str = "onbekend") -> Mark:
    return Mark(Seen.ABSENT, factories.reason(code))


def late(minutes: int = 10) -> Mark:
    return Mark(Seen.LATE, factories.reason("telaat"), minutes)


PRESENT = Mark(Seen.PRESENT)


def take(group: Group, by: User, lesson: int, marks: dict[Pupil, Mark | None] | None = None, day: date = TODAY) -> None:
    found = {pupil.pk: mark for pupil, mark in (marks or {}).items()}
    take_lesson(group=group, day=day, lesson=lesson, marks=found, by=by, today=TODAY)


def records(pupil: Pupil) -> list[tuple[int, int | None, str]]:
    """Lesson, minutes, reason."""
    rows = Absence.objects.standing().filter(pupil=pupil).order_by("first", "lesson")
    return [(row.lesson, row.minutes, row.reason.code) for row in rows.select_related("reason")]


def is_known(group: Group, day: date = TODAY) -> bool:
    return RegisterTaken.objects.filter(group=group, day=day).exists()

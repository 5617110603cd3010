"""Did a pupil keep the agreed timetable lately?"""

from __future__ import annotations

from datetime import date

from attendance.engine.explain import days
from attendance.engine.facts import Kind
from attendance.facts import facts_of


def timetable_kept(pupil_id: int, *, weeks: int, as_of: date) -> bool:
    """Whether the pupil missed nothing of what was expected in the last `weeks` lesson weeks, and was expected at all.

    A date that is not known is no proof of presence. Lesson weeks are those of the school of `as_of`.
    """
    facts = facts_of([pupil_id])[pupil_id]
    enrolment = next(
        (row for row in facts.enrolments if row.first <= as_of and (row.last is None or as_of <= row.last)), None
    )
    if enrolment is None:
        return False
    start = enrolment.school.calendar.lesson_weeks_start(as_of, weeks)
    explained = days(facts, start, as_of)
    expected = [day for day in explained if day.expected > 0]
    return bool(expected) and all(day.kind is Kind.ATTENDED and day.missed == 0 for day in expected)

"""A child of the demo as the engine's own facts, without a database."""

from __future__ import annotations

from attendance.engine import facts
from attendance.engine.default_norms import default_norms
from thuiszitters.demo.generate import Demo
from thuiszitters.demo.records import AbsenceRow, Child

REASONS: dict[str, tuple[bool | None, bool]] = {
    "ziek": (True, True),
    "geoorloofd": (True, False),
    "digitaal": (True, False),
    "onbekend": (None, False),
    "telaat": (None, False),
    "ongeoorloofd": (False, False),
    "luxe": (False, False),
}
"""Authorised, sick. All of these count."""


def facts_of(demo: Demo, child: Child, *, corrected: bool = True) -> facts.Facts:
    """What the files say of a child, with or without the later corrections."""
    norms = default_norms()
    schools = {
        brin: facts.School(brin, days.calendar, days.school.week, days.school.hour_minutes, days.complete_through)
        for brin, days in demo.days.items()
    }
    rows = {(row.first, row.lesson): row for row in (*child.absences, *(child.corrections if corrected else ()))}
    return facts.Facts(
        tuple(facts.Enrolment(row.first, row.last, schools[row.place.brin], norms) for row in child.enrolments),
        tuple(_absence(row, child) for row in rows.values()),
        tuple(facts.OwnTimetable(row.first, row.last, row.week) for row in child.timetables),
        tuple(facts.Exemption(row.first, row.last) for row in child.exemptions),
    )


def _absence(row: AbsenceRow, child: Child) -> facts.Absence:
    minutes = row.minutes
    if minutes is None and row.lesson is not None:
        minutes = child.now.place.lesson_minutes
    authorised, sick = REASONS[row.reason]
    return facts.Absence(row.first, row.last, minutes, authorised=authorised, sick=sick)

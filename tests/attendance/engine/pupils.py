"""Schools, enrolments and records for the tables of the engine's tests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from attendance.engine.calendar import CalendarException, Region, SchoolCalendar
from attendance.engine.default_norms import default_norms
from attendance.engine.evaluate import evaluate
from attendance.engine.facts import (
    Absence,
    Enrolment,
    Exemption,
    Facts,
    Norms,
    OwnTimetable,
    School,
    Week,
)

NORMS = default_norms()
FULL_WEEK: Week = (300, 300, 300, 300, 300)
NOTHING: Week = (0, 0, 0, 0, 0)


def d(text: str) -> date:
    """A date from "01-12-2025"."""
    day, month, year = map(int, text.split("-"))
    return date(year, month, day)


def d_or_none(text: str | None) -> date | None:
    return None if text is None else d(text)


def school(
    region: Region = "zuid",
    *,
    key: str = "99ZZ00",
    through: str | None = "31-07-2030",
    week: Week = FULL_WEEK,
    hour: int = 60,
    exceptions: Iterable[CalendarException] = (),
) -> School:
    return School(key, SchoolCalendar(region, exceptions), week, hour, d_or_none(through))


def enrolled(
    at: School | None = None,
    first: str = "01-08-2025",
    last: str | None = None,
    *,
    norms: Norms = NORMS,
    taken: Iterable[str] = (),
    final: bool = False,
) -> Enrolment:
    return Enrolment(d(first), d_or_none(last), at or school(), norms, frozenset(map(d, taken)), final)


KINDS: dict[str, tuple[bool, bool | None, bool]] = {
    "ziek": (True, True, True),
    "ongeoorloofd": (True, False, False),
    "onbekend": (True, None, False),
    "geoorloofd": (True, True, False),
    "elders": (False, None, False),
}


def away(reason: str, first: str, last: str | None = "", minutes: int | None = None, ref: int | None = None) -> Absence:
    """A record: one date when `last` is left out, open when it is None."""
    counts, authorised, sick = KINDS[reason]
    until = d(first) if last == "" else d_or_none(last)
    return Absence(d(first), until, minutes, counts, authorised, sick, ref)


def own(week: Week, first: str, last: str | None = None) -> OwnTimetable:
    return OwnTimetable(d(first), d_or_none(last), week)


def exempt(first: str, last: str | None = None) -> Exemption:
    return Exemption(d(first), d_or_none(last))


def pupil(
    *records: Absence | OwnTimetable | Exemption,
    at: School | None = None,
    enrolments: Iterable[Enrolment] | None = None,
) -> Facts:
    return Facts(
        tuple(enrolments) if enrolments is not None else (enrolled(at),),
        tuple(row for row in records if isinstance(row, Absence)),
        tuple(row for row in records if isinstance(row, OwnTimetable)),
        tuple(row for row in records if isinstance(row, Exemption)),
    )


def crossings(facts: Facts, as_of: str, *rules: str) -> list[str]:
    """The crossings as "thuis-2w 12-12-2025 from 01-12-2025", those of `rules` only when any is named."""
    return [
        f"{crossing.rule} {crossing.crossed_on:%d-%m-%Y} from {crossing.start:%d-%m-%Y}"
        for crossing in evaluate(facts, d(as_of)).crossings
        if not rules or crossing.rule in rules
    ]

"""The worked examples of docs/regels.md, each answered by the engine and by the naive rules."""

from __future__ import annotations

from datetime import date

import pytest

from attendance.engine.evaluate import evaluate
from attendance.engine.facts import Absence, Enrolment, Facts, Norms, School, Week
from tests.attendance import naive
from tests.attendance.calendars import calendar_of
from tests.attendance.strategies import DEFAULT_NORMS

SCHOOL_WEEK: Week = (300, 300, 300, 300, 300)

Expected = list[tuple[str, str, str]]
"""Rule, from, crossed on; in the order of the dates."""


def day(text: str) -> date:
    return date.fromisoformat(text)


def ziek(first: str, last: str) -> Absence:
    return Absence(day(first), day(last), authorised=True, sick=True)


def ongeoorloofd(first: str, last: str | None) -> Absence:
    return Absence(day(first), day(last) if last else None, authorised=False)


def part(on: str, minutes: int, authorised: bool | None) -> Absence:
    return Absence(day(on), day(on), minutes, authorised=authorised)


def spijbelt(*dates: str) -> tuple[Absence, ...]:
    return tuple(part(on, 240, authorised=False) for on in dates)


def pupil(absences: tuple[Absence, ...], as_of: str, region: str = "zuid") -> Facts:
    school = School("99ZZ00", calendar_of(region), SCHOOL_WEEK, complete_through=day(as_of))
    return Facts((Enrolment(day("2025-08-01"), None, school, Norms(DEFAULT_NORMS)),), absences)


EXAMPLES: dict[str, tuple[Facts, str, Expected]] = {
    "authorised, open: the Christmas holiday is skipped": (
        pupil((Absence(day("2025-12-01"), None, authorised=True),), "2026-03-01"),
        "2026-03-01",
        [
            ("thuis-2w", "2025-12-01", "2025-12-12"),
            ("thuis-4w", "2025-12-01", "2026-01-09"),
            ("thuis-3m", "2025-12-01", "2026-03-01"),
        ],
    ),
    "sixteen hours in four lesson weeks over five weeks": (
        pupil(spijbelt("2025-09-29", "2025-10-06", "2025-10-20", "2025-10-31"), "2026-03-01"),
        "2026-03-01",
        [("uren-16", "2025-09-29", "2025-10-31")],
    ),
    "a week earlier is out of the window": (
        pupil(spijbelt("2025-09-22", "2025-10-06", "2025-10-20", "2025-10-31"), "2026-03-01"),
        "2026-03-01",
        [],
    ),
    "unauthorised for six weeks": (
        pupil((ongeoorloofd("2025-11-03", "2025-12-12"),), "2025-12-12"),
        "2025-12-12",
        [
            ("uren-16", "2025-11-03", "2025-11-06"),
            ("uren-16", "2025-11-07", "2025-11-13"),
            ("thuis-2w", "2025-11-03", "2025-11-14"),
            ("uren-16", "2025-11-14", "2025-11-20"),
            ("uren-16", "2025-11-21", "2025-11-27"),
            ("lrv", "2025-11-03", "2025-11-28"),
            ("thuis-4w", "2025-11-03", "2025-11-28"),
            ("uren-16", "2025-11-28", "2025-12-04"),
            ("uren-16", "2025-12-05", "2025-12-11"),
        ],
    ),
    "ill for seven school days": (
        pupil((ziek("2025-09-01", "2025-09-09"),), "2025-10-01"),
        "2025-10-01",
        [("ziek-7d", "2025-09-01", "2025-09-09")],
    ),
    "ill for six school days": (pupil((ziek("2025-09-01", "2025-09-08"),), "2025-10-01"), "2025-10-01", []),
    "four reports: the first two days are one": (
        pupil(
            tuple(ziek(on, on) for on in ("2025-09-01", "2025-09-02", "2025-09-08", "2025-09-15", "2025-09-22")),
            "2025-10-01",
        ),
        "2025-10-01",
        [("ziek-4x", "2025-09-01", "2025-09-22")],
    ),
    "an hour at school ends the run; ill for part of that day keeps it one episode": (
        pupil(
            (
                ziek("2025-09-01", "2025-09-11"),
                Absence(day("2025-09-12"), day("2025-09-12"), 120, authorised=True, sick=True),
                ziek("2025-09-15", "2025-09-30"),
            ),
            "2025-10-01",
        ),
        "2025-10-01",
        [("ziek-7d", "2025-09-01", "2025-09-09"), ("thuis-2w", "2025-09-15", "2025-09-26")],
    ),
    "the summer neither counts nor breaks": (
        pupil(
            (ongeoorloofd("2026-06-22", "2026-07-03"), ongeoorloofd("2026-08-17", None)), "2026-09-30", region="noord"
        ),
        "2026-09-30",
        [
            ("uren-16", "2026-06-22", "2026-06-25"),
            ("uren-16", "2026-06-26", "2026-07-02"),
            ("thuis-2w", "2026-06-22", "2026-07-03"),
            ("uren-16", "2026-07-03", "2026-08-19"),
            ("uren-16", "2026-08-20", "2026-08-26"),
            ("lrv", "2026-06-22", "2026-08-28"),
            ("thuis-4w", "2026-06-22", "2026-08-28"),
            ("uren-16", "2026-08-27", "2026-09-02"),
            ("uren-16", "2026-09-03", "2026-09-09"),
            ("uren-16", "2026-09-10", "2026-09-16"),
            ("thuis-3m", "2026-06-22", "2026-09-22"),
            ("uren-16", "2026-09-17", "2026-09-23"),
            ("uren-16", "2026-09-24", "2026-09-30"),
        ],
    ),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_naive_answers_worked_example(example: str) -> None:
    facts, as_of, expected = EXAMPLES[example]
    found = [(rule, str(start), str(crossed_on)) for rule, start, crossed_on in naive.crossings(facts, day(as_of))]
    assert found == expected


@pytest.mark.parametrize("example", EXAMPLES)
def test_engine_answers_worked_example(example: str) -> None:
    facts, as_of, expected = EXAMPLES[example]
    found = [(one.rule.value, str(one.start), str(one.crossed_on)) for one in evaluate(facts, day(as_of)).crossings]
    assert found == expected

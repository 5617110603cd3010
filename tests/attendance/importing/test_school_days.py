"""Lessons, parts of days and hours in an absences file: what they come to in days."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from attendance.models import Absence, Crossing
from tests import factories
from tests.attendance.importing.files import counts, day, imported, one_refusal, places
from thuiszitters.accounts.models import Sector

pytestmark = pytest.mark.django_db
VO: dict[str, Any] = {"sector": Sector.VO, "lesson_minutes": 50}


def records() -> list[tuple[date, int, int | None]]:
    """First day, lesson and minutes of what stands."""
    return list(Absence.objects.standing().order_by("first", "lesson").values_list("first", "lesson", "minutes"))


def lessons(days: list[str], each: int) -> str:
    rows = [f"1;{on};ziek;{lesson}" for on in days for lesson in range(1, each + 1)]
    return "\n".join(["Stamnr;Datum;Reden;Lesuur", *rows]) + "\n"


WEEKS = [f"2026-01-{on:02}" for on in (5, 6, 7, 8, 9, 12, 13, 14, 15, 16)]


@pytest.mark.parametrize(("each", "crossed"), [(6, ["thuis-2w", "ziek-7d"]), (5, [])])
def test_all_lessons_of_a_day_together_are_a_missed_day(each: int, crossed: list[str]) -> None:
    factories.pupil(number="1", at=factories.school(week=(300,) * 5, **VO))
    result = imported("absences", lessons(WEEKS, each), through=day("2026-01-16"))
    assert counts(result) == (10 * each, 0, 0, 0)
    assert sorted(Crossing.objects.values_list("rule", flat=True)) == crossed


def test_lessons_again_change_nothing_and_another_reason_changes_one() -> None:
    factories.pupil(number="1", at=factories.school(**VO))
    imported("absences", lessons(WEEKS[:1], 3))
    changed = lessons(WEEKS[:1], 3).replace("ziek;2", "geoorloofd;2")
    assert counts(imported("absences", changed)) == (0, 1, 2, 0)


HEADER = "leerlingnummer;datum;dagdeel;reden\n"


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("1;05-01-2026;ochtend;ziek\n", [(0, 150)]),
        ("1;05-01-2026;NM;ziek\n", [(0, 150)]),
        ("1;05-01-2026;;ziek\n", [(0, None)]),
        ("1;05-01-2026;hele dag;ziek\n", [(0, None)]),
        ("1;05-01-2026;ochtend;ziek\n1;05-01-2026;middag;ziek\n", [(0, None)]),
        ("1;05-01-2026;middag;Ziek\n1;05-01-2026;ochtend;ziek\n", [(0, None)]),
        ("1;05-01-2026;ochtend;ziek\n1;05-01-2026;middag;geoorloofd\n", [(0, 150), (2, 150)]),
        ("1;05-01-2026;ochtend;ziek\n1;06-01-2026;middag;ziek\n", [(0, 150), (0, 150)]),
    ],
)
def test_parts_of_a_day_become_minutes_or_a_day(rows: str, expected: list[tuple[int, int | None]]) -> None:
    factories.pupil(number="1", at=factories.school(week=(300,) * 5))
    result = imported("absences", HEADER + rows)
    assert result.refused == 0
    assert [(lesson, minutes) for _first, lesson, minutes in records()] == expected
    assert imported("absences", HEADER + rows).unchanged == len(rows.splitlines())


def test_morning_is_as_long_as_the_school_says() -> None:
    factories.pupil(number="1", at=factories.school(week=(330,) * 5, morning_minutes=210))
    imported("absences", HEADER + "1;05-01-2026;ochtend;ziek\n1;06-01-2026;middag;ziek\n")
    assert [minutes for _first, _lesson, minutes in records()] == [210, 120]


def test_short_day_is_a_morning_and_has_no_afternoon() -> None:
    factories.pupil(number="1", at=factories.school(week=(300, 300, 100, 300, 300)))
    result = imported("absences", HEADER + "1;07-01-2026;ochtend;ziek\n1;14-01-2026;middag;ziek\n")
    assert places(result) == [(3, "dagdeel")]
    assert records() == [(day("2026-01-07"), 0, None)]


def test_word_that_is_no_part_of_a_day_is_refused() -> None:
    factories.pupil(number="1")
    result = imported("absences", HEADER + "1;05-01-2026;avond;ziek\n")
    assert one_refusal(result) == (
        "regel 2, kolom dagdeel: “avond” is geen dagdeel (schrijf ochtend of middag, of laat de cel leeg)"
    )


def test_hours_are_minutes() -> None:
    factories.pupil(number="1")
    imported("absences", "leerlingnummer;datum;duur;reden\n1;05-01-2026;1u30m;ziek\n1;06-01-2026;0:45;ziek\n")
    assert [minutes for _first, _lesson, minutes in records()] == [90, 45]


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        pytest.param(("03/02/2026", "13/02/2026"), ["2026-02-03", "2026-02-13"], id="another date has the day first"),
        pytest.param(("03/02/2026",), [], id="nothing tells"),
        pytest.param(("03/02/2026", "02/13/2026"), [], id="another date has the month first"),
        pytest.param(("03/02/2026", "13/02/2026", "02/13/2026"), ["2026-02-13"], id="the file does both"),
    ],
)
def test_dates_with_slashes_are_read_when_the_file_shows_what_they_are(
    dates: tuple[str, ...], expected: list[str]
) -> None:
    factories.pupil(number="1")
    result = imported("absences", "leerlingnummer;datum;reden\n" + "".join(f"1;{on};ziek\n" for on in dates))
    assert [str(first) for first, _lesson, _minutes in records()] == expected
    assert result.refused == len(dates) - len(expected)

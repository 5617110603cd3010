"""Own timetables: until when they can hold, what they may not overlap, and what is kept of a change."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from attendance.models import ArrangementChange, OwnTimetable, Pupil
from attendance.services.arrangement_history import Author
from attendance.services.periods import PeriodError, PeriodOverlap
from attendance.services.timetables import (
    Agreement,
    agree_timetable,
    change_timetable,
    end_timetable,
    lapses_on,
    remove_timetable,
)
from tests import factories

pytestmark = pytest.mark.django_db

TODAY = date(2026, 2, 9)
MONDAY = date(2026, 1, 12)
LAPSE = date(2026, 7, 31)
HALF = (150, 150, 150, 150, 150)
FULL = (300, 300, 300, 300, 300)
AUTHOR = Author(why="op verzoek")


@pytest.fixture
def pupil() -> Pupil:
    return factories.pupil(factories.school(complete_through=date(2026, 2, 6), alliance=factories.alliance()))


def agree(pupil: Pupil, first: date = MONDAY, last: date | None = None, **fields: object) -> OwnTimetable:
    agreement = replace(Agreement(first, last, HALF), **fields)  # type: ignore[arg-type]
    return agree_timetable(pupil=pupil, agreement=agreement, author=AUTHOR, today=TODAY).row


@pytest.mark.parametrize(
    ("first", "lapse"),
    [
        (date(2026, 7, 31), date(2026, 7, 31)),
        (date(2026, 8, 1), date(2027, 7, 31)),
        (date(2025, 12, 31), date(2026, 7, 31)),
        (date(2026, 1, 1), date(2026, 7, 31)),
        (date(2025, 8, 1), date(2026, 7, 31)),
        (date(2025, 7, 31), date(2025, 7, 31)),
    ],
)
def test_the_approval_lapses_at_the_end_of_the_school_year(first: date, lapse: date) -> None:
    assert lapses_on(first) == lapse


def test_without_an_end_it_holds_until_the_approval_lapses(pupil: Pupil) -> None:
    assert agree(pupil).last == LAPSE


def test_it_can_hold_through_31_july(pupil: Pupil) -> None:
    assert agree(pupil, last=LAPSE).last == LAPSE


def test_it_cannot_hold_on_1_august(pupil: Pupil) -> None:
    with pytest.raises(PeriodError, match="hoogstens tot en met vr 31 jul 2026"):
        agree(pupil, last=date(2026, 8, 1))
    assert not pupil.timetables.exists()


@pytest.mark.parametrize(
    ("first", "last"),
    [
        (date(2026, 2, 6), date(2026, 2, 20)),
        (date(2026, 1, 1), date(2026, 1, 12)),
        (date(2026, 1, 20), date(2026, 1, 21)),
        (date(2026, 1, 1), date(2026, 3, 1)),
        (date(2026, 1, 13), None),
    ],
)
def test_two_that_overlap_are_refused_with_both_named(pupil: Pupil, first: date, last: date | None) -> None:
    standing = agree(pupil, last=date(2026, 2, 6))

    with pytest.raises(PeriodOverlap, match="overlapt met wat er al staat: eigen rooster ma 12 jan t/m vr 6 feb") as no:
        agree(pupil, first, last)

    assert no.value.standing == standing
    assert str(no.value).startswith("Een eigen rooster ")
    assert pupil.timetables.count() == 1


@pytest.mark.parametrize(
    ("first", "last"), [(date(2026, 2, 7), None), (date(2026, 1, 5), date(2026, 1, 11)), (LAPSE, LAPSE)]
)
def test_two_beside_each_other_both_stand(pupil: Pupil, first: date, last: date | None) -> None:
    agree(pupil, last=date(2026, 2, 6))

    agree(pupil, first, last)

    assert pupil.timetables.count() == 2


def test_the_same_again_changes_nothing(pupil: Pupil) -> None:
    assert agree(pupil) == agree(pupil)
    assert (pupil.timetables.count(), ArrangementChange.objects.count()) == (1, 1)


def test_a_change_keeps_what_it_was_with_who_and_why(pupil: Pupil) -> None:
    coo = factories.user(name="Mila de Boer")
    row = agree(pupil, agreed_by="ouders", agreed_on=date(2026, 1, 9), reason="opbouw")
    agreement = Agreement(date(2026, 1, 19), date(2026, 3, 1), (0, 0, 0, 0, 0))

    for _ in range(2):
        author = Author(coo, "het lukt nog niet")
        change_timetable(timetable=row, agreement=agreement, author=author, today=TODAY)

    row.refresh_from_db()
    assert (row.first, row.last, row.week) == (date(2026, 1, 19), date(2026, 3, 1), (0, 0, 0, 0, 0))
    kept = ArrangementChange.objects.get(what="gewijzigd")
    assert (kept.subject, kept.by, kept.why) == (row.code, coo, "het lukt nog niet")
    assert kept.was == {
        "van": "2026-01-12",
        "tot": "2026-07-31",
        "minuten": "150 150 150 150 150",
        "soort": "aangepast rooster",
        "afgesproken met": "ouders",
        "afgesproken op": "2026-01-09",
        "waarom": "opbouw",
    }


def test_a_change_does_not_overlap_itself_but_others(pupil: Pupil) -> None:
    row = agree(pupil, last=date(2026, 2, 6))
    agree(pupil, date(2026, 2, 9))

    agreement = Agreement(MONDAY, date(2026, 2, 8), HALF)
    change_timetable(timetable=row, agreement=agreement, author=AUTHOR, today=TODAY)
    later = replace(agreement, last=date(2026, 2, 9))
    with pytest.raises(PeriodOverlap):
        change_timetable(timetable=row, agreement=later, author=AUTHOR, today=TODAY)

    row.refresh_from_db()
    assert row.last == date(2026, 2, 8)


def test_it_ends_early_and_not_late(pupil: Pupil) -> None:
    row = agree(pupil, last=date(2026, 2, 27))

    for _ in range(2):
        end_timetable(timetable=row, last=date(2026, 2, 13), author=AUTHOR, today=TODAY)

    assert pupil.timetables.get().last == date(2026, 2, 13)
    assert ArrangementChange.objects.filter(what="beeindigd").count() == 1
    with pytest.raises(PeriodError, match="loopt al af op vr 13 feb 2026"):
        end_timetable(timetable=row, last=date(2026, 2, 14), author=AUTHOR, today=TODAY)
    with pytest.raises(PeriodError, match="vóór de eerste"):
        end_timetable(timetable=row, last=date(2026, 1, 11), author=AUTHOR, today=TODAY)
    end_timetable(timetable=row, last=MONDAY, author=AUTHOR, today=TODAY)


def test_one_that_was_a_mistake_leaves_a_trace_and_no_signal(pupil: Pupil) -> None:
    row = agree(pupil, week=(0, 0, 0, 0, 0))
    assert set(pupil.crossings.standing().values_list("rule", flat=True)) == {"structureel", "thuis-2w", "thuis-4w"}

    for _ in range(2):
        outcome = remove_timetable(timetable=row, author=AUTHOR, today=TODAY).outcome

    assert not outcome.changed
    assert not pupil.crossings.standing().exists()
    trace = ArrangementChange.objects.get(what="verwijderd")
    assert (trace.first, trace.last, trace.was["minuten"]) == (MONDAY, LAPSE, "0 0 0 0 0")
    with pytest.raises(PeriodError, match="intussen weggehaald"):
        end_timetable(timetable=row, last=TODAY, author=AUTHOR, today=TODAY)


@pytest.mark.parametrize(
    ("week", "is_proposed"),
    [
        (HALF, True),
        ((300, 300, 300, 300, 299), True),
        (FULL, False),
        ((330, 330, 330, 330, 180), False),
        ((0, 0, 0, 0, 0), True),
    ],
)
def test_fewer_minutes_than_the_school_suggests_the_table(
    pupil: Pupil, week: tuple[int, int, int, int, int], is_proposed: bool
) -> None:
    agree(pupil, week=week)

    assert pupil.crossings.standing().filter(rule="structureel").exists() is is_proposed

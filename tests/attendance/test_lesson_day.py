"""What the lessons of a day amount to: the child's safety rule as a table, on both sides of each boundary."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attendance.engine.lesson_day import (
    LessonDay,
    Mark,
    Other,
    PupilDay,
    Record,
    Seen,
    is_unheard,
    lesson_lengths,
    missed_so_far,
    settle,
    was_seen,
)

PRESENT = Mark(Seen.PRESENT)
SICK = Mark(Seen.ABSENT, "ziek")
UNKNOWN = Mark(Seen.ABSENT, "onbekend")


def late(minutes: int) -> Mark:
    return Mark(Seen.LATE, "telaat", minutes)


def day(taken: str, cancelled: str = "", *, minutes: int = 200, known: bool = False) -> LessonDay:
    """Lessons of 50 minutes; the numbers of those taken and cancelled as digits."""
    return LessonDay(
        lesson_lengths(minutes, 50), frozenset(map(int, taken)), frozenset(map(int, cancelled)), known=known
    )


def settled(lessons: LessonDay, marks: dict[int, Mark], expected: int = 200, **more: object) -> list[Record]:
    return list(settle(lessons, PupilDay(expected, marks, **more)))  # type: ignore[arg-type]


WHOLE_DAY = [Record(0, None, "ziek")]


@pytest.mark.parametrize(
    ("minutes", "lengths"),
    [
        pytest.param(0, (), id="no lessons"),
        pytest.param(49, (49,), id="less than one"),
        pytest.param(50, (50,), id="one"),
        pytest.param(51, (50, 1), id="one and a minute"),
        pytest.param(240, (50, 50, 50, 50, 40), id="a short last one"),
        pytest.param(350, (50,) * 7, id="seven"),
    ],
)
def test_the_lessons_of_a_day_follow_from_its_minutes(minutes: int, lengths: tuple[int, ...]) -> None:
    assert lesson_lengths(minutes, 50) == lengths


@pytest.mark.parametrize(
    ("lessons", "marks", "records"),
    [
        # Not all lessons are accounted for: who was never seen stays unknown.
        pytest.param(day(""), {}, [], id="nothing taken"),
        pytest.param(day("1"), {1: SICK}, [], id="absent in the only lesson taken"),
        pytest.param(day("123"), {1: SICK, 2: SICK, 3: SICK}, [], id="absent in all but the one not taken"),
        pytest.param(day("12", "3"), {1: SICK, 2: SICK}, [], id="one cancelled, one not taken"),
        # All are: who was never seen missed the day.
        pytest.param(day("1234"), dict.fromkeys((1, 2, 3, 4), SICK), WHOLE_DAY, id="absent in all"),
        pytest.param(day("123", "4"), dict.fromkeys((1, 2, 3), SICK), WHOLE_DAY, id="absent in all that took place"),
        pytest.param(day("4", "123"), {4: SICK}, WHOLE_DAY, id="absent in the only one that took place"),
        pytest.param(day("", "1234"), {}, [], id="none took place"),
        pytest.param(day("123", "4"), dict.fromkeys((1, 2, 3, 4), SICK), WHOLE_DAY, id="a mark in a cancelled lesson"),
        pytest.param(
            day("123", "4"), {1: SICK, 2: SICK, 4: PRESENT, 3: SICK}, WHOLE_DAY, id="seen in a cancelled lesson is not"
        ),
        # Seen once is at school, however little was taken.
        pytest.param(day("12"), {1: SICK}, [Record(1, 50, "ziek")], id="absent, then there"),
        pytest.param(day("12"), {2: SICK}, [Record(2, 50, "ziek")], id="there, then absent"),
        pytest.param(
            day("1234"), dict.fromkeys((1, 2, 3), SICK), [Record(n, 50, "ziek") for n in (1, 2, 3)], id="all but one"
        ),
        pytest.param(day("1"), {1: late(10)}, [Record(1, 10, "telaat")], id="late is there"),
        pytest.param(
            day("12"), {1: SICK, 2: late(49)}, [Record(1, 50, "ziek"), Record(2, 49, "telaat")], id="very late"
        ),
        pytest.param(day("1"), {1: late(70)}, [Record(1, 49, "telaat")], id="later than the lesson is long"),
        pytest.param(day("1234"), {}, [], id="there all day"),
        # Reasons that differ: lessons that add up to the day.
        pytest.param(
            day("1234"),
            {1: SICK, 2: UNKNOWN, 3: UNKNOWN, 4: UNKNOWN},
            [Record(1, 50, "ziek"), *(Record(n, 50, "onbekend") for n in (2, 3, 4))],
            id="two reasons",
        ),
        pytest.param(
            day("12", "34"),
            {1: SICK, 2: UNKNOWN},
            [Record(1, 50, "ziek"), Record(2, 150, "onbekend")],
            id="two reasons and cancelled lessons: the last takes the rest",
        ),
        # The day is known from elsewhere: silence in lessons not taken is presence.
        pytest.param(day("1", known=True), {1: SICK}, [Record(1, 50, "ziek")], id="known, absent in the one taken"),
        pytest.param(day("", known=True), {}, [], id="known, nothing taken"),
        pytest.param(day("1234", known=True), dict.fromkeys((1, 2, 3, 4), SICK), WHOLE_DAY, id="known and all taken"),
    ],
)
def test_what_lessons_amount_to(lessons: LessonDay, marks: dict[int, Mark], records: list[Record]) -> None:
    assert settled(lessons, marks) == records


@pytest.mark.parametrize(
    ("lessons", "marks", "records"),
    [
        pytest.param(day("12345", minutes=240), {5: SICK}, [Record(5, 40, "ziek")], id="the short last lesson"),
        pytest.param(
            day("12345", minutes=240),
            {n: UNKNOWN if n == 5 else SICK for n in range(1, 6)},
            [*(Record(n, 50, "ziek") for n in range(1, 5)), Record(5, 40, "onbekend")],
            id="two reasons",
        ),
        pytest.param(day("12345", minutes=240), dict.fromkeys(range(1, 6), SICK), WHOLE_DAY, id="all of it"),
    ],
)
def test_a_day_that_is_no_multiple_of_the_lesson(
    lessons: LessonDay, marks: dict[int, Mark], records: list[Record]
) -> None:
    assert settled(lessons, marks, expected=240) == records


@pytest.mark.parametrize(
    ("taken", "marks", "records"),
    [
        pytest.param("1234", {}, [], id="nobody noted anything"),
        pytest.param("1234", {2: PRESENT}, [], id="came to a lesson"),
        pytest.param("1234", {1: SICK, 2: PRESENT}, [Record(1, 50, "ziek")], id="missed one of two"),
        pytest.param(
            "1234", {1: SICK, 2: SICK, 3: PRESENT}, [Record(1, 50, "ziek")], id="never more than what is left"
        ),
        pytest.param("1234", {1: SICK, 2: PRESENT, 3: PRESENT}, [], id="came to all there were"),
        pytest.param("1234", {1: SICK}, WHOLE_DAY, id="missed, and seen nowhere"),
        pytest.param(
            "1234", {1: SICK, 2: UNKNOWN}, [Record(1, 50, "ziek"), Record(2, 50, "onbekend")], id="two reasons"
        ),
        pytest.param(
            "1234",
            {1: SICK, 2: SICK, 3: UNKNOWN},
            [Record(1, 50, "ziek"), Record(2, 50, "ziek")],
            id="more lessons than are expected",
        ),
        pytest.param("123", {1: SICK, 2: SICK}, [], id="not all taken"),
    ],
)
def test_a_shorter_timetable_of_their_own(taken: str, marks: dict[int, Mark], records: list[Record]) -> None:
    """100 minutes expected, in lessons that nobody knows: silence says nothing."""
    assert settled(day(taken), marks, expected=100, silent_is_present=False) == records


@pytest.mark.parametrize(
    ("lessons", "marks", "others", "records"),
    [
        pytest.param(
            day("1234"),
            dict.fromkeys((1, 2, 3, 4), SICK),
            (Other(1, 50),),
            [Record(n, 50, "ziek") for n in (2, 3, 4)],
            id="theirs is one of the lessons",
        ),
        pytest.param(
            day("1234"),
            dict.fromkeys((1, 2, 3, 4), SICK),
            (Other(0, 120),),
            [Record(1, 50, "ziek"), Record(2, 30, "ziek")],
            id="theirs is part of the day",
        ),
        pytest.param(day("1234"), dict.fromkeys((1, 2, 3, 4), SICK), (Other(0, 200),), [], id="theirs is all of it"),
        pytest.param(
            day("1"), {1: SICK}, (Other(0, 10, came=True),), [Record(1, 50, "ziek")], id="theirs says they came late"
        ),
        pytest.param(
            day("1234"),
            {1: SICK, 2: SICK},
            (Other(0, 120),),
            [],
            id="there for some: together less than the day",
        ),
        pytest.param(day("1"), {1: SICK}, (Other(2, 50),), [], id="not all taken"),
    ],
)
def test_records_of_others_stand(
    lessons: LessonDay, marks: dict[int, Mark], others: tuple[Other, ...], records: list[Record]
) -> None:
    assert settled(lessons, marks, others=others) == records


@pytest.mark.parametrize(
    ("expected", "is_covered"),
    [
        pytest.param(0, False, id="nothing is expected"),
        pytest.param(200, True, id="a record of others covers the day"),
    ],
)
def test_nothing_is_written_where_there_is_nothing_to_add(expected: int, is_covered: bool) -> None:
    assert settled(day("1234"), dict.fromkeys((1, 2, 3, 4), SICK), expected, is_covered=is_covered) == []


@pytest.mark.parametrize(
    ("lessons", "is_complete"),
    [
        (day(""), False),
        (day("123"), False),
        (day("1234"), True),
        (day("1", "234"), True),
        (day("", "1234"), False),
        (day("1", "23"), False),
    ],
)
def test_a_day_is_complete_when_every_lesson_is_accounted_for(lessons: LessonDay, is_complete: bool) -> None:
    assert lessons.is_complete is is_complete


def test_who_has_a_timetable_of_their_own_has_to_be_noted_by_somebody() -> None:
    own = {"expected": 100, "silent_is_present": False}

    assert is_unheard(day("1234"), PupilDay(**own))  # type: ignore[arg-type]
    assert is_unheard(day("123", "4"), PupilDay(**own, marks={4: PRESENT}))  # type: ignore[arg-type]
    assert not is_unheard(day("1234"), PupilDay(**own, marks={1: PRESENT}))  # type: ignore[arg-type]
    assert not is_unheard(day("1234"), PupilDay(**own, is_covered=True))  # type: ignore[arg-type]
    assert not is_unheard(day("1234"), PupilDay(0, silent_is_present=False))
    assert not is_unheard(day("1234"), PupilDay(200))


def test_closing_a_day_asks_about_who_missed_every_lesson_so_far() -> None:
    assert missed_so_far(day("12"), PupilDay(200, {1: SICK, 2: SICK}))
    assert not missed_so_far(day("12"), PupilDay(200, {1: SICK}))
    assert not missed_so_far(day("1"), PupilDay(200, {1: late(5)}))
    assert not missed_so_far(day(""), PupilDay(200))


def test_being_known_from_elsewhere_is_not_being_seen() -> None:
    assert not was_seen(day("1", known=True), PupilDay(200, {1: SICK}))
    assert was_seen(day("12", known=True), PupilDay(200, {1: SICK}))


# For any day

MARKS = st.sampled_from([PRESENT, SICK, UNKNOWN, late(1), late(10), late(90)])


@st.composite
def days(draw: st.DrawFn) -> tuple[LessonDay, PupilDay]:
    lengths = lesson_lengths(draw(st.integers(1, 400)), draw(st.integers(1, 90)))
    numbers = range(1, len(lengths) + 1)
    taken = draw(st.frozensets(st.sampled_from(numbers)))
    cancelled = draw(st.frozensets(st.sampled_from(numbers))) - taken
    marks = {number: draw(MARKS) for number in taken if draw(st.booleans())}
    shorter = draw(st.booleans())
    expected = draw(st.integers(0, sum(lengths))) if shorter else sum(lengths)
    others = tuple(Other(number, draw(st.integers(1, 60))) for number in draw(st.sets(st.integers(0, 3), max_size=2)))
    return (
        LessonDay(lengths, taken, cancelled, known=draw(st.booleans())),
        PupilDay(expected, marks, silent_is_present=not shorter, others=others),
    )


@given(days())
def test_a_pupil_who_was_seen_never_missed_the_whole_day(made: tuple[LessonDay, PupilDay]) -> None:
    lessons, pupil = made
    records = settle(lessons, pupil)

    if was_seen(lessons, pupil):
        assert all(row.minutes is not None for row in records)
        assert not records or sum(row.minutes or 0 for row in records) < pupil.expected


@given(days())
def test_a_pupil_who_was_never_seen_has_a_whole_day_or_nothing(made: tuple[LessonDay, PupilDay]) -> None:
    """Never a part of a day: that would end a run at home."""
    lessons, pupil = made
    records = settle(lessons, pupil)

    if records and not was_seen(lessons, pupil) and not lessons.known:
        assert lessons.is_complete
        theirs = sum(row.minutes for row in pupil.others)
        whole = [row.minutes for row in records] == [None]
        assert whole or sum(row.minutes or 0 for row in records) + theirs == pupil.expected


@given(days())
def test_records_are_of_lessons_that_are_there_with_minutes_and_a_reason(made: tuple[LessonDay, PupilDay]) -> None:
    lessons, pupil = made
    records = settle(lessons, pupil)

    assert len({row.lesson for row in records}) == len(records)
    assert not {row.lesson for row in records} & {row.lesson for row in pupil.others if row.lesson}
    assert all(row.reason is not None and (row.minutes is None) == (row.lesson == 0) for row in records)
    assert all(row.minutes is None or row.minutes > 0 for row in records)

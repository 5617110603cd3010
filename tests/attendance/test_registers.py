"""The register of a class: marks change their own day and leave the days round it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from attendance.models import Absence, Group, PastGroup, Pupil, PupilClock, RegisterTaken
from attendance.services.absences import AbsenceError
from attendance.services.clocks import evaluate_pupil
from attendance.services.registers import Mark, register_of, take_register
from tests import factories
from thuiszitters.accounts.models import User

pytestmark = pytest.mark.django_db

MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2026, 1, 12) + timedelta(days=n) for n in range(5))


@pytest.fixture(autouse=True)
def no_follow_up(settings: Settings) -> None:
    settings.FOLLOW_UP_TASKS = ()


@pytest.fixture
def group() -> Group:
    return factories.group(factories.school())


@pytest.fixture
def child(group: Group) -> Pupil:
    return factories.pupil(in_group=group)


@pytest.fixture
def by() -> User:
    return factories.user()


def ziek(minutes: int | None = None) -> Mark:
    return Mark(factories.reason("ziek"), minutes)


def weg(minutes: int | None = None) -> Mark:
    return Mark(factories.reason("ongeoorloofd"), minutes)


def rows(child: Pupil) -> Rows:
    found = Absence.objects.standing().filter(pupil=child).order_by("first", "lesson")
    return [(row.first, row.last, row.minutes, row.reason.code) for row in found]


def test_mark_makes_a_record_and_the_register_is_taken(group: Group, child: Pupil, by: User) -> None:
    other = factories.pupil(in_group=group)

    take_register(group=group, day=MONDAY, marks={child.pk: ziek()}, by=by, today=MONDAY)
    take_register(group=group, day=MONDAY, marks={child.pk: ziek()}, by=by, today=MONDAY)

    assert rows(child) == [(MONDAY, MONDAY, None, "ziek")]
    assert rows(other) == []
    assert RegisterTaken.objects.values_list("group", "day", "taken_by").get() == (group.pk, MONDAY, by.pk)
    assert Absence.objects.get().versions.count() == 0


@pytest.mark.parametrize(
    ("mark", "expected"),
    [
        (ziek, [(MONDAY, MONDAY, None, "ziek")]),
        (weg, [(MONDAY, MONDAY, None, "ongeoorloofd")]),
        (lambda: ziek(60), [(MONDAY, MONDAY, 60, "ziek")]),
        (lambda: None, []),
    ],
)
def test_another_mark_changes_the_record_of_that_day(
    group: Group, child: Pupil, by: User, mark: type, expected: Rows
) -> None:
    take_register(group=group, day=MONDAY, marks={child.pk: ziek()}, by=by, today=MONDAY)

    take_register(group=group, day=MONDAY, marks={child.pk: mark()}, by=by, today=MONDAY)

    assert rows(child) == expected


def test_pupil_who_is_not_named_keeps_a_record_made_meanwhile(group: Group, child: Pupil, by: User) -> None:
    factories.absence(child, MONDAY)

    take_register(group=group, day=MONDAY, marks={}, by=by, today=MONDAY)

    assert rows(child) == [(MONDAY, None, None, "ziek")]


LONG = "ziek"
Rows = list[tuple[date, date | None, int | None, str]]
Split = tuple[str, date | None, date, str, bool, Rows]
"""What, the end of the record, the day of the register, its mark, whether Friday's register was taken, what is left."""

SPLIT: list[Split] = [
    ("same reason in an open record", None, WEDNESDAY, "ziek", False, [(MONDAY, None, None, LONG)]),
    ("there, open: closed the day before", None, WEDNESDAY, "there", False, [(MONDAY, TUESDAY, None, LONG)]),
    ("there on the first day, open: gone", None, MONDAY, "there", False, []),
    (
        "there, open, later days known: the rest stands",
        None,
        WEDNESDAY,
        "there",
        True,
        [(MONDAY, TUESDAY, None, LONG), (THURSDAY, None, None, LONG)],
    ),
    (
        "there, with an end: cut in two",
        FRIDAY,
        WEDNESDAY,
        "there",
        False,
        [(MONDAY, TUESDAY, None, LONG), (THURSDAY, FRIDAY, None, LONG)],
    ),
    ("there on the first day of more", FRIDAY, MONDAY, "there", False, [(TUESDAY, FRIDAY, None, LONG)]),
    ("there on the last day", FRIDAY, FRIDAY, "there", False, [(MONDAY, THURSDAY, None, LONG)]),
    (
        "another reason in an open record goes on after it",
        None,
        WEDNESDAY,
        "ongeoorloofd",
        False,
        [(MONDAY, TUESDAY, None, LONG), (WEDNESDAY, WEDNESDAY, None, "ongeoorloofd"), (THURSDAY, None, None, LONG)],
    ),
    (
        "another reason on the first day",
        FRIDAY,
        MONDAY,
        "ongeoorloofd",
        False,
        [(MONDAY, MONDAY, None, "ongeoorloofd"), (TUESDAY, FRIDAY, None, LONG)],
    ),
    (
        "came in for a part, open: closed the day before",
        None,
        WEDNESDAY,
        "60 minutes",
        False,
        [(MONDAY, TUESDAY, None, LONG), (WEDNESDAY, WEDNESDAY, 60, LONG)],
    ),
]


@pytest.mark.parametrize("case", SPLIT, ids=[row[0] for row in SPLIT])
def test_mark_inside_a_record_of_more_days(group: Group, child: Pupil, by: User, case: Split) -> None:
    _, last, day, mark, later_known, expected = case
    factories.absence(child, MONDAY, last, LONG)
    if later_known:
        take_register(group=group, day=FRIDAY, marks={}, by=by, today=FRIDAY)
    marks = {"there": None, "60 minutes": ziek(60), "ziek": ziek(), "ongeoorloofd": weg()}

    for _ in range(2):
        take_register(group=group, day=day, marks={child.pk: marks[mark]}, by=by, today=FRIDAY)
        assert rows(child) == expected


def test_whole_day_takes_the_place_of_lessons_and_presence_leaves_them(group: Group, child: Pupil, by: User) -> None:
    factories.part_of_day(child, MONDAY, 50, lesson=2)

    take_register(group=group, day=MONDAY, marks={child.pk: None}, by=by, today=MONDAY)
    assert rows(child) == [(MONDAY, MONDAY, 50, "ongeoorloofd")]

    take_register(group=group, day=MONDAY, marks={child.pk: ziek()}, by=by, today=MONDAY)
    assert rows(child) == [(MONDAY, MONDAY, None, "ziek")]


def test_presence_known_by_the_register_ends_a_run_of_who_was_not_marked(group: Group, child: Pupil, by: User) -> None:
    factories.absence(child, MONDAY, TUESDAY)
    evaluate_pupil(child.pk, today=FRIDAY, cause="proef")
    assert child.clock.run_since == MONDAY

    outcome = take_register(group=group, day=WEDNESDAY, marks={}, by=by, today=FRIDAY)

    assert outcome.evaluated == 1
    assert PupilClock.objects.get(pupil=child).run_since is None


def test_register_gives_the_crossing_of_the_tenth_day(group: Group, child: Pupil, by: User) -> None:
    for n in range(12):
        day = MONDAY + timedelta(days=n)
        if day.weekday() < 5:
            outcome = take_register(group=group, day=day, marks={child.pk: weg()}, by=by, today=day)

    assert [row.rule for row in outcome.created] == ["thuis-2w"]
    assert outcome.created[0].cause == "klassenregister ingevuld"


def test_register_of_a_day_to_come_is_refused(group: Group, by: User) -> None:
    with pytest.raises(AbsenceError, match="nog moet komen"):
        take_register(group=group, day=TUESDAY, marks={}, by=by, today=MONDAY)

    assert not RegisterTaken.objects.exists()


def test_mark_for_a_pupil_of_another_class_is_refused_as_a_whole(group: Group, child: Pupil, by: User) -> None:
    stranger = factories.pupil(in_group=factories.group(group.school))

    with pytest.raises(AbsenceError, match="zat die dag niet in"):
        take_register(group=group, day=MONDAY, marks={child.pk: ziek(), stranger.pk: ziek()}, by=by, today=MONDAY)

    assert (rows(child), rows(stranger)) == ([], [])


def test_mark_without_minutes_that_it_needs_changes_nothing(group: Group, child: Pupil, by: User) -> None:
    other = factories.pupil(in_group=group)

    marks = {other.pk: ziek(), child.pk: Mark(factories.reason("telaat"))}

    with pytest.raises(AbsenceError, match="hoeveel minuten"):
        take_register(group=group, day=MONDAY, marks=marks, by=by, today=MONDAY)

    assert (rows(child), rows(other), RegisterTaken.objects.count()) == ([], [], 0)


def test_register_shows_the_class_of_that_day(group: Group, by: User) -> None:
    late, early = (factories.pupil(in_group=group, surname=name) for name in ("Zwart", "Aarts"))
    moved = factories.pupil(in_group=factories.group(group.school), surname="Mol")
    PastGroup.objects.create(enrolment=moved.enrolments.get(), group=group, last=TUESDAY)
    factories.absence(late, MONDAY)
    factories.part_of_day(early, MONDAY, 50, lesson=3)

    on_tuesday = [(line.pupil, line.mark, line.lessons) for line in register_of(group, TUESDAY)]
    on_monday = register_of(group, MONDAY)

    assert on_tuesday == [(early, None, 0), (moved, None, 0), (late, ziek(), 0)]
    assert [line.lessons for line in on_monday] == [1, 0, 0]
    assert [line.pupil for line in register_of(group, WEDNESDAY)] == [early, late]


def test_register_of_earlier_class_is_known_of_the_pupil_who_moved(group: Group, by: User) -> None:
    moved = factories.pupil(in_group=factories.group(group.school))
    PastGroup.objects.create(enrolment=moved.enrolments.get(), group=group, last=WEDNESDAY)
    factories.absence(moved, MONDAY, TUESDAY)
    take_register(group=group, day=WEDNESDAY, marks={}, by=by, today=FRIDAY)

    evaluate_pupil(moved.pk, today=FRIDAY, cause="proef")

    assert moved.clock.run_since is None


def test_queries_of_reading_do_not_follow_the_class(group: Group) -> None:
    counts = []
    for _ in range(2):
        for _ in range(2):
            factories.absence(factories.pupil(in_group=group), MONDAY)
        with CaptureQueriesContext(connection) as queries:
            register_of(group, MONDAY)
        counts.append(len(queries))

    assert counts[0] == counts[1]


def test_queries_of_saving_follow_the_marks_that_are_new_or_changed(group: Group, by: User) -> None:
    """New: whether another record stands in the way, and the record. Changed: that, the version that is kept, what the
    database held (for the log), and the record. The entries of the log are written together."""
    children = [factories.pupil(in_group=group) for _ in range(4)]
    counts: dict[str, list[int]] = {"new": [], "changed": []}
    for day, number in ((MONDAY, 1), (TUESDAY, 4)):
        for what, mark in (("new", ziek()), ("changed", weg())):
            marks = {child.pk: mark for child in children[:number]}
            with CaptureQueriesContext(connection) as queries:
                take_register(group=group, day=day, marks=marks, by=by, today=FRIDAY)
            counts[what].append(len([query for query in queries if "pupilclock" not in query["sql"]]))

    assert {what: (four - one) / 3 for what, (one, four) in counts.items()} == {"new": 2, "changed": 4}

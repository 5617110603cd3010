"""Enrolling, leaving, moving and correcting: never two enrolments on one date, and nothing forgotten."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from attendance.models import ArrangementChange, Enrolment, Group, PastGroup, Pupil, RegisterTaken
from attendance.services.arrangement_history import Author
from attendance.services.enrolments import (
    NextSchool,
    correct_enrolment,
    enrol_pupil,
    leave_school,
    move_to_group,
    move_to_place,
)
from attendance.services.new_pupils import Child, enrol_child, look_alikes
from attendance.services.periods import PeriodError, PeriodOverlap
from attendance.services.touched import in_group
from tests import factories
from thuiszitters.accounts.models import School

pytestmark = pytest.mark.django_db

TODAY = date(2026, 2, 9)
MONDAY = date(2026, 1, 12)
SUNDAY = date(2026, 1, 11)
AUTHOR = Author(why="verhuisd")
DAY = timedelta(days=1)


@pytest.fixture
def school() -> School:
    return factories.school(complete_through=date(2026, 2, 6), alliance=factories.alliance())


@pytest.fixture
def other(school: School) -> School:
    return factories.school(complete_through=date(2026, 2, 6), alliance=school.alliance)


@pytest.fixture
def pupil(school: School) -> Pupil:
    return factories.pupil(in_group=factories.group(school, "1A"))


def rows_of(pupil: Pupil) -> list[tuple[School, School, date, date | None, str]]:
    rows = pupil.enrolments.select_related("school", "place").order_by("first")
    return [(row.school, row.place, row.first, row.last, row.leaving_reason) for row in rows]


def leave(pupil: Pupil, last: date, reason: str = "andere_school", to: NextSchool | None = None) -> Enrolment:
    row = pupil.enrolments.order_by("first")[0]
    return leave_school(enrolment=row, last=last, leaving_reason=reason, to=to, author=AUTHOR, today=TODAY).row


def test_a_move_ends_here_and_begins_there(pupil: Pupil, school: School, other: School) -> None:
    for _ in range(2):
        leave(pupil, SUNDAY, to=NextSchool(other, MONDAY))

    assert rows_of(pupil) == [
        (school, school, factories.SCHOOL_YEAR, SUNDAY, "andere_school"),
        (other, other, MONDAY, None, ""),
    ]
    assert [(row.what, row.was.get("klas")) for row in ArrangementChange.objects.order_by("pk")] == [
        ("beeindigd", "1A"),
        ("gemaakt", None),
    ]


@pytest.mark.parametrize(
    ("reason", "first", "words"),
    [
        ("andere_school", SUNDAY, "ligt niet na de laatste dag hier"),
        ("diploma", MONDAY, "gaat een leerling niet naar een andere school"),
        ("buitenland", MONDAY, "gaat een leerling niet naar een andere school"),
    ],
)
def test_a_move_that_cannot_be_changes_nothing(
    pupil: Pupil, other: School, reason: str, first: date, words: str
) -> None:
    before = rows_of(pupil)

    with pytest.raises(PeriodError, match=words):
        leave(pupil, SUNDAY, reason, NextSchool(other, first))

    assert rows_of(pupil) == before


def test_a_move_into_another_enrolment_changes_nothing(pupil: Pupil, school: School, other: School) -> None:
    leave(pupil, SUNDAY)
    enrol_pupil(pupil=pupil, school=other, first=date(2026, 1, 20), author=AUTHOR, today=TODAY)
    before = rows_of(pupil)

    with pytest.raises(PeriodOverlap, match="overlapt met wat er al staat: inschrijving op"):
        leave(pupil, SUNDAY, to=NextSchool(factories.school(), MONDAY))
    with pytest.raises(PeriodOverlap):
        leave(pupil, date(2026, 1, 20))

    assert rows_of(pupil) == before
    leave(pupil, date(2026, 1, 19))


@pytest.mark.parametrize(("first", "stands"), [(SUNDAY, False), (MONDAY, True), (date(2025, 7, 31), False)])
def test_enrolments_do_not_overlap(pupil: Pupil, other: School, first: date, stands: bool) -> None:
    leave(pupil, SUNDAY)

    if stands:
        enrol_pupil(pupil=pupil, school=other, first=first, author=AUTHOR, today=TODAY)
    else:
        with pytest.raises(PeriodOverlap):
            enrol_pupil(pupil=pupil, school=other, first=first, author=AUTHOR, today=TODAY)

    assert pupil.enrolments.count() == 1 + stands


def test_nobody_is_enrolled_before_being_born(pupil: Pupil, other: School) -> None:
    born = pupil.birth_date
    row = pupil.enrolments.get()

    with pytest.raises(PeriodError, match="geboortedatum"):
        correct_enrolment(enrolment=row, first=born, last=None, leaving_reason="", author=AUTHOR, today=TODAY)
    correct_enrolment(enrolment=row, first=born + DAY, last=None, leaving_reason="", author=AUTHOR, today=TODAY)


def test_leaving_for_good_ends_what_runs(pupil: Pupil) -> None:
    factories.absence(pupil, MONDAY, None, "geoorloofd")
    row = pupil.enrolments.get()
    corrected = correct_enrolment(
        enrolment=row, first=row.first, last=None, leaving_reason="", author=AUTHOR, today=TODAY
    )
    assert {found.rule for found in corrected.outcome.created} == {"thuis-2w", "thuis-4w", "structureel"}

    left = leave_school(enrolment=row, last=date(2026, 1, 23), leaving_reason="diploma", author=AUTHOR, today=TODAY)

    assert {found.rule for found in left.outcome.withdrawn} == {"thuis-4w"}


def test_a_corrected_start_forgets_classes_before_it(pupil: Pupil, school: School) -> None:
    row = pupil.enrolments.get()
    old, new = row.group, factories.group(school, "1B")
    move_to_group(enrolment=row, group=new, since=MONDAY, author=AUTHOR, today=TODAY)
    assert in_group(old, SUNDAY).count() == 1  # type: ignore[arg-type]

    correct_enrolment(enrolment=row, first=MONDAY, last=None, leaving_reason="", author=AUTHOR, today=TODAY)

    assert not PastGroup.objects.exists()


# Classes


def classes_of(pupil: Pupil, groups: list[Group], days: list[date]) -> list[str]:
    return [group.name for day in days for group in groups if in_group(group, day).filter(pk=pupil.pk).exists()]


def test_each_date_keeps_its_class(pupil: Pupil, school: School) -> None:
    """Also when an earlier move is entered after a later one."""
    row = pupil.enrolments.get()
    assert row.group is not None
    groups = [row.group, factories.group(school, "1B"), factories.group(school, "1C")]
    days = [date(2025, 9, 1), date(2025, 10, 31), date(2025, 11, 3), date(2026, 1, 9), MONDAY, TODAY]
    for _ in range(2):
        move_to_group(enrolment=row, group=groups[1], since=MONDAY, author=AUTHOR, today=TODAY)
    assert classes_of(pupil, groups, days) == ["1A", "1A", "1A", "1A", "1B", "1B"]

    for _ in range(2):
        move_to_group(enrolment=row, group=groups[2], since=date(2025, 11, 3), author=AUTHOR, today=TODAY)
    assert classes_of(pupil, groups, days) == ["1A", "1A", "1C", "1C", "1C", "1C"]

    move_to_group(enrolment=row, group=groups[0], since=date(2025, 11, 3), author=AUTHOR, today=TODAY)
    assert classes_of(pupil, groups, days) == ["1A"] * 6
    assert ArrangementChange.objects.filter(about="inschrijving", what="gewijzigd").count() == 3


def test_the_register_of_the_class_of_that_date_counts(pupil: Pupil, school: School) -> None:
    school.complete_through = None
    school.save()
    row = pupil.enrolments.get()
    new = factories.group(school, "1B")
    taken_by = factories.user()
    for day in (MONDAY, MONDAY + DAY):
        RegisterTaken.objects.create(group=new, day=day, taken_by=taken_by)
    factories.absence(pupil, date(2025, 12, 1), SUNDAY, "geoorloofd")

    moved = move_to_group(enrolment=row, group=new, since=MONDAY, author=AUTHOR, today=TODAY)
    assert moved.row.pupil.clock.run_since is None

    back = move_to_group(enrolment=row, group=factories.group(school), since=MONDAY, author=AUTHOR, today=TODAY)
    assert back.row.pupil.clock.run_since == date(2025, 12, 1)


@pytest.mark.parametrize(("since", "stands"), [(TODAY, True), (TODAY + DAY, False), (date(2025, 7, 31), False)])
def test_a_class_changes_within_the_enrolment_and_not_ahead(
    pupil: Pupil, school: School, since: date, stands: bool
) -> None:
    row, new = pupil.enrolments.get(), factories.group(school)

    if stands:
        move_to_group(enrolment=row, group=new, since=since, author=AUTHOR, today=TODAY)
    else:
        with pytest.raises(PeriodError):
            move_to_group(enrolment=row, group=new, since=since, author=AUTHOR, today=TODAY)

    row.refresh_from_db()
    assert (row.group == new) is stands


# Place of teaching


def test_another_place_keeps_the_days_before_at_the_first(pupil: Pupil, school: School, other: School) -> None:
    row = pupil.enrolments.get()
    there = factories.group(other)

    for _ in range(2):
        move_to_place(enrolment=row, place=other, group=there, since=MONDAY, author=AUTHOR, today=TODAY)

    assert rows_of(pupil) == [
        (school, school, factories.SCHOOL_YEAR, SUNDAY, ""),
        (school, other, MONDAY, None, ""),
    ]
    assert pupil.enrolments.get(first=MONDAY).group == there


def test_another_place_from_the_first_day_is_the_same_enrolment(pupil: Pupil, school: School, other: School) -> None:
    row = pupil.enrolments.get()

    move_to_place(enrolment=row, place=other, group=None, since=row.first, author=AUTHOR, today=TODAY)

    assert rows_of(pupil) == [(school, other, row.first, None, "")]
    assert pupil.enrolments.get().group is None


def test_a_place_keeps_the_end_that_was_known(pupil: Pupil, school: School, other: School) -> None:
    leave(pupil, date(2026, 7, 31), "diploma")

    move_to_place(enrolment=pupil.enrolments.get(), place=other, group=None, since=MONDAY, author=AUTHOR, today=TODAY)

    assert rows_of(pupil)[1] == (school, other, MONDAY, date(2026, 7, 31), "diploma")


def test_a_class_of_another_place_is_refused(pupil: Pupil, other: School) -> None:
    row = pupil.enrolments.get()

    with pytest.raises(PeriodError, match="geen klas van"):
        move_to_place(enrolment=row, place=other, group=row.group, since=MONDAY, author=AUTHOR, today=TODAY)


# New pupils

SAM = Child("L7", "Sam", "van den", "Bérg", date(2013, 5, 14))


def enrol_sam(school: School, child: Child = SAM, first: date = MONDAY) -> Enrolment:
    return enrol_child(
        child=child, school=school, place=school, group=None, first=first, author=AUTHOR, today=TODAY
    ).row


def test_the_same_child_is_never_made_twice(school: School, other: School) -> None:
    first = enrol_sam(school)
    again = enrol_sam(school, Child("L7", "Samuel", "", "BERG", date(2013, 5, 14)))
    assert (Pupil.objects.count(), first) == (1, again)

    leave_school(enrolment=first, last=TODAY, leaving_reason="overig", author=AUTHOR, today=TODAY)
    assert enrol_sam(other, first=TODAY + DAY).pupil == first.pupil
    assert (Pupil.objects.count(), Pupil.objects.get().first_name) == (1, "Sam")


def test_a_child_enrolled_elsewhere_on_that_day_is_refused(school: School, other: School) -> None:
    enrol_sam(school)

    with pytest.raises(PeriodOverlap):
        enrol_sam(other, first=TODAY)

    assert Enrolment.objects.count() == 1


@pytest.mark.parametrize(
    "child",
    [
        Child("L8", "Sam", "van den", "Berg", date(2013, 5, 14)),
        Child("L7", "Sam", "van den", "Berg", date(2013, 5, 15)),
        Child("L7", "Sam", "van den", "Burg", date(2013, 5, 14)),
    ],
)
def test_another_number_day_or_surname_is_another_child_that_looks_alike(school: School, child: Child) -> None:
    known = enrol_sam(school).pupil
    assert look_alikes(child, Pupil.objects.all()) == [known]

    enrol_sam(school, child)

    assert Pupil.objects.count() == 2


def test_the_child_itself_and_somebody_else_do_not_look_alike(school: School) -> None:
    enrol_sam(school)
    factories.pupil(school, first_name="Bo")
    factories.pupil(school, birth_date=date(2013, 5, 13))

    assert look_alikes(SAM, Pupil.objects.all()) == []


def test_a_municipality_is_filled_in_but_not_changed(school: School) -> None:
    first, second = factories.municipality(), factories.municipality()
    enrol_sam(school)
    for town in (first, second):
        enrol_sam(school, Child(SAM.number, "Sam", "", SAM.surname, SAM.birth_date, town))

    assert Pupil.objects.get().municipality == first

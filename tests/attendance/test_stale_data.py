"""Gegevens niet compleet: schools and classes of which it is not known who was there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendance.engine.calendar import SchoolCalendar
from attendance.listings.stale_data import StaleSchool, day_due, is_behind, stale_schools
from attendance.models import Group, RegisterTaken
from tests import factories
from thuiszitters.accounts.models import School
from thuiszitters.accounts.roles import Role

TODAY = date(2026, 1, 14)
"""A Wednesday: the data must be known through Tuesday."""
MONDAY, TUESDAY = date(2026, 1, 12), date(2026, 1, 13)
FRIDAY = date(2026, 1, 9)


PAGE = "/verzuim/gegevens/"
PART = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.mark.parametrize(
    ("today", "due"),
    [
        (date(2026, 1, 14), date(2026, 1, 13)),
        (date(2026, 1, 13), date(2026, 1, 12)),
        # Over the weekend: on Monday Friday, on Saturday and Sunday Thursday.
        (date(2026, 1, 12), date(2026, 1, 9)),
        (date(2026, 1, 11), date(2026, 1, 8)),
        (date(2026, 1, 10), date(2026, 1, 8)),
        (date(2026, 1, 9), date(2026, 1, 8)),
        # Over the Christmas holiday, 20 December up to and including 4 January.
        (date(2026, 1, 6), date(2026, 1, 5)),
        (date(2026, 1, 5), date(2025, 12, 19)),
        (date(2026, 1, 4), date(2025, 12, 18)),
        (date(2025, 12, 25), date(2025, 12, 18)),
        (date(2025, 12, 19), date(2025, 12, 18)),
    ],
)
def test_data_is_due_through_the_last_school_day_but_one(today: date, due: date) -> None:
    assert day_due(SchoolCalendar("zuid"), today) == due


@pytest.mark.parametrize(
    ("through", "missing", "without_class", "behind"),
    [
        (None, [], False, False),
        (None, [TUESDAY], False, True),
        (None, [TODAY], False, False),
        (None, [TODAY, TUESDAY], False, True),
        (MONDAY, [TUESDAY], False, True),
        (TUESDAY, [TUESDAY], False, False),
        (MONDAY, [], True, True),
        (TUESDAY, [], True, False),
        (None, [], True, True),
    ],
)
def test_a_school_is_behind(through: date | None, missing: list[date], *, without_class: bool, behind: bool) -> None:
    assert is_behind(TUESDAY, through, missing, without_class=without_class) is behind


def a_class(school: School, *, taken_from: date | None = None) -> Group:
    """A class of one pupil, with registers taken on the last school days from this date up to Tuesday."""
    group = factories.group(school)
    factories.pupil(in_group=group)
    by = factories.user()
    days = [date(2026, 1, day) for day in (5, 6, 7, 8, 9, 12, 13)] + [date(2025, 12, day) for day in (18, 19)]
    for day in days:
        if taken_from is not None and day >= taken_from:
            RegisterTaken.objects.create(group=group, day=day, taken_by=by)
    return group


def of(school: School) -> list[StaleSchool]:
    return stale_schools(School.objects.filter(pk=school.pk), Group.objects.filter(school=school), TODAY)


@pytest.mark.django_db
def test_registers_of_all_classes_make_the_data_known() -> None:
    school = factories.school()
    a_class(school, taken_from=date(2025, 12, 1))
    a_class(school, taken_from=date(2025, 12, 1))

    assert of(school) == []


@pytest.mark.django_db
def test_one_class_without_its_register_is_named_with_the_days() -> None:
    school = factories.school(complete_through=FRIDAY)
    a_class(school, taken_from=MONDAY)
    behind = a_class(school, taken_from=TUESDAY)

    (found,) = of(school)

    assert [row.group for row in found.missing] == [behind]
    assert [day for row in found.missing for day in row.missing if day <= found.due] == [MONDAY]


@pytest.mark.django_db
@pytest.mark.parametrize(("through", "days"), [(FRIDAY, (TUESDAY, MONDAY)), (MONDAY, (TUESDAY,)), (TUESDAY, None)])
def test_a_school_that_imports_is_named_once_for_all_classes(through: date, days: tuple[date, ...] | None) -> None:
    school = factories.school(complete_through=through)
    a_class(school)
    a_class(school)

    found = of(school)

    assert [row.shared for row in found] == ([days] if days else [])
    assert [row.missing for row in found] == ([()] if days else [])


@pytest.mark.django_db
def test_pupils_without_a_class_wait_for_the_import() -> None:
    school = factories.school(complete_through=MONDAY)
    factories.pupil(school)

    assert [row.without_class for row in of(school)] == [1]


@pytest.mark.django_db
def test_a_missing_day_leads_to_its_register(client: Client) -> None:
    school = factories.school(complete_through=MONDAY)
    group = a_class(school)
    client.force_login(factories.member(Role.ADMINISTRATIE, school))

    text = client.get(PAGE, headers=PART).content.decode()

    assert reverse("attendance:register_take", kwargs={"code": group.code, "day": TUESDAY}) in text
    assert reverse("attendance:register_take", kwargs={"code": group.code, "day": TODAY}) not in text


@pytest.mark.django_db
def test_who_cannot_take_a_register_gets_no_link(client: Client) -> None:
    school = factories.school(complete_through=MONDAY)
    a_class(school)
    client.force_login(factories.member(Role.SCHOOLLEIDER, school))

    text = client.get(PAGE, headers=PART).content.decode()

    assert "Niet compleet tot en met" in text
    assert "/verzuim/klas/" not in text


@pytest.mark.django_db
def test_another_school_is_not_shown(client: Client) -> None:
    other = factories.school()
    a_class(other)
    client.force_login(factories.member(Role.COO, factories.school()))

    text = client.get(PAGE, headers=PART).content.decode()

    assert "Alle gegevens zijn compleet" in text
    assert other.name not in text


@pytest.mark.django_db
def test_the_number_of_queries_does_not_follow_the_number_of_schools(client: Client) -> None:
    coo = factories.member(Role.COO, factories.school())
    client.force_login(coo)
    counts = []
    for more in (1, 2):
        for _ in range(more):
            school = factories.school(complete_through=FRIDAY)
            factories.member(Role.COO, school, coo)
            a_class(school, taken_from=TUESDAY)
            a_class(school)
        with CaptureQueriesContext(connection) as queries:
            client.get(PAGE, headers=PART)
        counts.append(len(queries))

    assert counts[0] == counts[1]

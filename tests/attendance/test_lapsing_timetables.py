"""Which own timetables somebody is asked to look at again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from attendance.listings.lapsing_timetables import has_lapsing_timetables, lapsing_timetables
from tests import factories
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db

HALF = (150, 150, 150, 150, 150)
LAPSE = date(2026, 7, 31)
SIX_WEEKS_BEFORE = date(2026, 6, 19)
DAY = timedelta(days=1)


@pytest.fixture
def school() -> School:
    return factories.school()


@pytest.fixture
def coo(school: School) -> User:
    return factories.member(Role.COO, school)


@pytest.mark.parametrize(
    ("today", "period", "is_named"),
    [
        (SIX_WEEKS_BEFORE - DAY, (date(2026, 1, 5), LAPSE), False),
        (SIX_WEEKS_BEFORE, (date(2026, 1, 5), LAPSE), True),
        (LAPSE, (date(2026, 1, 5), LAPSE), True),
        (LAPSE + DAY, (date(2026, 1, 5), LAPSE), False),
        # An earlier end is an end too.
        (date(2026, 2, 1), (date(2026, 1, 5), date(2026, 3, 15)), True),
        (date(2026, 2, 1), (date(2026, 1, 5), date(2026, 3, 16)), False),
        # Not there yet.
        (date(2026, 1, 4), (date(2026, 1, 5), date(2026, 1, 30)), False),
        # From a file: no end, or one in another school year.
        (date(2026, 1, 5), (date(2026, 1, 5), None), True),
        (date(2026, 1, 5), (date(2026, 1, 5), date(2026, 8, 1)), True),
    ],
)
def test_it_is_named_from_six_weeks_before_its_end(
    school: School, coo: User, today: date, period: tuple[date, date | None], is_named: bool
) -> None:
    factories.own_timetable(factories.pupil(school), HALF, *period)

    assert len(lapsing_timetables(coo, today)) == is_named
    assert has_lapsing_timetables(coo, today) is is_named


@pytest.mark.parametrize(("today", "has_lapsed"), [(LAPSE, False), (LAPSE + DAY, True)])
def test_one_without_an_end_lapses_after_31_july(school: School, coo: User, today: date, has_lapsed: bool) -> None:
    factories.own_timetable(factories.pupil(school), HALF, date(2026, 1, 5))

    (row,) = lapsing_timetables(coo, today)

    assert (row.ends_on, row.has_lapsed, row.has_no_end) == (LAPSE, has_lapsed, True)


def test_one_that_is_followed_by_another_is_not_named(school: School, coo: User) -> None:
    pupil = factories.pupil(school)
    factories.own_timetable(pupil, HALF, date(2026, 1, 5), date(2026, 2, 1))
    factories.own_timetable(pupil, HALF, date(2026, 2, 2), LAPSE)

    assert lapsing_timetables(coo, date(2026, 1, 20)) == []


def test_who_left_or_is_elsewhere_is_not_named(school: School, coo: User) -> None:
    gone, elsewhere = factories.pupil(school), factories.pupil(factories.school())
    gone.enrolments.update(last=date(2026, 1, 19))
    for pupil in (gone, elsewhere):
        factories.own_timetable(pupil, HALF, date(2026, 1, 5))

    assert len(lapsing_timetables(coo, date(2026, 1, 19))) == 1
    assert lapsing_timetables(coo, date(2026, 1, 20)) == []


@pytest.mark.parametrize("number", [1, 3, 30])
def test_the_list_asks_the_same_number_of_questions(
    school: School, coo: User, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(number):
        factories.own_timetable(factories.pupil(in_group=factories.group(school)), HALF, date(2026, 1, 5))

    lapsing_timetables(coo, date(2026, 1, 20))
    with django_assert_num_queries(2):
        assert len(lapsing_timetables(coo, date(2026, 1, 20))) == number


@pytest.mark.parametrize(("role", "sees"), [(Role.COO, True), (Role.ADMINISTRATIE, True), (Role.SCHOOLLEIDER, False)])
def test_today_has_the_section_only_when_there_is_something(
    school: School, client: Client, role: Role, sees: bool
) -> None:
    client.force_login(factories.member(role, school))
    with time_machine.travel(date(2026, 1, 20), tick=False):
        assert "Roosters die aflopen" not in client.get(reverse("today")).content.decode()
        pupil = factories.pupil(school)
        factories.own_timetable(pupil, HALF, date(2026, 1, 5))

        assert ("Roosters die aflopen" in client.get(reverse("today")).content.decode()) is sees
        page = client.get(reverse("attendance:lapsing_timetables")).content.decode()
    assert pupil.list_name in page
    assert "Heeft geen einddatum. De afspraak vervalt op vr 31 jul" in page

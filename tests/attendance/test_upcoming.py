"""Op komst: who passes which norm in the next fourteen days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from attendance.listings.upcoming import Upcoming, upcoming
from attendance.models import Enrolment, Pupil, PupilClock
from attendance.services.clocks import evaluate_pupil
from tests import factories
from thuiszitters.accounts.models import School
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)
"""A Wednesday."""
YESTERDAY = TODAY - timedelta(days=1)


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def school() -> School:
    return factories.school(complete_through=YESTERDAY)


def at_home(school: School, first: date, last: date | None = None, code: str = "ziek") -> Pupil:
    """A pupil who is away from `first`, as the engine left the clock last night."""
    pupil = factories.pupil(in_group=factories.group(school))
    factories.absence(pupil, first, last, code)
    evaluate_pupil(pupil.pk, today=YESTERDAY, cause="test")
    return pupil


def lines(found: Upcoming) -> list[tuple[date, Pupil, tuple[str, ...]]]:
    return [(ahead.day, row.pupil, row.lines) for ahead in found.days for row in ahead.rows]


def of(school: School) -> Upcoming:
    return upcoming(Enrolment.objects.filter(school=school), TODAY)


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        # The tenth school day of a run that began on this day.
        (date(2026, 1, 5), [(date(2026, 1, 16), ("2 weken",))]),
        # Fourteen days ahead is Wednesday 28 January; the 4 weeks of 5 January come on the 30th.
        (date(2025, 12, 18), [(date(2026, 1, 14), ("2 weken",)), (date(2026, 1, 28), ("4 weken",))]),
        (date(2025, 12, 19), [(date(2026, 1, 15), ("2 weken",))]),
        (date(2025, 12, 17), [(date(2026, 1, 27), ("4 weken",))]),
    ],
)
def test_a_norm_is_coming_within_fourteen_days(
    school: School, first: date, expected: list[tuple[date, tuple[str, ...]]]
) -> None:
    pupil = at_home(school, first)

    assert lines(of(school)) == [(day, pupil, names) for day, names in expected]


@pytest.mark.parametrize(("first", "days", "short"), [(date(2026, 1, 8), 1, 0), (date(2026, 1, 9), 0, 1)])
def test_who_is_at_home_for_less_than_five_days_stands_apart(
    school: School, first: date, days: int, short: int
) -> None:
    at_home(school, first)

    found = of(school)

    assert (len(found.days), found.short_number) == (days, short)


def test_what_is_passed_today_moves_to_the_signals_once_it_is_one(school: School) -> None:
    pupil = at_home(school, date(2025, 12, 18))
    evaluate_pupil(pupil.pk, today=TODAY, cause="test")

    assert [day for day, _, _ in lines(of(school))] == [date(2026, 1, 28)]


def test_two_norms_on_one_day_are_one_line(school: School) -> None:
    at_home(school, date(2025, 12, 17), code="ongeoorloofd")

    assert [(day, names) for day, _, names in lines(of(school))] == [
        (date(2026, 1, 27), ("4 weken", "4 weken ongeoorloofd")),
    ]


def test_who_is_back_is_not_coming(school: School) -> None:
    at_home(school, date(2026, 1, 5), YESTERDAY)
    PupilClock.objects.update(run_since=date(2026, 1, 5))
    School.objects.update(complete_through=TODAY)

    assert of(school) == Upcoming()


def test_who_left_the_school_is_not_coming(school: School) -> None:
    pupil = at_home(school, date(2026, 1, 5))
    pupil.enrolments.update(last=YESTERDAY)

    assert of(school) == Upcoming()


@pytest.mark.parametrize(("hours", "shown"), [(11, []), (12, [12]), (15, [15]), (16, [])])
def test_hours_are_shown_from_twelve_to_fifteen(school: School, hours: int, shown: list[int]) -> None:
    pupil = factories.pupil(school)
    for number in range(hours // 2):
        day = date(2026, 1, 5) + timedelta(days=number if number < 5 else number + 2)
        factories.part_of_day(pupil, day, 120)
    if hours % 2:
        factories.part_of_day(pupil, TODAY, 60, lesson=5)
    evaluate_pupil(pupil.pk, today=TODAY, cause="test")

    assert [row.clock.amount for row in of(school).hours] == shown


def test_the_page_says_it_in_words(school: School, client: Client) -> None:
    at_home(school, date(2026, 1, 5))
    client.force_login(factories.member(Role.COO, school))

    text = " ".join(client.get(reverse("attendance:upcoming")).content.decode().split())

    assert "passeert 2 weken" in text
    assert "vr 16 jan" in text
    assert "nu 8 schooldagen thuis" in text


def test_nobody_of_another_school_is_shown(school: School, client: Client) -> None:
    at_home(school, date(2026, 1, 5))
    client.force_login(factories.member(Role.COO, factories.school()))

    assert client.get(reverse("attendance:upcoming")).context["found"] == Upcoming()


def test_the_number_of_queries_does_not_follow_the_number_of_pupils(school: School, client: Client) -> None:
    client.force_login(factories.member(Role.COO, school))
    counts = []
    for more in (1, 2):
        for _ in range(more):
            at_home(school, date(2026, 1, 5), code="ongeoorloofd")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            client.get(reverse("attendance:upcoming"))
        counts.append(len(queries))

    assert counts[0] == counts[1]

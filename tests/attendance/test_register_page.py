"""What the register shows beside a name before anything is marked: the days before, notes, and parts of the day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
import time_machine
from django.test import Client

from attendance.models import Group
from tests import factories
from tests.attendance.posted_registers import TODAY, fields_of, records, register_url
from thuiszitters.accounts.models import User

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def group() -> Group:
    return factories.group(factories.school(), "2A")


@pytest.fixture
def mentor(group: Group, client: Client) -> User:
    person = factories.mentor(group)
    client.force_login(person)
    return person


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ((15, "telaat"), {"mark": "late", "late": 15}),
        ((100, "ziek"), {"mark": "home", "home_extent": "afternoon", "home": ""}),
        ((90, "ziek"), {"mark": "home", "home_extent": "minutes", "home": 90}),
        ((200, "ziek"), {"mark": "absent", "extent": "morning", "reason": "ziek"}),
        ((200, "geoorloofd"), {"mark": "absent", "extent": "morning"}),
        ((100, "geoorloofd"), {"mark": "absent", "extent": "afternoon"}),
        ((90, "geoorloofd"), {"mark": "absent", "extent": "minutes", "minutes": 90, "reason": "geoorloofd"}),
    ],
)
def test_a_part_of_the_day_is_shown_as_it_was_told(
    told: tuple[int, str], shown: dict[str, object], group: Group, mentor: User, client: Client
) -> None:
    """The mornings of this school have 200 of 300 minutes."""
    type(group.school).objects.filter(pk=group.school_id).update(morning_minutes=200)
    pupil = factories.pupil(in_group=group)
    factories.part_of_day(pupil, TODAY, *told)

    row = client.get(register_url(group)).context["rows"][0]

    assert row.line.parts == (200, 100)
    assert {name: row.form[name].value() for name in shown} == shown


def test_no_part_of_the_day_is_offered_to_who_has_an_own_timetable(group: Group, mentor: User, client: Client) -> None:
    pupil = factories.pupil(in_group=group)
    factories.own_timetable(pupil, (120, 120, 120, 120, 120), date(2026, 1, 5))

    row = client.get(register_url(group)).context["rows"][0]
    answer = client.post(register_url(group), fields_of(pupil, mark="absent", extent="morning"))

    assert (row.line.parts, row.line.note) == (None, "eigen rooster: 120 minuten")
    assert "minutes" in answer.context["rows"][0].form.errors


def test_leave_that_was_known_before_the_day_stands_ready(group: Group, mentor: User, client: Client) -> None:
    pupil = factories.pupil(in_group=group)
    with time_machine.travel(date(2026, 1, 9), tick=False):
        factories.absence(pupil, TODAY, TODAY, "geoorloofd")

    row = client.get(register_url(group)).context["rows"][0]
    client.post(register_url(group), fields_of(pupil, was="absent:geoorloofd", mark="absent", reason="geoorloofd"))

    assert (row.line.note, row.form["mark"].value()) == ("geoorloofd afwezig, vooraf gemeld", "absent")
    assert records(pupil) == [(TODAY, TODAY, "geoorloofd", None)]


def test_the_five_days_before_are_those_of_the_rules(group: Group, mentor: User, client: Client) -> None:
    """From Wednesday the 7th: not enrolled, an exemption, ill, late, and a register that was not taken."""
    pupil = factories.pupil(in_group=group)
    pupil.enrolments.update(first=date(2026, 1, 8))
    factories.exemption(pupil, date(2026, 1, 8), date(2026, 1, 8))
    factories.absence(pupil, date(2026, 1, 9), date(2026, 1, 9))
    factories.part_of_day(pupil, date(2026, 1, 12), 30, "telaat")

    days = client.get(register_url(group)).context["rows"][0].line.last_days

    assert [(recent.mark.day.day, recent.symbol) for recent in days] == [
        (7, "–"),
        (8, "◇"),
        (9, "Z"),
        (12, "◐"),
        (13, "?"),
    ]
    assert days[3].mark.text == "30 van 300 minuten afwezig, te laat"

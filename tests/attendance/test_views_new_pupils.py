"""Enrolling a child by hand: once, recognised, and only at the own school."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.test import Client

from attendance.models import Enrolment, Pupil
from tests import factories
from tests.attendance.office_pages import Pages
from thuiszitters.accounts.models import School
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db

TODAY = date(2026, 2, 9)


@pytest.fixture(autouse=True)
def a_monday() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def school() -> School:
    return factories.school(alliance=factories.alliance())


@pytest.fixture
def other(school: School) -> School:
    return factories.school(alliance=school.alliance)


@pytest.fixture
def pages(school: School, client: Client) -> Pages:
    client.force_login(factories.member(Role.ADMINISTRATIE, school))
    return Pages(client)


def child(school: School, **fields: object) -> dict[str, Any]:
    data: dict[str, object] = {
        "number": "L900",
        "first_name": "Bo",
        "name_prefix": "van",
        "surname": "Dalen",
        "birth_date": "2014-03-02",
        "municipality": "",
        "school": school.code,
        "group": "",
        "first": "2026-02-09",
    }
    return data | fields


def test_a_new_pupil_is_enrolled_once(pages: Pages, school: School) -> None:
    group = factories.group(school)
    assert "Schrijf leerling in" in pages.ask("pupil_add", **child(school, group=group.code))
    assert not Pupil.objects.exists()

    for _ in range(2):
        pages.save("pupil_add", **child(school, group=group.code))

    row = Enrolment.objects.select_related("pupil").get()
    assert (row.pupil.full_name, row.group, row.first) == ("Bo van Dalen", group, TODAY)


def test_a_known_pupil_is_said_to_be_known(pages: Pages, school: School) -> None:
    pages.save("pupil_add", **child(school))
    Enrolment.objects.update(last=TODAY)

    page = pages.ask("pupil_add", **child(school, first="2026-02-10", surname="DALEN"))

    assert "Deze leerling is al bekend." in page
    assert Pupil.objects.count() == 1


def test_a_look_alike_is_asked_about_only_at_the_own_school(pages: Pages, school: School, other: School) -> None:
    birth_date = date(2014, 3, 2)
    factories.pupil(school, first_name="Bo", surname="Daalen", birth_date=birth_date, number="L9")
    factories.pupil(other, first_name="Bo", surname="Elders", birth_date=birth_date)

    page = pages.ask("pupil_add", **child(school))

    assert "Is dit misschien" in page
    assert ("Daalen" in page, "Elders" in page) == (True, False)


def test_a_pupil_still_enrolled_elsewhere_is_not_enrolled_here(pages: Pages, school: School, other: School) -> None:
    factories.pupil(other, number="L900", surname="Dalen", birth_date=date(2014, 3, 2))

    page = pages.ask("pupil_add", **child(school))

    assert "staat in deze tijd ingeschreven op een andere school" in page
    assert other.name not in page
    assert Enrolment.objects.count() == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"birth_date": "2026-02-09"}, "Dit kan niet de geboortedatum"),
        ({"birth_date": "1990-01-01"}, "Dit kan niet de geboortedatum"),
        ({"number": ""}, "Vul het nummer in van jullie administratie."),
        ({"first": "2027-06-01"}, "meer dan een jaar vooruit"),
    ],
)
def test_a_child_that_cannot_be_says_what_to_do(
    pages: Pages, school: School, fields: dict[str, object], words: str
) -> None:
    assert words in pages.ask("pupil_add", **child(school, **fields))
    assert not Pupil.objects.exists()


def test_a_school_that_is_not_ones_own_cannot_be_chosen(pages: Pages, school: School, other: School) -> None:
    assert "Deze keuze bestaat niet meer." in pages.ask("pupil_add", **child(other))

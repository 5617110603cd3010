"""What a jeugdarts reads of why a pupil was absent: never that it was discipline (a schorsing)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from attendance.listings.reasons import TOLD_TO_ALL, telling_for
from attendance.models import Absence, Reason
from tests import factories
from tests.access_world import World
from thuiszitters.accounts.grants import act_as
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
PAGES = ("attendance:pupil_detail", "attendance:pupil_attendance", "attendance:absence_history")
MONDAY = date(2026, 1, 12)


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 1, 14, 9, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def world() -> World:
    return World()


def read(client: Client, world: World, person: User) -> str:
    """The three pages about absence, in small letters."""
    client.force_login(person)
    pages = [client.get(reverse(name, kwargs={"code": world.pupil.code})) for name in PAGES]
    assert [page.status_code for page in pages] == [200] * 3
    return "\n".join(page.content.decode() for page in pages).lower()


def own_code(world: World, label: str, **fields: object) -> Reason:
    return Reason.objects.create(school=world.school, code=label[:10], label=label, **fields)


def told(world: World, person: User, reason: Reason) -> str:
    telling = telling_for(person, world.pupil.code)
    return (telling(reason) if telling else reason).label


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("ziek", "Ziek"),
        ("onbekend", "Reden nog niet bekend"),
        ("geoorloofd", "Geoorloofd afwezig"),
        ("ongeoorloofd", "Ongeoorloofd afwezig"),
        ("schorsing", "Geoorloofd afwezig"),
        ("luxe", "Op vakantie zonder toestemming"),
        ("digitaal", "Thuis, volgt de les digitaal"),
        ("telaat", "Te laat"),
        ("elders", "Onderwijs op een andere plek"),
    ],
)
def test_reasons_of_every_installation(world: World, code: str, words: str) -> None:
    """A school's own code is told as the one it maps to, whatever the school calls it."""
    doctor, mentor = world.somebody(Role.JEUGDARTS), world.somebody(Role.MENTOR)
    common = factories.reason(code)
    own = own_code(world, "Eruit gestuurd", maps_to=common)

    assert [told(world, doctor, row) for row in (common, own)] == [words, words]
    assert [told(world, mentor, row) for row in (common, own)] == [common.label, "Eruit gestuurd"]


@pytest.mark.parametrize(
    ("properties", "words"),
    [
        ({"counts": True, "authorised": True, "sick": True}, "Ziek"),
        ({"counts": True, "authorised": True}, "Geoorloofd afwezig"),
        ({"counts": True, "authorised": False}, "Ongeoorloofd afwezig"),
        ({"counts": True, "authorised": None}, "Reden nog niet bekend"),
        ({"counts": False, "authorised": True}, "Onderwijs op een andere plek"),
    ],
)
@pytest.mark.parametrize("of_school", [True, False])
def test_a_code_that_nobody_knows_is_told_by_what_it_counts_for(
    world: World, properties: dict[str, bool | None], words: str, of_school: bool
) -> None:
    """Also one that was added for every school since: what it says is not known here."""
    own = own_code(world, "Verwijderd uit de les", **properties)
    if not of_school:
        Reason.objects.filter(pk=own.pk).update(school=None)

    assert told(world, world.somebody(Role.JEUGDARTS), Reason.objects.get(pk=own.pk)) == words


def test_all_codes_of_a_new_installation_were_thought_about() -> None:
    assert set(Reason.objects.filter(school=None).values_list("code", flat=True)) == TOLD_TO_ALL | {"schorsing"}


@pytest.mark.parametrize("by_own_code", [True, False])
def test_no_page_says_that_it_was_a_suspension(world: World, client: Client, by_own_code: bool) -> None:
    suspended = factories.reason("schorsing")
    reason = own_code(world, "Geschorst extern", maps_to=suspended) if by_own_code else suspended
    row = factories.absence(world.pupil, MONDAY)
    Absence.objects.filter(pk=row.pk).update(reason=reason)
    row.versions.create(first=MONDAY, reason=factories.reason("ziek"), why="Geschorst na een ruzie")

    doctor = read(client, world, world.somebody(Role.JEUGDARTS))
    expert = read(client, world, world.somebody(Role.GEDRAGSDESKUNDIGE))

    assert "schorst" not in doctor
    assert "afwezig, geoorloofd afwezig" in doctor, "in the calendar"
    assert "eerst “ziek”, toen “geoorloofd afwezig”" in doctor
    assert "geschorst na een ruzie" in expert
    assert reason.label.lower() in expert


def test_a_change_that_is_not_told_is_still_a_change(world: World, client: Client) -> None:
    row = factories.absence(world.pupil, MONDAY, code="geoorloofd")
    row.versions.create(first=MONDAY, reason=factories.reason("schorsing"))

    doctor = read(client, world, world.somebody(Role.JEUGDARTS))

    assert "wijzigde dit" in doctor
    assert "herstelde dit" not in doctor
    assert "reden: eerst" not in doctor


def test_a_jeugdarts_who_is_also_the_mentor_reads_as_the_mentor(world: World) -> None:
    person = world.somebody(Role.JEUGDARTS)
    factories.mentor(world.group, person)

    assert told(world, person, factories.reason("schorsing")) == "Geschorst"
    act_as(person, [Role.JEUGDARTS])
    assert told(world, person, factories.reason("schorsing")) == "Geoorloofd afwezig"


def test_nothing_of_it_is_kept(world: World, client: Client) -> None:
    row = factories.absence(world.pupil, MONDAY, code="schorsing")

    read(client, world, world.somebody(Role.JEUGDARTS))

    assert Absence.objects.get(pk=row.pk).reason.code == "schorsing"

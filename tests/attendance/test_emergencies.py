"""Noodtoegang: who, whom, how long, and who hears of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from attendance.listings.access import emergency_lines, has_emergency_to_review
from attendance.models import EmergencyAccess, Pupil
from attendance.services.access_notices import send_notices
from attendance.services.emergencies import MISSES_PER_DAY, PER_DAY, end_emergency
from tests import factories
from tests.access_world import World
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 14, 13, 0, 30, tzinfo=UTC)
WHY = "Staat op het station en neemt de telefoon niet op."


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def coo(world: World) -> User:
    """Who is told."""
    return factories.member(Role.COO, world.school)


@pytest.fixture
def mentor(world: World, coo: User, client: Client) -> User:
    """Of another class of the same school."""
    person = factories.mentor(factories.group(world.school))
    client.force_login(person)
    return person


def open_pupil(client: Client, pupil: Pupil, **other: str) -> HttpResponse:
    data = {"word": pupil.number, "birth_date": pupil.birth_date.isoformat(), "reason": WHY, "sure": "on"} | other
    return client.post(reverse("attendance:emergency_open"), data)  # type: ignore[return-value]


def reads(client: Client, person: User, pupil: Pupil, at: datetime) -> int:
    with time_machine.travel(at, tick=False):
        client.force_login(person)
        return client.get(reverse("attendance:pupil_detail", kwargs={"code": pupil.code})).status_code


def test_it_opens_until_the_minute_24_hours_on(world: World, mentor: User, client: Client) -> None:
    pupil = world.pupil
    assert reads(client, mentor, pupil, NOW) == 404

    assert open_pupil(client, pupil).status_code == 302

    ends = datetime(2026, 1, 15, 13, 0, tzinfo=UTC)
    assert EmergencyAccess.objects.get().ends_at == ends
    assert reads(client, mentor, pupil, ends - timedelta(seconds=1)) == 200
    assert reads(client, mentor, pupil, ends) == 404


@pytest.mark.parametrize("word", ["number", "surname"])
def test_found_by_number_or_surname_with_the_birth_date(world: World, mentor: User, client: Client, word: str) -> None:
    assert open_pupil(client, world.pupil, word=str(getattr(world.pupil, word)).upper()).status_code == 302


@pytest.mark.parametrize(
    "other",
    [
        {"birth_date": "2013-05-15"},
        {"word": "L"},
        {"reason": "x" * 19},
        {"sure": ""},
    ],
)
def test_without_all_of_it_nothing_opens(world: World, mentor: User, client: Client, other: dict[str, str]) -> None:
    answer = open_pupil(client, world.pupil, **other)

    assert answer.status_code == 200
    assert WHY in answer.content.decode() or "reason" in other, "what was typed is still there"
    assert EmergencyAccess.objects.count() == 0


def test_twenty_characters_are_a_reason(world: World, mentor: User, client: Client) -> None:
    assert open_pupil(client, world.pupil, reason="x" * 20).status_code == 302


def test_a_pupil_of_another_alliance_or_who_left_is_not_found(world: World, mentor: User, client: Client) -> None:
    other = World()
    open_pupil(client, other.pupil)
    world.pupil.enrolments.update(last=NOW.date() - timedelta(days=1))
    open_pupil(client, world.pupil)

    assert EmergencyAccess.objects.count() == 0


def test_a_school_of_the_own_alliance_is_near_enough(world: World, coo: User, client: Client) -> None:
    person = factories.member(Role.SCHOOLLEIDER, factories.school(alliance=world.alliance))
    client.force_login(person)

    assert open_pupil(client, world.pupil).status_code == 302


def test_who_sees_the_pupil_already_needs_none(world: World, client: Client) -> None:
    client.force_login(factories.mentor(world.group))

    assert "mag deze leerling al zien" in open_pupil(client, world.pupil).content.decode()
    assert EmergencyAccess.objects.count() == 0


def test_two_clicks_are_one(world: World, mentor: User, client: Client) -> None:
    for _ in range(2):
        open_pupil(client, world.pupil)

    assert EmergencyAccess.objects.count() == 1


def test_three_a_day_and_no_more(world: World, mentor: User, client: Client) -> None:
    pupils = [factories.pupil(world.school) for _ in range(PER_DAY + 1)]

    found = [open_pupil(client, pupil).status_code for pupil in pupils]

    assert found == [302] * PER_DAY + [200]


def test_guessing_stops_after_six_misses(world: World, mentor: User, client: Client) -> None:
    for _ in range(MISSES_PER_DAY - 1):
        open_pupil(client, world.pupil, word="fout")
    assert Entry.objects.filter(kind=Kind.SEARCH, actor=mentor.code).count() == MISSES_PER_DAY - 1
    open_pupil(client, world.pupil, word="fout")

    assert open_pupil(client, world.pupil).status_code == 200
    assert EmergencyAccess.objects.count() == 0


def test_coo_and_fg_are_mailed_without_a_name_also_when_the_first_try_fails(
    world: World, coo: User, mentor: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    officers = [factories.member(Role.FG, world.school), factories.member(Role.FG, world.alliance)]
    factories.member(Role.FG, factories.alliance())
    with monkeypatch.context() as broken:
        broken.setattr("attendance.services.access_notices.send_staff_mail", lambda *args: False)
        open_pupil(client, world.pupil)
    assert mail.outbox == []
    for _ in range(2):
        send_notices(timezone.now())

    assert sorted(letter.to[0] for letter in mail.outbox) == sorted(person.email for person in [coo, *officers])
    for letter in mail.outbox:
        assert "/noodtoegang/" in letter.body
        assert not {world.pupil.first_name, world.pupil.surname, world.pupil.number, WHY} & set(letter.body.split())


def test_nothing_can_be_written(world: World, mentor: User, client: Client) -> None:
    open_pupil(client, world.pupil)

    for name in ("attendance:absence_add", "cases:case_open"):
        assert client.post(reverse(name, kwargs={"code": world.pupil.code})).status_code == 404
    page = client.get(reverse("attendance:pupil_detail", kwargs={"code": world.pupil.code})).content.decode()
    assert "Meld afwezig" not in page


def test_each_page_that_is_read_says_so_in_the_log(world: World, mentor: User, client: Client) -> None:
    case = world.case
    open_pupil(client, world.pupil)
    for name, code in (
        ("attendance:pupil_detail", world.pupil.code),
        ("attendance:pupil_attendance", world.pupil.code),
        ("attendance:absence_history", world.pupil.code),
        ("cases:case_detail", case.code),
        ("cases:case_log", case.code),
    ):
        assert client.get(reverse(name, kwargs={"code": code})).status_code == 200

    entries = Entry.objects.filter(kind=Kind.READ, subject=world.pupil.code, actor=mentor.code)
    whys = list(entries.values_list("why", flat=True))

    assert len(whys) == 5
    assert all(why.startswith("noodtoegang tot do 15 jan 2026 14:00") for why in whys)


def test_the_coo_ends_it_at_once(world: World, coo: User, mentor: User, client: Client) -> None:
    open_pupil(client, world.pupil)
    row = EmergencyAccess.objects.get()

    client.force_login(coo)
    client.post(reverse("attendance:emergency_end", kwargs={"code": row.code}))

    assert reads(client, mentor, world.pupil, NOW) == 404
    row.refresh_from_db()
    assert row.ended_by == coo


def test_what_the_coo_ended_stays_closed_for_its_24_hours(
    world: World, coo: User, mentor: User, client: Client
) -> None:
    open_pupil(client, world.pupil)
    row = EmergencyAccess.objects.get()
    end_emergency(access=row, by=coo)

    with time_machine.travel(row.ends_at - timedelta(seconds=1), tick=False):
        client.force_login(mentor)
        assert (
            "Tot do 15 jan 2026 14:00 kun je die niet opnieuw openen"
            in open_pupil(client, world.pupil).content.decode()
        )
        other = factories.mentor(factories.group(world.school))
        client.force_login(other)
        assert open_pupil(client, world.pupil).status_code == 302, "somebody else is not stopped"
    with time_machine.travel(row.ends_at, tick=False):
        client.force_login(mentor)
        assert open_pupil(client, world.pupil).status_code == 302


def test_another_pupil_is_not_closed_by_it(world: World, coo: User, mentor: User, client: Client) -> None:
    open_pupil(client, world.pupil)
    end_emergency(access=EmergencyAccess.objects.get(), by=coo)

    assert open_pupil(client, factories.pupil(world.school)).status_code == 302


@pytest.mark.parametrize(
    ("role", "at", "opens"),
    [
        (Role.COO, "school", True),
        (Role.FG, "school", True),
        (Role.FG, "alliance", True),
        (Role.ZORGCOACH, "school", False),
        (None, "", False),
    ],
)
def test_it_does_not_open_when_nobody_would_be_mailed(
    world: World, client: Client, role: Role | None, at: str, opens: bool
) -> None:
    if role is not None:
        factories.member(role, getattr(world, at))
    client.force_login(factories.mentor(factories.group(world.school)))

    answer = open_pupil(client, world.pupil)

    assert EmergencyAccess.objects.exists() is opens
    assert opens or "geen COO en geen functionaris gegevensbescherming" in answer.content.decode()


def test_who_would_only_be_told_themselves_does_not_open(world: World, client: Client) -> None:
    """FG of the alliance and schoolleider of another school of it: their own mail is no second pair of eyes."""
    person = factories.member(Role.FG, world.alliance)
    factories.member(Role.SCHOOLLEIDER, factories.school(alliance=world.alliance), person)
    client.force_login(person)

    open_pupil(client, world.pupil)

    assert EmergencyAccess.objects.count() == 0


def test_the_role_is_one_that_brings_them_near_the_pupil(world: World, coo: User, client: Client) -> None:
    """Mentor of another class here, and mentor in another alliance: that role has nothing to do with this pupil."""
    near = factories.school(alliance=world.alliance)
    here, elsewhere = (
        factories.mentor(factories.group(world.school)),
        factories.mentor(factories.group(factories.school())),
    )
    for person in (here, elsewhere):
        factories.member(Role.ZORGCOACH, near, person)
        client.force_login(person)
        open_pupil(client, world.pupil)

    assert dict(EmergencyAccess.objects.values_list("user", "role")) == {
        here.pk: Role.MENTOR,
        elsewhere.pk: Role.ZORGCOACH,
    }


def test_it_ends_with_the_role(world: World, mentor: User, client: Client) -> None:
    open_pupil(client, world.pupil)
    mentor.memberships.update(role=Role.DOCENT)
    assert reads(client, mentor, world.pupil, NOW) == 403
    mentor.memberships.update(role=Role.SCHOOLLEIDER, school=factories.school())

    assert reads(client, mentor, world.pupil, NOW) == 404


def part(client: Client) -> str:
    """What of it stands on Vandaag."""
    return client.get(reverse("attendance:emergency_list"), headers={"HX-Request": "true"}).content.decode()


def test_the_fg_judges_once_and_sees_no_name(world: World, client: Client) -> None:
    officer = factories.member(Role.FG, world.alliance)
    client.force_login(officer)
    access = world.emergency
    page = client.get(reverse("attendance:emergency_list"))
    assert world.pupil.full_name not in page.content.decode()
    assert world.pupil.code.hex[:8] in page.content.decode()

    url = reverse("attendance:emergency_review", kwargs={"code": access.code})
    assert client.post(url, {"text": "Zonder oordeel."}).status_code == 400
    assert world.pupil.code.hex[:8] in part(client)
    for judgement in ("terecht", "onterecht"):
        client.post(url, {"judgement": judgement, "text": "Het was nodig."})

    access.refresh_from_db()
    assert (access.judgement, access.reviewed_by) == ("terecht", officer)
    assert world.pupil.code.hex[:8] not in part(client)
    assert "Het was nodig." in client.get(reverse("attendance:emergency_list")).content.decode()


def test_the_fg_is_asked_to_judge_only_where_they_are_fg_and_never_their_own(world: World, client: Client) -> None:
    """COO here and FG elsewhere reads of it and has nothing to judge; FG here has, unless they opened it."""
    access = world.emergency
    coo = factories.member(Role.COO, world.school)
    factories.member(Role.FG, factories.alliance(), coo)
    officer = factories.member(Role.FG, world.alliance)

    found = {person.pk: (reviewable(person), has_emergency_to_review(person, NOW.date())) for person in (coo, officer)}
    assert found == {coo.pk: ([False], False), officer.pk: ([True], True)}
    EmergencyAccess.objects.update(user=officer)
    assert (reviewable(officer), has_emergency_to_review(officer, NOW.date())) == ([False], False)
    client.force_login(officer)
    url = reverse("attendance:emergency_review", kwargs={"code": access.code})
    assert client.post(url, {"judgement": "terecht"}).status_code == 404


def reviewable(person: User) -> list[bool]:
    return [line.may_review for line in emergency_lines(person, NOW)]

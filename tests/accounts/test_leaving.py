"""Somebody leaves: what was theirs to do goes back, what they did stays theirs, and they are out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.db.models import ForeignKey
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from attendance.models import AccessRequest, Assignment, EmergencyAccess, GroupMentor, GroupTeacher
from attendance.services.leaving import release
from cases.models import Case, LogEntry, MeetingGuest, Step
from tests import factories
from tests.access_world import TODAY, World
from thuiszitters.accounts.models import Departure, Membership, User
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.services.leaving import carry_out_due, left_on
from thuiszitters.audit.models import Entry

pytestmark = pytest.mark.django_db
YESTERDAY = TODAY - timedelta(days=1)

RESPONSIBLE = {
    "accounts.Membership.user",
    "attendance.AccessRequest.asker",
    "attendance.Assignment.user",
    "attendance.EmergencyAccess.user",
    "attendance.GroupMentor.user",
    "attendance.GroupTeacher.user",
    "cases.Case.owner",
    "cases.MeetingGuest.user",
    "cases.Step.owner",
}
"""Somebody still has to do this, or still may: it ends when they leave."""
ABOUT = {
    "accounts.Departure.user",
    "attendance.AccessNotice.user",
    "attendance.RegisterReminder.user",
}
"""Kept about the person, for nobody else: it stays."""


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 1, 14, 9, tzinfo=UTC), tick=False):
        yield


def keys_to_users() -> dict[str, ForeignKey[Any, Any]]:
    """Every foreign key of the project to a user."""
    return {
        f"{model._meta.app_label}.{model.__name__}.{field.name}": field
        for label in ("accounts", "attendance", "cases", "tables", "privacy")
        for model in apps.get_app_config(label).get_models()
        for field in model._meta.get_fields()
        if isinstance(field, ForeignKey) and field.remote_field.model is User
    }


def did_this(name: str) -> bool:
    """Whether a name says who did something: "by", "taken_by", "opened_by"."""
    return name.rsplit(".", 1)[1] == "by" or name.endswith("_by")


def test_each_key_to_a_user_was_thought_about() -> None:
    """A new one is either something to end (RESPONSIBLE, and in a function of settings.LEAVING), or history: called
    "...by", or named in ABOUT."""
    found = set(keys_to_users())

    assert {name for name in found if not did_this(name)} == RESPONSIBLE | ABOUT


def everything_of(person: User, world: World) -> None:
    """A row of each kind that is `person`'s to do, and that they did."""
    GroupMentor.objects.create(group=world.group, user=person, first=factories.SCHOOL_YEAR)
    GroupTeacher.objects.create(group=world.group, user=person, first=factories.SCHOOL_YEAR)
    factories.assignment(world.pupil, person, Role.ZORGCOACH)
    assert world.access_request.pk
    AccessRequest.objects.update(asker=person)
    assert world.emergency.pk
    EmergencyAccess.objects.update(user=person)
    Step.objects.filter(pk=world.step.pk).update(owner=person, role=Role.ZORGCOACH, created_by=person)
    Case.objects.filter(pk=world.case.pk).update(owner=person, owner_role=Role.ZORGCOACH, opened_by=person)
    MeetingGuest.objects.create(meeting=world.meeting, user=person, role=Role.ZORGCOACH)
    LogEntry.objects.create(case=world.case, kind="contact", text="Gebeld.", day=TODAY, by=person)
    world.absence.entered_by = person
    world.absence.save()


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def beheerder(world: World, client: Client) -> User:
    person = factories.member(Role.BEHEERDER, world.school)
    client.force_login(person)
    return person


def leaves(client: Client, person: User, day: str = "2026-01-14", **data: str) -> Any:
    url = reverse("accounts:leaving", kwargs={"code": person.code})
    return client.post(url, {"from_day": day, "vertrekt": "1"} | data)


def still_theirs(person: User) -> list[str]:
    """What somebody still has to do or may do."""
    waiting = AccessRequest.objects.filter(asker=person, status="wacht")
    rows: dict[str, Any] = {
        "accounts.Membership.user": Membership.objects.current(TODAY).filter(user=person),
        "attendance.AccessRequest.asker": waiting,
        "attendance.Assignment.user": Assignment.objects.filter(user=person, last__gte=TODAY),
        "attendance.EmergencyAccess.user": EmergencyAccess.objects.open(timezone.now()).filter(user=person),
        "attendance.GroupMentor.user": GroupMentor.objects.filter(user=person).exclude(last__lt=TODAY),
        "attendance.GroupTeacher.user": GroupTeacher.objects.filter(user=person).exclude(last__lt=TODAY),
        "cases.Case.owner": Case.objects.open().filter(owner=person),
        "cases.MeetingGuest.user": MeetingGuest.objects.filter(user=person, meeting__starts_at__gte=timezone.now()),
        "cases.Step.owner": Step.objects.filter(owner=person, done_at__isnull=True),
    }
    assert set(rows) == RESPONSIBLE
    return sorted(name for name, found in rows.items() if found.exists())


def test_what_is_theirs_to_do_ends_and_what_they_did_stays(world: World, beheerder: User, client: Client) -> None:
    person = factories.member(Role.ZORGCOACH, world.school)
    everything_of(person, world)
    assert still_theirs(person) == sorted(RESPONSIBLE)

    assert leaves(client, person).status_code == 302

    assert still_theirs(person) == []
    world.case.refresh_from_db()
    world.absence.refresh_from_db()
    assert world.case.opened_by == person
    assert Step.objects.get(pk=world.step.pk).created_by == person
    assert LogEntry.objects.filter(kind="contact", by=person).exists()
    assert world.absence.entered_by == person
    assert GroupMentor.objects.filter(user=person, last=YESTERDAY).exists(), "who was mentor then is still known"


def test_what_is_said_before_is_what_happens(world: World, beheerder: User, client: Client) -> None:
    person = factories.member(Role.ZORGCOACH, world.school)
    everything_of(person, world)

    page = client.get(reverse("accounts:leaving", kwargs={"code": person.code}))

    assert still_theirs(person) == sorted(RESPONSIBLE), "looking changes nothing"
    leaves(client, person)
    said = page.context["lines"]
    done = Departure.objects.get().outcome
    assert [line for line in said if line in done] == done
    assert "1 dossier zonder eigenaar: de COO of zorgcoach van de school ziet het" in said
    assert world.pupil.surname not in str(said)


def test_they_are_out_at_once_and_for_good(world: World, beheerder: User, client: Client) -> None:
    person = factories.member(Role.ZORGCOACH, world.school)
    theirs = Client()
    theirs.force_login(person)
    assert theirs.get(reverse("today")).status_code == 200

    leaves(client, person)

    person.refresh_from_db()
    assert (person.is_active, person.has_usable_password()) == (False, False)
    assert theirs.get(reverse("today")).status_code == 302


def test_twice_is_once(world: World, beheerder: User, client: Client) -> None:
    person = factories.member(Role.ZORGCOACH, world.school)
    everything_of(person, world)
    for _ in range(2):
        leaves(client, person)

    assert LogEntry.objects.filter(case=world.case, kind="eigenaar").count() == 1
    assert Membership.objects.get(user=person).last == YESTERDAY


def test_a_role_elsewhere_stays_with_what_it_carries(world: World, beheerder: User, client: Client) -> None:
    other = World()
    person = factories.member(Role.ZORGCOACH, world.school)
    factories.member(Role.ZORGCOACH, other.school, person)
    for each in (world, other):
        Case.objects.filter(pk=each.case.pk).update(owner=person, owner_role=Role.ZORGCOACH)

    leaves(client, person)

    person.refresh_from_db()
    assert person.is_active
    assert list(Case.objects.filter(owner=person)) == [other.case]
    assert [row.school for row in Membership.objects.current(TODAY).filter(user=person)] == [other.school]


@pytest.mark.parametrize(
    "case",
    [
        (Role.ZORGCOACH, "same alliance", True),
        (Role.ZORGCOACH, "another alliance", False),
        (Role.COO, "same alliance", False),
    ],
)
def test_access_for_a_time_stays_when_a_role_that_is_left_carries_it(
    world: World, beheerder: User, client: Client, case: tuple[Role, str, bool]
) -> None:
    """Row by row: the same role at a school that has to do with this pupil. Holding it anywhere is too little."""
    role, next_at, kept = case
    person = factories.member(Role.ZORGCOACH, world.school)
    other = factories.school(alliance=world.alliance if next_at == "same alliance" else factories.alliance())
    factories.member(role, other, person)
    factories.assignment(world.pupil, person, Role.ZORGCOACH)
    for row in (world.access_request, world.emergency):
        type(row).objects.filter(pk=row.pk).update(**{"role": Role.ZORGCOACH, ASKER[type(row)]: person})

    leaves(client, person)

    names = ["attendance.AccessRequest.asker", "attendance.Assignment.user", "attendance.EmergencyAccess.user"]
    assert [name for name in still_theirs(person) if name in names] == (names if kept else [])


ASKER = {AccessRequest: "asker", EmergencyAccess: "user"}


def test_a_question_of_a_jeugdarts_lapses_with_the_role_and_not_before(
    world: World, beheerder: User, client: Client
) -> None:
    """Also one that fits nobody: it lapses by the school that was asked."""
    doctor = world.access_request.asker
    AccessRequest.objects.create(
        asker=doctor, role=Role.JEUGDARTS, school=world.school, reason="Waarom.", asked_at=timezone.now()
    )
    factories.member(Role.MENTOR, world.school, doctor)
    leaves(client, doctor)
    assert AccessRequest.objects.filter(status="wacht").count() == 2

    Membership.objects.filter(user=doctor, role=Role.JEUGDARTS).update(last=YESTERDAY)
    release(user=doctor, left=left_on(doctor, TODAY), day=TODAY, now=timezone.now(), apply=True)

    assert AccessRequest.objects.filter(status="wacht").count() == 0


def test_the_end_of_an_emergency_stands_in_the_log(world: World, beheerder: User, client: Client) -> None:
    person = world.emergency.user

    leaves(client, person)

    ended = Entry.objects.get(what="noodtoegang beëindigd")
    assert (ended.subject, ended.row) == (world.pupil.code, str(world.emergency.code))
    assert EmergencyAccess.objects.get().ended_by is None


@pytest.mark.parametrize("last", [None, TODAY + timedelta(days=9), TODAY, YESTERDAY, TODAY - timedelta(days=9)])
def test_a_class_and_a_role_end_yesterday_or_where_they_ended_before(
    world: World, beheerder: User, client: Client, last: date | None
) -> None:
    person = factories.mentor(world.group, last=last)
    leaves(client, person)

    expected = YESTERDAY if last is None else min(last, YESTERDAY)
    assert GroupMentor.objects.get(user=person).last == expected
    assert Membership.objects.get(user=person).last == YESTERDAY


def test_a_later_day_comes_by_itself(world: World, beheerder: User, client: Client) -> None:
    person = factories.member(Role.ZORGCOACH, world.school)
    everything_of(person, world)
    day = TODAY + timedelta(days=5)
    leaves(client, person, day.isoformat())
    assert Membership.objects.get(user=person).last == day - timedelta(days=1)
    assert "cases.Case.owner" in still_theirs(person)

    for today, done in ((day - timedelta(days=1), 0), (day, 1), (day, 0)):
        with time_machine.travel(datetime(today.year, today.month, today.day, 5, tzinfo=UTC), tick=False):
            assert carry_out_due(today=today, now=timezone.now()) == done
    assert not User.objects.get(pk=person.pk).is_active
    assert Case.objects.get(pk=world.case.pk).owner is None


def test_who_was_kept_on_after_all_loses_nothing(world: World, beheerder: User, client: Client) -> None:
    person = factories.member(Role.ZORGCOACH, world.school)
    Case.objects.filter(pk=world.case.pk).update(owner=person, owner_role=Role.ZORGCOACH)
    day = TODAY + timedelta(days=5)
    leaves(client, person, day.isoformat())
    Membership.objects.filter(user=person).update(last=None)

    with time_machine.travel(datetime(2026, 1, 19, 5, tzinfo=UTC), tick=False):
        carry_out_due(today=day, now=timezone.now())

    assert User.objects.get(pk=person.pk).is_active
    assert Case.objects.get(pk=world.case.pk).owner == person


@pytest.mark.parametrize("day", ["2026-01-13", "", "2027-01-16"])
def test_not_in_the_past_and_within_a_year(world: World, beheerder: User, client: Client, day: str) -> None:
    person = factories.member(Role.ZORGCOACH, world.school)

    assert leaves(client, person, day).status_code == 200
    assert Departure.objects.count() == 0


def test_nobody_sends_themselves_away_or_a_stranger(world: World, beheerder: User, client: Client) -> None:
    stranger = factories.member(Role.COO, factories.school())

    assert [leaves(client, person).status_code for person in (beheerder, stranger)] == [404, 404]


def test_a_role_that_was_to_come_never_does(world: World, beheerder: User, client: Client) -> None:
    person = factories.member(Role.ZORGCOACH, world.school, first=TODAY + timedelta(days=3))
    leaves(client, person)

    assert not Membership.objects.filter(user=person).exists()
    assert not User.objects.get(pk=person.pk).is_active


def test_who_left_before_is_not_logged_out_elsewhere(world: World, beheerder: User, client: Client) -> None:
    person = factories.member(Role.COO, world.school)
    leaves(client, person)
    factories.member(Role.COO, factories.school(), person)
    before = User.objects.get(pk=person.pk).session_round

    assert leaves(client, person).status_code == 404
    client.post(
        reverse("admin:accounts_user_changelist"), {"action": "log_out_everywhere", "_selected_action": person.pk}
    )

    assert User.objects.get(pk=person.pk).session_round == before


def test_a_leave_that_was_entered_elsewhere_is_not_told(world: World, beheerder: User, client: Client) -> None:
    person, other = factories.member(Role.COO, world.school), factories.school()
    factories.member(Role.COO, other, person)
    there = Client()
    there.force_login(factories.member(Role.BEHEERDER, other))
    leaves(there, person)
    url = reverse("accounts:leaving_list")

    assert list(client.get(url).context["departures"]) == []
    assert [row.user for row in there.get(url).context["departures"]] == [person]

"""The page of a pupil that says who can see what, why, and who looked."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import DjangoAssertNumQueries

from attendance.models import EmergencyAccess
from cases.models import Case
from tests import factories
from tests.access_world import TODAY, World
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry
from thuiszitters.audit.services.recording import record
from thuiszitters.privacy.listings.readers import case_to_show, readers_of, reads_by_part, reads_of
from thuiszitters.privacy.services.gathering import gather

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def world() -> World:
    return World()


def page(client: Client, world: World, person: User, name: str = "who_can_see") -> str:
    client.force_login(person)
    answer = client.get(reverse(f"privacy:{name}", args=[world.pupil.code]))
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_is_there_without_a_case(client: Client, world: World) -> None:
    mentor = world.somebody(Role.MENTOR)

    text = page(client, world, mentor)

    assert mentor.name in text
    assert f"Mentor van {world.group.name} sinds" in text
    assert "aanwezigheid, redenen, redenen van de school, plan, logboek" in text


def test_everybody_who_can_open_something_stands_there_with_why_and_until_when(client: Client, world: World) -> None:
    """Also who sees no file: docent, leerplicht with a report, and the alliance while the pupil is on the table."""
    assert world.report_sent.pk
    assert world.entry.pk
    people = {role: world.somebody(role) for role in Role}
    world.pupil.assignments.update(last=TODAY + timedelta(days=9))

    text = page(client, world, people[Role.COO])

    named = {role for role, person in people.items() if f">{person.name}</th>" in text}
    assert named == set(Role) - {Role.FG, Role.BEHEERDER}
    assert "Uitgenodigde jeugdarts voor deze leerling sinds vr 1 aug 2025 tot en met vr 23 jan 2026" in text


def test_who_keeps_no_ground_goes_from_the_page(client: Client, world: World) -> None:
    doctor = world.somebody(Role.JEUGDARTS)
    world.pupil.assignments.update(last=TODAY - timedelta(days=1))

    assert doctor.name not in page(client, world, world.somebody(Role.COO))


@pytest.mark.parametrize("role", [Role.COO, Role.ZORGCOACH, Role.SCHOOLLEIDER])
def test_who_runs_the_school_sees_who_looked_and_why(client: Client, world: World, role: Role) -> None:
    mentor = world.somebody(Role.MENTOR)
    client.force_login(mentor)
    client.get(reverse("attendance:pupil_detail", args=[world.pupil.code]))
    client.get(reverse("attendance:pupil_detail", args=[world.pupil.code]))

    text = page(client, world, world.somebody(role))

    assert "Wie keek" in text
    assert "2 keer" in text
    assert Entry.objects.filter(actor=mentor.code).first().why == f"mentor van {world.group.name} sinds vr 1 aug 2025"  # type: ignore[union-attr]


@pytest.mark.parametrize("role", [Role.MENTOR, Role.GEDRAGSDESKUNDIGE, Role.JEUGDARTS])
def test_others_do_not_see_when_a_colleague_looked(client: Client, world: World, role: Role) -> None:
    client.force_login(world.somebody(role))

    answer = client.get(reverse("privacy:who_can_see", args=[world.pupil.code]))

    assert "reads" not in answer.context
    assert "Wie keek" not in answer.content.decode()
    assert client.get(reverse("privacy:for_parents", args=[world.pupil.code])).status_code == 403


def test_a_school_before_does_not_see_who_is_around_the_pupil_now(client: Client, world: World) -> None:
    coo = world.somebody(Role.COO)
    world.pupil.enrolments.update(last=TODAY - timedelta(days=1), group=None)
    factories.enrolment(world.pupil, factories.school(), first=TODAY)
    client.force_login(coo)

    assert client.get(reverse("privacy:who_can_see", args=[world.pupil.code])).status_code == 404
    attendance = client.get(reverse("attendance:pupil_detail", args=[world.pupil.code])).content.decode()
    assert "Wie kan dit zien" not in attendance


def test_paper_for_parents_has_roles_and_no_names_of_staff(client: Client, world: World) -> None:
    people = [world.somebody(role) for role in Role]
    client.force_login(people[0])
    client.get(reverse("attendance:pupil_detail", args=[world.pupil.code]))
    coo = world.somebody(Role.COO)

    text = page(client, world, coo, "for_parents").partition('id="inhoud"')[2]

    assert [person.name for person in [*people, coo] if f"{person.name}<" in text] == []
    assert f"Mentor van {world.group.name}" in text
    assert "data-print" in text
    assert Entry.objects.filter(kind=Kind.EXPORT, subject=world.pupil.code, actor=coo.code).count() == 1


def test_two_people_of_one_name_are_counted_apart(client: Client, world: World) -> None:
    for _ in range(2):
        mentor = world.somebody(Role.MENTOR)
        User.objects.filter(pk=mentor.pk).update(name="A. de Vries")
        client.force_login(mentor)
        client.get(reverse("attendance:pupil_detail", args=[world.pupil.code]))

    rows = reads_by_part(reads_of(world.pupil.code, factories.member(Role.COO, world.school)))

    assert [(row.name, row.part, row.times) for row in rows] == [("A. de Vries", "aanwezigheid", 1)] * 2


def in_an_emergency(world: World, elsewhere: School) -> User:
    person = factories.member(Role.COO, elsewhere)
    EmergencyAccess.objects.create(
        user=person,
        role=Role.COO,
        pupil=world.pupil,
        school=world.school,
        school_of_enrolment=world.school,
        reason="De leerling staat aan de deur.",
        opened_at=timezone.now(),
        ends_at=timezone.now() + timedelta(days=1),
    )
    return person


def assigned(world: World, elsewhere: School) -> User:
    person = factories.member(Role.GEDRAGSDESKUNDIGE, elsewhere)
    factories.assignment(world.pupil, person)
    return person


def at_the_place_of_teaching(world: World, elsewhere: School) -> User:
    world.pupil.enrolments.update(place=elsewhere, group=None)
    return factories.member(Role.COO, elsewhere)


@pytest.mark.parametrize("comes_in", [in_an_emergency, assigned, at_the_place_of_teaching])
def test_who_came_in_from_another_school_is_seen_here_on_paper_and_in_the_file(
    client: Client, world: World, comes_in: Callable[[World, School], User]
) -> None:
    """AVG art. 15: also who is employed elsewhere looked at this pupil."""
    coo, reader = factories.member(Role.COO, world.school), comes_in(world, factories.school())
    client.force_login(reader)
    assert client.get(reverse("attendance:pupil_detail", args=[world.pupil.code])).status_code == 200
    read = Entry.objects.get(kind=Kind.READ, actor=reader.code, subject=world.pupil.code)

    assert [row.name for row in reads_of(world.pupil.code, coo)] == [reader.name]
    shown = page(client, world, coo)
    assert reader.name in shown.partition("Wie keek")[2]
    paper = page(client, world, coo, "for_parents").partition("Wanneer er is gekeken")[2]
    assert read.why[1:] in paper
    assert (reader.name, read.why) in given_reads(world, world.school)


def given_reads(world: World, school: School) -> set[tuple[str, str]]:
    """Who looked and why, as it stands in the file of an inspection at this school."""
    found = set()
    for section in gather(world.pupil, school):
        for row in section.rows:
            if row.source.title == "Wie keek":
                shown = {value.name: value.shown for value in row.values}
                found.add((shown["actor"], shown.get("why", "")))
    return found


def test_who_looked_at_another_school_stands_there_and_outsiders_at_both(world: World) -> None:
    """A pupil who moved on 1 January. Also who worked there then and works here now, and who looks back from there."""
    before = factories.school()
    world.pupil.enrolments.update(first=date(2026, 1, 1))
    factories.enrolment(world.pupil, before, last=date(2025, 12, 31))
    days = (date(2025, 12, 31), date(2026, 1, 1))
    people = {
        "hier": factories.member(Role.MENTOR, world.school),
        "eerder": factories.member(Role.MENTOR, before),
        "van buiten": factories.member(Role.LEERPLICHT, world.municipality),
        "ging mee": factories.member(Role.MENTOR, before, last=date(2025, 12, 31)),
    }
    factories.member(Role.MENTOR, world.school, people["ging mee"], first=date(2026, 1, 1))
    for day in days:
        for person in people.values():
            with time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=UTC), tick=False):
                record(Kind.READ, "dossier", subject=world.pupil.code, actor=person.code)

    def seen(school: School) -> set[tuple[str, date]]:
        reads = reads_of(world.pupil.code, factories.member(Role.COO, school))
        return {(word, read.at.date()) for read in reads for word, who in people.items() if who.code == read.actor}

    old, new = days
    of_new = {("hier", old), ("van buiten", old)} | {(word, new) for word in people}
    of_old = {(word, old) for word in people} | {("eerder", new), ("van buiten", new)}
    assert seen(world.school) == of_new
    assert seen(before) == of_old
    assert {name for name, _ in given_reads(world, before)} == {person.name for person in people.values()}
    assert seen(factories.school()) == {("van buiten", old), ("van buiten", new)}


def test_the_open_case_goes_before_one_that_was_closed(world: World) -> None:
    """Whatever the database thinks of nothing beside something."""
    coo = world.somebody(Role.COO)
    closed = Case.objects.create(
        pupil=world.pupil,
        school=world.school,
        school_of_enrolment=world.school,
        opened_on=date(2025, 9, 1),
        closed_at=datetime(2025, 10, 1, tzinfo=UTC),
        closed_by=coo,
        closed_reason="terug",
    )
    assert case_to_show(world.pupil, coo) == closed
    opened = world.case
    assert case_to_show(world.pupil, coo) == opened


def test_queries_do_not_follow_readers(
    world: World,
    django_assert_num_queries: DjangoAssertNumQueries,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    assert world.entry.pk
    world.somebody(Role.MENTOR)
    with django_assert_max_num_queries(15) as one:
        readers_of(world.pupil.code, TODAY)
    for role in Role:
        world.somebody(role)

    with django_assert_num_queries(len(one.captured_queries)):
        readers_of(world.pupil.code, TODAY)

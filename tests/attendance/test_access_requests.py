"""Asking for access: the asker learns nothing, the COO decides, and everything is told without names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from attendance.models import AccessNotice, AccessRequest, Assignment, Pupil
from attendance.services.access_notices import CLAIM_LASTS, send_notices
from attendance.services.access_requests import PER_DAY, lapse_requests
from attendance.services.access_warnings import warn_of_ending
from tests import factories
from tests.access_world import TODAY, World
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry

pytestmark = pytest.mark.django_db
WHY = "De huisarts verwees deze leerling naar ons."


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(datetime(2026, 1, 14, 9, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def doctor(client: Client) -> User:
    person = factories.member(Role.JEUGDARTS, factories.youth_health())
    client.force_login(person)
    return person


def ask(client: Client, school: School, pupil: Pupil, **other: object) -> HttpResponse:
    data = {
        "school": str(school.code),
        "number": pupil.number,
        "birth_date": pupil.birth_date.isoformat(),
        "reason": WHY,
    } | other
    return client.post(reverse("attendance:access_ask"), data, follow=True)  # type: ignore[return-value]


def answer(client: Client, by: User, row: AccessRequest, **data: str) -> HttpResponse:
    client.force_login(by)
    return client.post(reverse("attendance:access_answer", kwargs={"code": row.code}), data)  # type: ignore[return-value]


def page(response: HttpResponse) -> str:
    """Without what differs between any two requests."""
    text = response.content.decode()
    return text.split("<main", 1)[1].split("</main>", 1)[0]


@pytest.mark.parametrize("other", [{"number": "X999"}, {"birth_date": "2013-05-15"}])
def test_the_asker_sees_the_same_whether_it_fits_or_not(world: World, client: Client, other: dict[str, str]) -> None:
    answers = []
    for typed in ({}, other):
        person = factories.member(Role.JEUGDARTS, factories.youth_health())
        client.force_login(person)
        answers.append(page(ask(client, world.school, world.pupil, **typed)))

    assert answers[0] == answers[1]
    assert "gestuurd als de gegevens kloppen" in answers[0]
    assert [row.pupil for row in AccessRequest.objects.order_by("pk")] == [world.pupil, None]


def test_a_pupil_who_left_or_is_at_another_school_does_not_fit(world: World, doctor: User, client: Client) -> None:
    ask(client, factories.school(), world.pupil)
    world.pupil.enrolments.update(last=TODAY - timedelta(days=1))
    ask(client, world.school, world.pupil)

    assert list(AccessRequest.objects.values_list("pupil", flat=True)) == [None, None]


def test_what_is_asked_twice_looks_as_two_and_reaches_the_coo_once(world: World, doctor: User, client: Client) -> None:
    """One line after two questions would tell that the first one fitted somebody."""
    coo = factories.member(Role.COO, world.school)
    for _ in range(2):
        ask(client, world.school, world.pupil)

    assert AccessRequest.objects.filter(asker=doctor).count() == 2
    assert AccessRequest.objects.visible_to(coo).count() == 1


def test_guessing_stops_at_five_a_day(world: World, doctor: User, client: Client) -> None:
    pages = [page(ask(client, world.school, world.pupil, number=f"X{i}")) for i in range(PER_DAY + 1)]

    assert AccessRequest.objects.count() == PER_DAY
    assert "vandaag al vijf keer" in pages[-1]
    with time_machine.travel(datetime(2026, 1, 15, 9, tzinfo=UTC), tick=False):
        client.force_login(doctor)
        ask(client, world.school, world.pupil)
    assert AccessRequest.objects.count() == PER_DAY + 1


def test_somebody_asks_schools_of_the_own_alliance_only(world: World, client: Client) -> None:
    near, far = factories.school(alliance=world.alliance), factories.school(alliance=factories.alliance())
    for school, fits in ((near, True), (far, False)):
        client.force_login(factories.member(Role.ZORGCOACH, school))
        ask(client, world.school, world.pupil)
        assert AccessRequest.objects.exists() is fits
        AccessRequest.objects.all().delete()


def test_granted_until_a_day_and_told_without_a_name(world: World, doctor: User, client: Client) -> None:
    coo = factories.member(Role.COO, world.school)
    ask(client, world.school, world.pupil)
    row = AccessRequest.objects.get()
    assert list(Pupil.objects.visible_to(doctor)) == []

    assert answer(client, coo, row, besluit="geef", last="2026-02-01", for_table="on").status_code == 302

    given = Assignment.objects.get()
    assert (given.user, given.role, given.last, given.for_table) == (doctor, Role.JEUGDARTS, date(2026, 2, 1), True)
    assert list(Pupil.objects.visible_to(User.objects.get(pk=doctor.pk))) == [world.pupil]
    send_notices(timezone.now())
    assert [letter.to for letter in mail.outbox] == [[coo.email], [doctor.email]]
    for letter in mail.outbox:
        assert world.pupil.surname not in f"{letter.subject} {letter.body}"
        assert world.pupil.number not in letter.body
    said = Entry.objects.filter(kind=Kind.RIGHTS, subject=world.pupil.code).order_by("pk")
    assert [entry.what for entry in said] == ["toegang gevraagd", "toegang gegeven", "vraag om toegang: gegeven"]
    assert WHY not in str(list(said.values()))


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({"besluit": "weiger"}, 200),
        ({"besluit": "weiger", "answer": "  "}, 200),
        ({"besluit": "weiger", "answer": "Wij kennen de huisarts niet."}, 302),
        ({"besluit": "geef"}, 200),
        ({"besluit": "geef", "last": "2026-07-16"}, 200),
    ],
)
def test_no_needs_a_reason_and_yes_an_end(world: World, client: Client, data: dict[str, str], status: int) -> None:
    coo = factories.member(Role.COO, world.school)

    assert answer(client, coo, world.access_request, **data).status_code == status

    assert Assignment.objects.count() == 0
    world.access_request.refresh_from_db()
    assert (world.access_request.status == "geweigerd") is (status == 302)


@pytest.mark.parametrize(
    ("change", "given"),
    [
        ({"last": TODAY - timedelta(days=1)}, False),
        ({"last": TODAY}, True),
        ({"school": None}, True),
        ({"place": None}, True),
        ({"school": None, "place": None}, False),
    ],
)
def test_a_pupil_who_left_the_school_of_the_question_is_not_given(
    world: World, client: Client, change: dict[str, Any], given: bool
) -> None:
    """Enrolled or taught there today (None: at another school); who went is not this COO's to show."""
    coo, row = factories.member(Role.COO, world.school), world.access_request
    other = factories.school()
    world.pupil.enrolments.update(**{name: value or other for name, value in change.items()})

    answer(client, coo, row, besluit="geef", last="2026-02-01")

    row.refresh_from_db()
    assert (Assignment.objects.exists(), row.status == "gegeven") == (given, given)
    page = client.get(reverse("attendance:access_overview")).content.decode()
    assert ("zit niet meer op de school van deze vraag" in page) is not given
    if not given:
        assert answer(client, coo, row, besluit="weiger", answer="Zit hier niet meer.").status_code == 302
        row.refresh_from_db()
        assert row.status == "geweigerd"


def test_a_question_is_answered_once(world: World, client: Client) -> None:
    coo = factories.member(Role.COO, world.school)
    for data in ({"besluit": "weiger", "answer": "Nee."}, {"besluit": "geef", "last": "2026-02-01"}):
        answer(client, coo, world.access_request, **data)

    assert Assignment.objects.count() == 0


def test_nobody_answers_their_own_question(world: World, client: Client) -> None:
    coo = factories.member(Role.COO, world.school)
    AccessRequest.objects.filter(pk=world.access_request.pk).update(asker=coo)

    assert answer(client, coo, world.access_request, besluit="geef", last="2026-02-01").status_code == 404


def test_a_question_lapses_after_14_days_whether_it_fits_or_not(world: World) -> None:
    asked = world.access_request.asked_at
    AccessRequest.objects.create(
        asker=world.access_request.asker, role=Role.JEUGDARTS, school=world.school, reason=WHY, asked_at=asked
    )

    assert lapse_requests(asked + timedelta(days=14) - timedelta(seconds=1)) == 0
    assert lapse_requests(asked + timedelta(days=14)) == 2
    assert lapse_requests(asked + timedelta(days=15)) == 0


def test_who_is_let_in_reads_and_writes_nothing(world: World, client: Client) -> None:
    """A zorgcoach of another school of the alliance: the file opens, every page that writes is not there."""
    person = factories.member(Role.ZORGCOACH, factories.school(alliance=world.alliance))
    factories.assignment(world.pupil, person, Role.ZORGCOACH)
    case = world.case
    client.force_login(person)

    for name, code in (("attendance:pupil_detail", world.pupil.code), ("cases:case_detail", case.code)):
        answer = client.get(reverse(name, kwargs={"code": code}))
        assert answer.status_code == 200
        assert "alleen lezen" in answer.content.decode()
        assert "<textarea" not in answer.content.decode()
        assert "requests-of-pupil" not in answer.content.decode(), "a part that they cannot open"
    for name, code in (
        ("attendance:assignments", world.pupil.code),
        ("cases:case_open", world.pupil.code),
        ("cases:case_write", case.code),
        ("cases:case_take_over", case.code),
    ):
        assert client.post(reverse(name, kwargs={"code": code})).status_code == 404


def test_the_coo_hears_once_of_what_ends_soon_and_again_after_an_extension(world: World, client: Client) -> None:
    coo = factories.member(Role.COO, world.school)
    row = factories.assignment(world.pupil, factories.user(), last=TODAY + timedelta(days=14))
    factories.assignment(world.pupil, factories.user(), last=TODAY + timedelta(days=15))
    for _ in range(2):
        warn_of_ending(TODAY, timezone.now())

    assert list(AccessNotice.objects.values_list("about", "user")) == [(row.code, coo.pk)]
    client.force_login(coo)
    client.post(reverse("attendance:assignment_extend", kwargs={"code": row.code}))
    assert AccessNotice.objects.count() == 0


def test_a_coo_gets_one_mail_a_day_about_several_ends(world: World) -> None:
    factories.member(Role.COO, world.school)
    for _ in range(3):
        factories.assignment(world.pupil, factories.user(), last=TODAY)

    warn_of_ending(TODAY, timezone.now())

    assert len(mail.outbox) == 1


def test_a_mail_that_failed_is_sent_by_the_next_run_and_only_once(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    factories.member(Role.COO, world.school)
    factories.assignment(world.pupil, factories.user(), last=TODAY)
    now = timezone.now()

    with monkeypatch.context() as broken:
        broken.setattr("attendance.services.access_notices.send_staff_mail", lambda *args: False)
        warn_of_ending(TODAY, now)
        assert send_notices(now) == 0
    assert [send_notices(now), send_notices(now)] == [1, 0]


def test_a_claim_whose_process_died_is_free_after_ten_minutes(world: World) -> None:
    now = timezone.now()
    AccessNotice.objects.create(kind="nood", about=world.pupil.code, user=factories.user(), claimed_at=now)

    assert send_notices(now + CLAIM_LASTS - timedelta(seconds=1)) == 0
    assert send_notices(now + CLAIM_LASTS) == 1

"""The pages about keeping and destroying: numbers without names, two people, a protocol."""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from unittest import mock

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from tests import factories
from tests.access_world import World
from tests.privacy.lives import FILE_GOES, NAME, pupil_who_left, with_everything
from tests.privacy.test_destroying import destroyed
from thuiszitters.accounts.models import School
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.models import Entry
from thuiszitters.privacy.models import DestructionRun, LegalHold
from thuiszitters.privacy.parts import Holder
from thuiszitters.privacy.views.holds import hold_lift, hold_list
from thuiszitters.privacy.views.retention import run_approve, run_protocol

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]


@pytest.fixture(autouse=True)
def the_day() -> Iterator[None]:
    with time_machine.travel(FILE_GOES, tick=False):
        yield


@pytest.fixture
def school() -> School:
    return factories.school(alliance=factories.alliance())


def test_the_beheerder_sees_numbers_and_no_names(client: Client, school: School) -> None:
    child = pupil_who_left(school)
    with_everything(child, school)
    client.force_login(factories.member(Role.BEHEERDER, school))

    page = client.get(reverse("privacy:retention_preview", args=(school.code,))).content.decode()

    assert child.number in page
    assert child.code.hex[:8] in page
    assert NAME not in page
    assert "Sam" not in page
    assert "1 leerling" in client.get(reverse("privacy:retention")).content.decode()


def test_from_proposal_to_approval(client: Client, school: School, sent: list[tuple[str, int]]) -> None:
    with_everything(pupil_who_left(school), school)
    client.force_login(factories.member(Role.BEHEERDER, school))
    client.post(reverse("privacy:run_propose", args=(school.code,)))
    run = DestructionRun.objects.get()
    assert client.post(reverse("privacy:run_approve", args=(run.code,))).status_code == 403

    client.force_login(factories.member(Role.SCHOOLLEIDER, school))
    client.post(reverse("privacy:run_approve", args=(run.code,)))

    run.refresh_from_db()
    assert run.status == DestructionRun.Status.APPROVED
    assert sent == [("privacy.destroy", run.pk)]


def test_who_proposed_in_another_role_cannot_approve(client: Client, school: School) -> None:
    with_everything(pupil_who_left(school), school)
    both = factories.member(Role.FG, school, factories.member(Role.BEHEERDER, school))
    client.force_login(both)
    client.post(reverse("privacy:run_propose", args=(school.code,)))
    run = DestructionRun.objects.get()

    answer = client.post(reverse("privacy:run_approve", args=(run.code,)), follow=True)

    assert "Iemand anders moet akkoord geven" in answer.content.decode()
    run.refresh_from_db()
    assert run.status == DestructionRun.Status.PROPOSED


def test_withdrawing_asks_why(client: Client, school: School) -> None:
    with_everything(pupil_who_left(school), school)
    client.force_login(factories.member(Role.BEHEERDER, school))
    client.post(reverse("privacy:run_propose", args=(school.code,)))
    url = reverse("privacy:run_withdraw", args=(DestructionRun.objects.get().code,))

    client.post(url)
    assert DestructionRun.objects.get().status == DestructionRun.Status.PROPOSED
    client.post(url, {"why": "verkeerde school"})

    assert DestructionRun.objects.get().status == DestructionRun.Status.WITHDRAWN


def test_the_protocol_can_be_printed_and_signed(client: Client, school: School) -> None:
    """Also with marks in a name that mean something to the typesetter: it is data."""
    School.objects.filter(pk=school.pk).update(name='De #panic() [Brug] "A" $x$')
    child = pupil_who_left(school)
    with_everything(child, school)
    run = destroyed(Holder(school.pk), FILE_GOES)
    client.force_login(factories.member(Role.FG, school))

    pdf = client.get(reverse("privacy:run_protocol_pdf", args=(run.code,))).content
    reader = PdfReader(BytesIO(pdf))

    text = "".join(page.extract_text() for page in reader.pages)
    assert "Handtekening" in text
    assert "#panic() [Brug]" in text
    assert child.code.hex[:8] in text
    assert NAME not in text
    assert b"/Marked true" in pdf
    assert Entry.objects.filter(kind="export", row=str(run.code)).exists()


def test_the_protocol_as_a_table(client: Client, school: School) -> None:
    child = pupil_who_left(school)
    with_everything(child, school)
    run = destroyed(Holder(school.pk), FILE_GOES)
    client.force_login(factories.member(Role.BEHEERDER, school))

    lines = client.get(reverse("privacy:run_protocol_csv", args=(run.code,))).content.decode("utf-8-sig").splitlines()

    assert len(lines) == 2
    assert lines[1].startswith(f"{child.code.hex[:8]};leerlingdossier (begeleiding);")
    assert child.number not in lines[1].split(";")[0]


def test_a_hold_is_set_by_number_and_birth_date_and_lifted_with_a_reason(client: Client, school: School) -> None:
    child = pupil_who_left(school)
    client.force_login(factories.member(Role.FG, school))
    asked = {"school": school.pk, "number": child.number, "birth_date": "2013-05-14", "reason": "klacht"}

    wrong = client.post(reverse("privacy:hold_list"), asked | {"birth_date": "2013-05-15"}).content.decode()
    assert "geen leerling met dit nummer" in wrong
    assert 'value="klacht"' in wrong
    client.post(reverse("privacy:hold_list"), asked)
    client.post(reverse("privacy:hold_list"), asked)

    hold = LegalHold.objects.get()
    assert hold.pupil == child
    client.post(reverse("privacy:hold_lift", args=(hold.code,)), {"why": "afgehandeld"})
    hold.refresh_from_db()
    assert hold.lifted_why == "afgehandeld"
    told = Entry.objects.filter(what__startswith="blokkade ").order_by("pk")
    assert {entry.subject for entry in told} == {child.code}
    assert [entry.what for entry in told] == [
        "blokkade gezet",
        "blokkade opgeheven",
    ]


def test_a_hold_that_comes_too_late_is_told_and_keeps_what_was_typed(client: Client, school: School) -> None:
    child = pupil_who_left(school)
    client.force_login(factories.member(Role.FG, school))
    asked = {"school": school.pk, "number": child.number, "birth_date": "2013-05-14", "reason": "klacht"}

    with mock.patch("thuiszitters.privacy.services.holds.lock_pupils", return_value=[]):
        page = client.post(reverse("privacy:hold_list"), asked).content.decode()

    assert "zojuist alles vernietigd" in page
    assert 'value="klacht"' in page
    assert not LegalHold.objects.exists()


def test_what_weighs_asks_who_you_are_anew() -> None:
    for view in (run_approve, run_protocol, hold_list, hold_lift):
        assert getattr(view, "step_up", False)


def test_a_hold_stands_at_the_file_for_who_may_set_one(client: Client) -> None:
    """For the schoolleider, with a way to the holds; COO and mentor do not deal with keeping and see nothing."""
    world = World()
    url = reverse("privacy:requests_of_pupil", kwargs={"code": world.pupil.code})
    leader = world.somebody(Role.SCHOOLLEIDER)

    client.force_login(leader)
    to_form = f"{reverse('privacy:hold_list')}?leerling={world.pupil.code}"
    assert to_form in client.get(url).content.decode()
    initial = client.get(to_form).context["form"].initial
    assert (initial["number"], initial["birth_date"]) == (world.pupil.number, world.pupil.birth_date)

    assert world.legal_hold.reason == "klacht"
    for role, there in ((Role.SCHOOLLEIDER, True), (Role.COO, False), (Role.MENTOR, False)):
        client.force_login(world.somebody(role))
        page = client.get(url).content.decode()
        assert ("wordt niets vernietigd" in page) is there, role
        assert (reverse("privacy:hold_list") in page) is there, role


def test_the_form_of_a_hold_tells_nothing_of_a_pupil_whom_one_does_not_see(client: Client) -> None:
    """The FG sets holds by number and birth date, and opens no file; a schoolleider of elsewhere neither."""
    world, elsewhere = World(), World()
    for person in (factories.member(Role.FG, world.alliance), elsewhere.somebody(Role.SCHOOLLEIDER)):
        client.force_login(person)
        for code in (str(world.pupil.code), "x", ""):
            page = client.get(reverse("privacy:hold_list"), {"leerling": code})
            assert (page.status_code, page.context["form"].initial) == (200, {})

"""The pages on which a request is dealt with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from attendance.models import Pupil
from cases.services.log import write_note
from tests import factories
from tests.access_world import TODAY, World
from thuiszitters.accounts.roles import Role
from thuiszitters.privacy.listings.requests import lines_for
from thuiszitters.privacy.models import PrivacyRequest
from thuiszitters.privacy.services.requests import RequestRefusedError, answer_request, receive_request
from thuiszitters.privacy.services.reviewing import review_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


def test_nothing_is_decided_by_not_looking(client: Client) -> None:
    """No list stands on an answer before somebody chose it."""
    world = World()
    client.force_login(factories.member(Role.COO, world.school))
    page = client.get(reverse("privacy:request_detail", kwargs={"code": world.privacy_request.code}))

    assert [page.context[name].initial.get("decision", "") for name in ("answer_form",)] == [""]
    assert page.context["weigh_form"].fields["identity"].choices[0][0] == ""
    assert page.context["answer_form"].fields["decision"].choices[0][0] == ""


def test_what_is_ticked_and_typed_becomes_black_and_the_next_text_follows(client: Client) -> None:
    world = World()
    request = world.privacy_request
    client.force_login(factories.member(Role.COO, world.school))
    piece = next(piece for piece in review_of(request).pieces if piece.text.text == "Vader belde.")
    url = reverse("privacy:review_text", kwargs={"code": request.code, "digest": piece.text.digest})

    wrong = client.post(url, {"phrases": "Opa"})
    assert (wrong.status_code, "Dit staat niet in de tekst: Opa" in wrong.content.decode()) == (400, True)
    assert client.post(url, {"left_out": "on"}).status_code == 400
    saved = client.post(url, {"phrases": "vader"})

    assert saved.status_code == 302
    assert request.judgements.get(text_digest=piece.text.digest).spans == [[0, 5]]
    waiting = review_of(request).waiting[0].text.digest
    assert saved["Location"] == reverse("privacy:review_text", kwargs={"code": request.code, "digest": waiting})


def test_a_tick_is_for_the_words_that_were_shown_whoever_came_since(client: Client) -> None:
    """A pupil of another name came between looking and saving: that name is no part of what was ticked."""
    world = World()
    request = world.privacy_request
    coo = factories.member(Role.COO, world.school)
    client.force_login(coo)
    factories.pupil(in_group=world.group, first_name="Yusuf", surname="Zeldzaam")
    write_note(case=world.case, text="Bram en Yusuf ruzieden.", by=coo)
    piece = next(piece for piece in review_of(request).pieces if "Bram" in piece.text.text)
    url = reverse("privacy:review_text", kwargs={"code": request.code, "digest": piece.text.digest})
    form = client.get(url).context["form"]
    assert (form.initial["black"], len(form.fields["black"].choices)) == (["Yusuf"], 1)
    factories.pupil(in_group=world.group, first_name="Bram", surname="Ongewoon")

    client.post(url, {"black": form.initial["black"]})

    assert request.judgements.get(text_digest=piece.text.digest).spans == [[8, 13]]


def test_a_pupil_of_whom_all_was_destroyed_meanwhile_gets_no_request() -> None:
    world = World()
    gone = Pupil(pk=world.pupil.pk + 1000)
    with pytest.raises(RequestRefusedError, match="vernietigd"):
        receive_request(pupil=gone, school=world.school, values={}, by=factories.member(Role.COO, world.school))


def test_what_is_open_stands_above_what_was_answered_last(client: Client) -> None:
    world = World()
    coo = factories.member(Role.COO, world.school)
    first = world.privacy_request
    asked = {"kind": "correctie", "asked_by": "leerling", "asker_name": "A", "question": "x", "received_on": TODAY}
    second, third = (receive_request(pupil=world.pupil, school=world.school, values=asked, by=coo) for _ in range(2))
    with time_machine.travel(TODAY, tick=False) as clock:
        for request in (second, first):
            clock.shift(60)
            answer_request(request=request, decision="gedaan", reason="", told="x", statement="", by=coo)

    assert [line.request for line in lines_for(coo, TODAY, only_open=False)] == [third, first, second]


def test_the_name_of_the_file_and_the_fg_know_no_pupil(client: Client) -> None:
    world = World()
    request = world.privacy_request
    coo = factories.member(Role.COO, world.school)
    client.force_login(coo)
    codes = {"code": request.code}
    client.post(reverse("privacy:request_weigh", kwargs=codes), {"identity": "gezien", "weighed": "Moeder."})
    for piece in review_of(request).waiting:
        client.post(reverse("privacy:review_text", kwargs=codes | {"digest": piece.text.digest}), {})
    given = client.post(reverse("privacy:request_file", kwargs=codes | {"form": "pdf"}))
    assert (given.status_code, given["Content-Disposition"]) == (200, 'attachment; filename="inzage.pdf"')

    client.force_login(factories.member(Role.FG, world.alliance))
    page = client.get(reverse("privacy:request_list")).content.decode()
    assert world.pupil.code.hex[:8] in page
    assert world.pupil.surname not in page
    assert "A. Jansen" not in page


def test_a_statement_stands_at_the_file_for_who_works_on_it(client: Client) -> None:
    world = World()
    coo = factories.member(Role.COO, world.school)
    answer_request(
        request=world.privacy_request, decision="gedaan", reason="", told="x", statement="Ik was er wel.", by=coo
    )
    for role, there in ((Role.MENTOR, True), (Role.ZORGCOACH, True)):
        client.force_login(world.somebody(role))
        page = client.get(reverse("privacy:requests_of_pupil", kwargs={"code": world.pupil.code})).content.decode()
        assert ("Ik was er wel." in page) is there
        assert "Leg een verzoek" not in page
    assert PrivacyRequest.objects.open().count() == 0


def test_the_page_of_a_pupil_by_itself_hides_nothing(client: Client) -> None:
    """As a part of another page it is folded."""
    world = World()
    client.force_login(factories.member(Role.COO, world.school))
    url = reverse("privacy:requests_of_pupil", kwargs={"code": world.pupil.code})

    assert '<details class="why no-print" open>' in client.get(url).content.decode()
    assert '<details class="why no-print">' in client.get(url, headers={"HX-Request": "true"}).content.decode()


def test_the_fg_reads_who_writes_a_request_down(client: Client) -> None:
    world = World()
    client.force_login(factories.member(Role.FG, world.alliance))
    page = client.get(reverse("privacy:request_list")).content.decode()

    assert "dan legt de school dat vast" in page
    assert "leg dat dan vast bij het dossier" not in page


@pytest.mark.parametrize(
    ("elsewhere", "here", "may_handle", "may_hold"),
    [
        (Role.COO, Role.MENTOR, False, False),
        (Role.SCHOOLLEIDER, Role.MENTOR, False, False),
        (Role.SCHOOLLEIDER, Role.COO, True, False),
        (Role.MENTOR, Role.COO, True, False),
        (Role.MENTOR, Role.SCHOOLLEIDER, True, True),
    ],
)
def test_a_role_at_another_school_offers_nothing_at_this_pupil(
    client: Client, elsewhere: Role, here: Role, *, may_handle: bool, may_hold: bool
) -> None:
    """Nor is what would be offered there: the page for it is not theirs."""
    world = World()
    person = world.somebody(here)
    factories.member(elsewhere, factories.school(), person)
    client.force_login(person)

    page = client.get(reverse("privacy:requests_of_pupil", kwargs={"code": world.pupil.code})).content.decode()

    add = reverse("privacy:request_add", kwargs={"code": world.pupil.code})
    assert (add in page, reverse("privacy:hold_list") in page) == (may_handle, may_hold)
    assert client.get(add).status_code == (200 if may_handle else 404)


def test_who_handles_at_the_place_of_teaching_is_offered_it_and_sets_no_hold_there(client: Client) -> None:
    """A hold is set by the school of enrolment."""
    world, place = World(), factories.school()
    world.pupil.enrolments.update(place=place, group=None)
    client.force_login(factories.member(Role.SCHOOLLEIDER, place))

    page = client.get(reverse("privacy:requests_of_pupil", kwargs={"code": world.pupil.code})).content.decode()

    assert "Leg een verzoek" in page
    assert reverse("privacy:hold_list") not in page

"""The pages on which a request is dealt with."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.access_world import TODAY, World
from thuiszitters.accounts.roles import Role
from thuiszitters.privacy.models import PrivacyRequest
from thuiszitters.privacy.services.requests import answer_request
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

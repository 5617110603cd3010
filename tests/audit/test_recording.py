"""What an entry of the log says without being told."""

from __future__ import annotations

from uuid import UUID

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from tests import factories
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry
from thuiszitters.audit.origin import origin, origin_of_request
from thuiszitters.audit.services.recording import record

pytestmark = pytest.mark.django_db


def test_a_request_says_who_and_has_one_id() -> None:
    person = factories.member(Role.COO, factories.school())

    def view(request: HttpRequest) -> HttpResponse:
        record(Kind.READ, "dossier")
        record(Kind.EXPORT, "lijst")
        return HttpResponse()

    request = RequestFactory().get("/")
    request.user = person
    answer = origin_of_request(view)(request)

    entries = Entry.objects.filter(what__in=["dossier", "lijst"])
    assert {entry.actor for entry in entries} == {person.code}
    assert {entry.request_id for entry in entries} == {answer["X-Request-ID"]}
    assert str(UUID(answer["X-Request-ID"])) == answer["X-Request-ID"]


def test_two_requests_have_two_ids() -> None:
    ids = [origin_of_request(lambda _: HttpResponse())(RequestFactory().get("/"))["X-Request-ID"] for _ in range(2)]

    assert len(set(ids)) == 2


def test_outside_a_request_nobody_acts() -> None:
    entry = record(Kind.DESTRUCTION, "dossier")

    assert (entry.actor, entry.request_id, origin().actor) == (None, "", None)

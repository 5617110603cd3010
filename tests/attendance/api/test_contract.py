"""The contract: what the description says is what happens, whatever is sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import HealthCheck, Phase, settings
from schemathesis.checks import CHECKS
from schemathesis.openapi.loaders import from_wsgi

from attendance.models import ApiToken, Pupil, Reason
from tests import factories
from tests.attendance.api.conftest import Ask
from thuiszitters.accounts.models import School
from thuiszitters.wsgi import application

pytestmark = pytest.mark.django_db


def test_the_description_is_open_and_names_no_school(client: Client) -> None:
    answer = client.get("/api/v1/openapi.json")

    assert answer.status_code == 200
    assert answer.json()["openapi"].startswith("3.1")
    assert answer.json()["components"]["securitySchemes"] == {"Token": {"type": "http", "scheme": "bearer"}}


@pytest.mark.parametrize(
    ("method", "address", "raw", "status"),
    [
        ("put", "verzuim/a-1", b"{", 400),
        ("put", "verzuim/a-1", b"\xff\xfe", 400),
        ("put", "verzuim/a-1", b"[]", 422),
        ("put", "verzuim/a%20b", b"{}", 422),
        ("put", "verzuim/a-1", b'{"van": NaN}', 422),
        ("post", "verzuim", b"[" * 100_000, 400),
        ("post", "verzuim", b" " * 3_000_000, 413),
        ("post", "verzuim/a-1", b"{}", 405),
        ("get", "leerlingen", b"", 405),
    ],
)
def test_every_error_is_problem_details(
    key: tuple[ApiToken, str], method: str, address: str, raw: bytes, status: int
) -> None:
    client = Client()
    answer = client.generic(
        method.upper(),
        f"/api/v1/{address}",
        raw,
        content_type="application/json",
        headers={"Authorization": f"Bearer {key[1]}"},
    )

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    found = json.loads(answer.content)
    assert (found["status"], bool(found["title"]), bool(found["detail"])) == (status, True, True)


def test_an_error_repeats_nothing_that_was_sent(ask: Ask, pupil: Pupil) -> None:
    body = {"leerlingnummer": pupil.number, "van": "Jansen", "tot": None, "reden": "Jansen", "Jansen": 1}

    assert "Jansen" not in ask("put", "verzuim/a-1", body).content.decode().replace('"field": "Jansen"', "")


@pytest.fixture
def one_connection() -> Iterator[None]:
    """Requests of a real client end with closing the database connection, which is the test's own here."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def known(school: School) -> Pupil:
    """A pupil and a reason with the names that are tried most, so that more than refusals is found."""
    Reason.objects.create(school=school, code="0", label="nul")
    pupil = factories.pupil(number="0", birth_date=date(1990, 1, 1))
    factories.enrolment(pupil, school, first=date(1995, 8, 1))
    return pupil


schema = from_wsgi("/api/v1/openapi.json", application)


@pytest.mark.usefixtures("one_connection")
@schema.parametrize()
@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.generate),
    derandomize=True,
)
def test_anything_that_is_sent_gets_an_answer_of_the_contract(
    case: schemathesis.Case, key: tuple[ApiToken, str], known: Pupil
) -> None:
    cache.clear()
    # What fits the description can still be refused: by the facts of a school, which no description holds.
    accepted: Any = CHECKS.get_one("positive_data_acceptance")
    case.call_and_validate(headers={"Authorization": f"Bearer {key[1]}"}, excluded_checks=[accepted])

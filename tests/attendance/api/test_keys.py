"""Who may push: a key that works, for what it was made for, so many times."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from attendance.api.endpoints import api
from attendance.models import ApiToken, Pupil
from attendance.models.api import Scope
from attendance.services.api_tokens import make_token, revoke_token, token_of
from tests import factories
from tests.attendance.api.conftest import TODAY, Ask, key_of
from thuiszitters.accounts.models import School
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db


def test_the_secret_itself_is_not_kept(key: tuple[ApiToken, str]) -> None:
    token, secret = key
    kept = " ".join(str(value) for value in ApiToken.objects.filter(pk=token.pk).values().get().values())

    assert secret not in kept
    assert secret.removeprefix("tz_") not in kept


@pytest.mark.parametrize(
    ("day", "works"),
    [(date(2026, 1, 13), False), (TODAY, True), (date(2026, 2, 13), True), (date(2026, 2, 14), False)],
)
def test_a_key_works_from_its_first_to_its_last_day(key: tuple[ApiToken, str], day: date, works: bool) -> None:
    assert (token_of(key[1], today=day) is not None) == works


def test_a_revoked_key_works_no_longer(ask: Ask, key: tuple[ApiToken, str], pupil: Pupil) -> None:
    by = factories.member(Role.BEHEERDER, key[0].school)
    assert revoke_token(token=key[0], by=by) is True
    assert revoke_token(token=key[0], by=by) is False

    assert ask("get", "verzuim/a-1").status_code == 401


@pytest.mark.parametrize(("days", "can"), [(-1, False), (0, True), (366, True), (367, False)])
def test_a_key_works_a_year_at_most(school: School, days: int, can: bool) -> None:
    by = factories.member(Role.BEHEERDER, school)

    def make() -> Any:
        return make_token(
            school=school, name="x", scopes=["verzuim"], last=TODAY + timedelta(days=days), by=by, today=TODAY
        )

    if can:
        assert make()[0].last == TODAY + timedelta(days=days)
    else:
        with pytest.raises(ValueError, match="jaar"):
            make()


OPERATIONS = [
    ("put", "verzuim/a-1", {"leerlingnummer": "1", "van": "2026-01-12", "tot": None, "reden": "ziek"}, Scope.ABSENCES),
    ("get", "verzuim/a-1", None, Scope.ABSENCES),
    ("delete", "verzuim/a-1", None, Scope.ABSENCES),
    (
        "post",
        "verzuim",
        {"verzuim": [{"bron_id": "1", "leerlingnummer": "1", "van": "2026-01-12", "tot": None, "reden": "ziek"}]},
        Scope.ABSENCES,
    ),
    (
        "post",
        "leerlingen",
        {
            "leerlingen": [
                {
                    "leerlingnummer": "1",
                    "roepnaam": "Sam",
                    "achternaam": "Berg",
                    "geboortedatum": "2013-05-14",
                    "ingeschreven_van": "2025-08-01",
                    "ingeschreven_tot": None,
                }
            ]
        },
        Scope.PUPILS,
    ),
    ("put", "compleet", {"tot_en_met": "2026-01-13"}, Scope.COMPLETE),
]
EACH = pytest.mark.parametrize(("method", "address", "body", "scope"), OPERATIONS)


def test_every_operation_stands_in_this_list() -> None:
    paths = api.get_openapi_schema(path_prefix="")["paths"]
    found = {(method, path) for path, methods in paths.items() for method in methods}

    assert found == {(row[0], "/" + row[1].replace("a-1", "{bron_id}")) for row in OPERATIONS}


@EACH
def test_without_a_key_nothing_opens(client: Client, method: str, address: str, body: object, scope: Scope) -> None:
    headers: list[dict[str, str]] = [{}, {"Authorization": "Bearer raad-ik"}, {"Authorization": "Basic raad-ik"}]
    for extra in headers:
        answer = getattr(client, method)(
            f"/api/v1/{address}", data=body or {}, content_type="application/json", headers=extra
        )
        assert (answer.status_code, answer["WWW-Authenticate"]) == (401, "Bearer")
        assert answer["Content-Type"] == "application/problem+json"


@EACH
def test_somebody_who_is_logged_in_is_no_key(
    client: Client, method: str, address: str, body: object, scope: Scope
) -> None:
    client.force_login(factories.member(Role.BEHEERDER, factories.school()))
    answer = getattr(client, method)(f"/api/v1/{address}", data=body or {}, content_type="application/json")

    assert answer.status_code == 401


@EACH
def test_a_key_does_what_it_was_made_for(ask: Ask, method: str, address: str, body: object, scope: Scope) -> None:
    school = factories.school()
    others = [other for other in Scope if other is not scope]
    _token, wrong = key_of(school, *others)
    _token, right = key_of(school, scope)

    assert ask(method, address, body, secret=wrong).status_code == 403
    assert ask(method, address, body, secret=right).status_code != 403


def test_more_requests_than_the_rate_have_to_wait(ask: Ask, school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(api.throttle[0] if isinstance(api.throttle, list) else api.throttle, "num_requests", 2)
    _token, other = key_of(school)

    answers = [ask("get", "verzuim/a-1") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [404, 404, 429]
    assert 0 < int(answers[2]["Retry-After"]) <= 60
    assert answers[2].json()["title"] == "Te veel verzoeken"
    assert ask("get", "verzuim/a-1", secret=other).status_code == 404


def test_the_last_day_of_use_is_noted(ask: Ask, key: tuple[ApiToken, str]) -> None:
    ask("get", "verzuim/a-1")
    with time_machine.travel(TODAY + timedelta(days=2), tick=False):
        ask("get", "verzuim/a-1")

    key[0].refresh_from_db()
    assert key[0].last_used_on == TODAY + timedelta(days=2)


class TestPage:
    """The beheerder makes and revokes keys."""

    def test_the_secret_is_shown_once_and_works(self, client: Client, ask: Ask, school: School) -> None:
        client.force_login(factories.member(Role.BEHEERDER, school))
        form = {"school": school.pk, "name": "Rooster", "scopes": ["verzuim"], "last": "2026-06-30"}
        made = client.post(reverse("attendance:api_token_list"), form)

        secret = made.context["secret"]
        assert secret in made.content.decode()
        assert secret not in client.get(reverse("attendance:api_token_list")).content.decode()
        assert ask("get", "verzuim/a-1", secret=secret).status_code == 404

    def test_a_key_for_another_school_cannot_be_made(self, client: Client, school: School) -> None:
        client.force_login(factories.member(Role.BEHEERDER, school))
        form = {"school": factories.school().pk, "name": "x", "scopes": ["verzuim"], "last": "2026-06-30"}

        assert "school" in client.post(reverse("attendance:api_token_list"), form).context["form"].errors
        assert not ApiToken.objects.exists()

    @pytest.mark.parametrize(("last", "wrong"), [("2026-01-13", True), ("2026-01-14", False), ("2027-01-16", True)])
    def test_the_last_day_is_within_a_year(self, client: Client, school: School, last: str, wrong: bool) -> None:
        client.force_login(factories.member(Role.BEHEERDER, school))
        form = {"school": school.pk, "name": "x", "scopes": ["verzuim"], "last": last}

        assert ("last" in client.post(reverse("attendance:api_token_list"), form).context["form"].errors) == wrong

    def test_queries_do_not_follow_the_number_of_keys(
        self, client: Client, school: School, django_assert_num_queries: Any, django_assert_max_num_queries: Any
    ) -> None:
        client.force_login(factories.member(Role.BEHEERDER, school))
        key_of(school)
        with django_assert_max_num_queries(15) as one:
            client.get(reverse("attendance:api_token_list"))
        for _ in range(5):
            key_of(school)
        with django_assert_num_queries(len(one.captured_queries)):
            client.get(reverse("attendance:api_token_list"))

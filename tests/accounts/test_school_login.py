"""Logging in with the account of school, at a real service that runs inside the test."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from django.contrib.auth import get_user
from django.db import connection
from django.http import HttpRequest
from django.test import Client
from pytest_django.fixtures import Settings

from tests import factories
from tests.accounts.oidc import QUIET, at_service, back, connect, log_in, service, to_service
from thuiszitters.accounts.models import Alliance, LoginProvider, SecondFactor, User
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.school_login import SECOND_FACTOR, second_factor_at_school
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings(QUIET)]

PEOPLE: dict[str, dict[str, Any]] = {
    "fatima": {"email": "fatima@linde.example", "email_verified": True, "name": "Fatima"},
    "fatima-later": {"email": "anders@linde.example", "email_verified": True},
    "onzeker": {"email": "fatima@linde.example", "email_verified": False},
    "onbekend": {"email": "niemand@linde.example", "email_verified": True},
    "elders": {"email": "coo@elders.example", "email_verified": True},
    "mfa": {"email": "fatima@linde.example", "email_verified": True, "amr": ["pwd", "mfa"]},
}


@pytest.fixture(autouse=True)
def nearby(settings: Settings) -> None:
    """The service of the test runs on this machine."""
    settings.LOGIN_PROVIDERS_NEARBY = True


@pytest.fixture
def issuer() -> Iterator[str]:
    with service(PEOPLE) as address:
        yield address


@pytest.fixture
def alliance() -> Alliance:
    return factories.alliance()


@pytest.fixture
def fatima(alliance: Alliance) -> User:
    """Invited, never logged in."""
    return factories.member(Role.COO, factories.school(alliance=alliance), factories.user("fatima@linde.example"))


@pytest.fixture
def row(issuer: str, alliance: Alliance) -> LoginProvider:
    return connect(issuer, alliance)


def who(browser: Client) -> Any:
    request = HttpRequest()
    request.session = browser.session
    return get_user(request)


def is_refused(answer: Any, browser: Client) -> bool:
    return bool(
        answer.status_code == 403
        and "Inloggen via De Linde lukte niet" in answer.text
        and not who(browser).is_authenticated
        and Entry.objects.filter(kind=Kind.LOGIN_FAILED, what="school").exists()
    )


def test_somebody_who_was_invited_gets_in(client: Client, row: LoginProvider, fatima: User) -> None:
    answer = log_in(client, row, "fatima")

    assert answer.status_code == 302
    assert answer["Location"] == "/"
    assert who(client) == fatima
    entry = Entry.objects.get(kind=Kind.LOGIN)
    assert (entry.what, entry.actor) == ("school", fatima.code)


def test_after_logging_in_one_is_where_one_was_going(client: Client, row: LoginProvider, fatima: User) -> None:
    address = at_service(to_service(client, row, next="/tafel/"), "fatima")

    assert back(client, address)["Location"] == "/tafel/"


def test_nobody_is_sent_to_another_site(client: Client, row: LoginProvider, fatima: User) -> None:
    address = at_service(to_service(client, row, next="https://elders.example/"), "fatima")

    assert back(client, address)["Location"] == "/"


def test_a_question_has_state_nonce_and_pkce(client: Client, row: LoginProvider) -> None:
    first, second = (parse_qs(urlsplit(to_service(client, row)).query) for _ in range(2))

    assert first["code_challenge_method"] == ["S256"]
    assert first["response_type"] == ["code"]
    for name in ("state", "nonce", "code_challenge"):
        assert first[name] != second[name]


def test_a_link_cannot_ask_for_more(client: Client, row: LoginProvider) -> None:
    """What stands in the address of the button is not passed on."""
    answer = client.post(f"/account/school/{row.code}/?scope=alles&auth_params=prompt%3Dnone&process=connect")

    assert "alles" not in answer.text
    assert "prompt" not in answer.text


@pytest.mark.usefixtures("fatima")
@pytest.mark.parametrize("sub", ["onbekend", "onzeker"])
def test_an_address_that_is_unknown_or_not_certain_does_not_get_in(
    client: Client, row: LoginProvider, sub: str
) -> None:
    assert is_refused(log_in(client, row, sub), client)
    assert User.objects.count() == 1
    assert not SocialAccount.objects.exists()


def test_the_refusal_is_the_same_for_every_reason(client: Client, row: LoginProvider, fatima: User) -> None:
    pages = {log_in(Client(), row, sub).text for sub in ("onbekend", "onzeker", "elders")}

    assert len(pages) == 1


def test_another_address_at_school_changes_nothing(
    client: Client, issuer: str, row: LoginProvider, fatima: User
) -> None:
    """Once linked it is the subject that counts: also when the address is another, or that of somebody else by now."""
    log_in(client, row, "fatima")
    other = factories.member(Role.COO, factories.school(alliance=row.alliance), factories.user("anders@linde.example"))
    SocialAccount.objects.update(uid=uid_of(issuer, "fatima-later"))

    again = Client()
    log_in(again, row, "fatima-later")

    assert who(again) == fatima != other


def uid_of(issuer: str, sub: str) -> str:
    return hashlib.sha256(f"{issuer}\n{sub}".encode()).hexdigest()


def test_a_second_subject_does_not_take_over_an_account(client: Client, row: LoginProvider, fatima: User) -> None:
    log_in(client, row, "fatima")

    assert is_refused(log_in(other := Client(), row, "mfa"), other)


@pytest.mark.parametrize("place", ["other alliance", "both", "none"])
def test_a_connection_is_for_its_own_people(client: Client, row: LoginProvider, fatima: User, place: str) -> None:
    """Also who works at another organisation as well: a beheerder could otherwise let anybody into its files."""
    if place == "both":
        factories.member(Role.COO, factories.school(alliance=factories.alliance()), fatima)
    elif place == "none":
        fatima.memberships.all().delete()
    else:
        LoginProvider.objects.update(alliance=factories.alliance())

    assert is_refused(log_in(client, row, "fatima"), client)


def test_who_left_the_organisation_stays_out(client: Client, row: LoginProvider, fatima: User) -> None:
    log_in(client, row, "fatima")
    fatima.memberships.update(last=factories.SCHOOL_YEAR)

    assert is_refused(log_in(other := Client(), row, "fatima"), other)


def test_a_connection_vouches_for_its_own_domains_only(client: Client, row: LoginProvider) -> None:
    factories.member(Role.COO, factories.school(alliance=row.alliance), factories.user("coo@elders.example"))

    assert is_refused(log_in(client, row, "elders"), client)


def test_a_link_counts_for_the_connection_it_was_made_with(
    client: Client, row: LoginProvider, issuer: str, fatima: User
) -> None:
    """Another connection that says the same address, without a link of its own, needs that address to be certain."""
    log_in(client, row, "fatima")
    other = connect(issuer, row.alliance, domains="elders.example")

    assert is_refused(log_in(browser := Client(), other, "fatima"), browser)


@pytest.mark.parametrize("change", ["is_active", "is_superuser"])
def test_a_closed_account_and_the_superuser_do_not_come_in_so(
    client: Client, row: LoginProvider, fatima: User, change: str
) -> None:
    User.objects.update(**{change: change == "is_superuser"})

    assert is_refused(log_in(client, row, "fatima"), client)


def test_a_state_of_another_browser_does_not_count(client: Client, row: LoginProvider, fatima: User) -> None:
    address = at_service(to_service(Client(), row), "fatima")

    assert is_refused(back(client, address), client)


def test_an_answer_works_once(client: Client, row: LoginProvider, fatima: User) -> None:
    address = at_service(to_service(client, row), "fatima")
    back(client, address)

    assert is_refused(back(other := Client(), address), other)
    client.logout()
    assert is_refused(back(client, address), client)


def test_an_answer_to_another_question_does_not_count(client: Client, row: LoginProvider, fatima: User) -> None:
    """Somebody put the code of an answer of their own in place of ours: its nonce is not ours."""
    ours = to_service(client, row)
    parts = urlsplit(ours)
    asked = {name: values[0] for name, values in parse_qs(parts.query).items()} | {"nonce": "van-een-ander"}
    address = at_service(parts._replace(query=urlencode(asked)).geturl(), "fatima")

    assert is_refused(back(client, address), client)
    assert Entry.objects.filter(detail__waarom="nonce").exists()


def test_a_token_that_is_over_does_not_count(client: Client, alliance: Alliance, fatima: User) -> None:
    with service(PEOPLE, valid=timedelta(minutes=-5)) as address:
        assert is_refused(log_in(client, connect(address, alliance), "fatima"), client)


def test_a_token_for_another_application_does_not_count(client: Client, row: LoginProvider, fatima: User) -> None:
    """The connection was changed between the question and the answer."""
    address = at_service(to_service(client, row), "fatima")
    LoginProvider.objects.update(client_id="een-ander")

    assert is_refused(back(client, address), client)


def test_a_service_that_calls_itself_otherwise_is_not_asked(client: Client, row: LoginProvider, issuer: str) -> None:
    LoginProvider.objects.update(issuer=f"{issuer}/")

    answer = client.post(f"/account/school/{row.code}/")

    assert is_refused(answer, client)


def test_who_says_no_at_the_service_is_not_in(client: Client, row: LoginProvider) -> None:
    state = parse_qs(urlsplit(to_service(client, row)).query)["state"][0]

    answer = client.get(f"/account/school/{row.code}/terug/", {"error": "access_denied", "state": state})

    assert is_refused(answer, client)


def test_a_connection_that_is_not_in_use_is_not_there(client: Client, row: LoginProvider) -> None:
    LoginProvider.objects.update(is_active=False)

    assert client.post(f"/account/school/{row.code}/").status_code == 404
    assert client.get(f"/account/school/{row.code}/terug/").status_code == 404
    assert "De Linde" not in client.get("/account/login/").text


@pytest.mark.parametrize("accepted", ["", "mfa"])
def test_a_second_factor_of_school_counts_where_that_was_agreed(
    client: Client, row: LoginProvider, fatima: User, accepted: str
) -> None:
    LoginProvider.objects.update(second_factor_values=accepted)
    log_in(client, row, "mfa")
    request = HttpRequest()
    request.session = client.session

    assert who(client) == fatima
    assert bool(second_factor_at_school(request, fatima)) is bool(accepted)
    assert second_factor_at_school(request, factories.user()) is None
    assert (SECOND_FACTOR in client.session) is bool(accepted)


@pytest.mark.parametrize(("accepted", "status"), [("", 302), ("mfa", 200)])
def test_who_gave_a_second_step_at_school_is_not_asked_for_another(
    client: Client, row: LoginProvider, fatima: User, accepted: str, status: int
) -> None:
    assert row.alliance
    Alliance.objects.filter(pk=row.alliance.pk).update(second_factor=SecondFactor.REQUIRED)
    LoginProvider.objects.update(second_factor_values=accepted)
    log_in(client, row, "mfa")

    assert client.get("/").status_code == status


def test_nothing_of_what_a_service_tells_is_kept(client: Client, row: LoginProvider, fatima: User) -> None:
    log_in(client, row, "fatima")

    account = SocialAccount.objects.get()
    assert account.extra_data == {}
    assert "fatima" not in account.uid
    assert not SocialToken.objects.exists()
    assert not SocialApp.objects.exists()


def test_the_secret_stands_encrypted_in_the_database(row: LoginProvider) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT client_secret FROM accounts_loginprovider")
        stored = cursor.fetchone()[0]

    assert row.client_secret == "niet-geheim"
    assert "niet-geheim" not in stored


def test_where_a_password_is_not_allowed_it_does_not_open(client: Client, row: LoginProvider, fatima: User) -> None:
    fatima.set_password("zeven-groene-fietsen")
    fatima.save()
    LoginProvider.objects.update(password_allowed=False)

    wrong = client.post("/account/login/", {"login": fatima.email, "password": "iets anders dan dat"})
    right = client.post("/account/login/", {"login": fatima.email, "password": "zeven-groene-fietsen"})

    assert "Je logt in via je school" not in wrong.text
    assert "Je logt in via je school" in right.text
    assert not who(client).is_authenticated

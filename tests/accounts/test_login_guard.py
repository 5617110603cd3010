"""Who does not get in learns nothing by it, and who does is told of what they did not do themselves."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core import mail
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests import factories
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.services.invitations import send_invitation
from thuiszitters.accounts.services.sessions import end_sessions
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry

pytestmark = pytest.mark.django_db
PASSWORD, WRONG, CHOSEN = "zeven-groene-fietsen", "niet het wachtwoord", "vier losse woorden samen"
KNOWN, UNKNOWN = "coo@school.example", "niemand@school.example"
LOGIN, RESET = "/account/login/", "/account/password/reset/"


@pytest.fixture
def coo() -> User:
    person = factories.member(Role.COO, factories.school(), factories.user(KNOWN, "Fatima"))
    person.set_password(PASSWORD)
    person.last_login = timezone.now()
    person.save()
    return person


def attempt(browser: Client, email: str = KNOWN, password: str = WRONG, **extra: Any) -> Any:
    return browser.post(LOGIN, {"login": email, "password": password}, **extra)


def without_what_differs(page: str) -> str:
    """A page but for what was typed, and the token of the form."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page)
    return page.replace(KNOWN, "ADRES").replace(UNKNOWN, "ADRES")


@pytest.mark.usefixtures("coo")
@pytest.mark.parametrize("times", [1, 7])
def test_a_known_and_an_unknown_address_get_the_same_answer(times: int) -> None:
    """Also after so many times that nobody gets in any more."""
    answers = {}
    for email in (KNOWN, UNKNOWN):
        browser = Client()
        for _ in range(times):
            answer = attempt(browser, email)
        answers[email] = (answer.status_code, without_what_differs(answer.text))

    assert answers[KNOWN] == answers[UNKNOWN]
    assert ("te vaak" in answers[KNOWN][1]) is (times > 5)


@pytest.mark.parametrize("state", ["known", "unknown", "invited", "closed"])
def test_the_same_work_is_done_for_everybody(coo: User, settings: Settings, state: str) -> None:
    """One digest with argon2, whoever it is: the time it takes does not tell."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    if state == "invited":
        coo.set_unusable_password()
    else:
        coo.set_password(PASSWORD)
    coo.is_active = state != "closed"
    coo.save()
    done = []
    encode, verify = Argon2PasswordHasher.encode, Argon2PasswordHasher.verify

    def counted(how: Any) -> Any:
        def count(*args: Any) -> Any:
            done.append(how.__name__)
            return how(*args)

        return count

    with (
        mock.patch.object(Argon2PasswordHasher, "encode", counted(encode)),
        mock.patch.object(Argon2PasswordHasher, "verify", counted(verify)),
    ):
        attempt(Client(), UNKNOWN if state == "unknown" else KNOWN)

    assert len(done) == 1


@pytest.mark.usefixtures("coo")
def test_after_five_times_also_the_right_password_waits_and_then_works() -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        for _ in range(5):
            attempt(Client())
        assert attempt(Client(), password=PASSWORD).status_code == 200
        clock.shift(timedelta(minutes=16))
        assert attempt(Client(), password=PASSWORD).status_code == 302


@pytest.mark.usefixtures("coo")
def test_the_person_is_told_once_of_a_lock_out() -> None:
    for _ in range(9):
        attempt(Client())
    for _ in range(9):
        attempt(Client(), UNKNOWN)

    assert [(letter.to, letter.subject) for letter in mail.outbox] == [([KNOWN], "Inloggen is even geblokkeerd")]


@pytest.mark.usefixtures("coo")
def test_somebody_elses_attempts_do_not_lock_another_out() -> None:
    for _ in range(9):
        attempt(Client(), UNKNOWN)

    assert attempt(Client(), password=PASSWORD).status_code == 302


@pytest.mark.parametrize(("count", "limited"), [(0, True), (1, False)])
def test_behind_a_proxy_it_is_the_address_of_the_client_that_counts(
    settings: Settings, count: int, limited: bool
) -> None:
    """And what a client says about itself, before the proxy, does not count."""
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = count
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "2/15m/ip"}
    for number in range(3):
        answer = attempt(Client(), f"x{number}@school.example", headers={"x-forwarded-for": f"9.9.9.9, 8.8.8.{number}"})
    assert ("te vaak" in answer.text) is limited
    for number in range(3):
        answer = attempt(Client(), f"y{number}@school.example", headers={"x-forwarded-for": f"9.9.9.{number}, 8.8.4.4"})
    assert "te vaak" in answer.text


def test_a_failure_is_written_down_without_what_was_typed(coo: User) -> None:
    attempt(Client())
    attempt(Client(), "mijn-wachtwoord-per-ongeluk@school.example")

    known, unknown = Entry.objects.filter(kind=Kind.LOGIN_FAILED).order_by("pk")
    assert (known.actor, known.detail) == (coo.code, {})
    assert unknown.actor is None
    assert "wachtwoord-per" not in str(unknown.detail)


def test_logging_in_and_out_is_written_down(coo: User) -> None:
    browser = Client(headers={"user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"})
    attempt(browser, password=PASSWORD)
    browser.post("/account/logout/")

    entries = Entry.objects.filter(actor=coo.code, kind__in=[Kind.LOGIN, Kind.LOGOUT]).order_by("pk")
    assert [(entry.kind, entry.what) for entry in entries] == [(Kind.LOGIN, "wachtwoord"), (Kind.LOGOUT, "zelf")]
    assert entries[0].detail["browser"] == "Firefox op Linux"


# ------------------------------------------------------------------------------------------- a new browser


@pytest.mark.usefixtures("coo")
def test_a_browser_that_is_not_known_is_told_of_once() -> None:
    browser = Client()
    for _ in range(2):
        attempt(browser, password=PASSWORD)
        browser.post("/account/logout/")

    [letter] = mail.outbox
    assert letter.to == [KNOWN]
    assert "ingelogd op een nieuw apparaat" in letter.subject


def test_a_browser_in_which_somebody_else_logged_in_is_new_to_me(coo: User) -> None:
    other = factories.member(Role.COO, factories.school(), factories.user("ander@school.example"))
    other.set_password(PASSWORD)
    other.last_login = timezone.now()
    other.save()
    browser = Client()
    attempt(browser, other.email, PASSWORD)
    attempt(browser, coo.email, PASSWORD)
    browser.post("/account/logout/")
    attempt(browser, coo.email, PASSWORD)

    assert [letter.to for letter in mail.outbox] == [[other.email], [coo.email]]


def test_after_being_logged_out_everywhere_every_browser_is_new(coo: User) -> None:
    browser = Client()
    attempt(browser, password=PASSWORD)
    end_sessions(user=coo)
    attempt(browser, password=PASSWORD)

    assert len(mail.outbox) == 2


def test_the_first_time_of_all_no_mail_follows(coo: User) -> None:
    User.objects.update(last_login=None)

    attempt(Client(), password=PASSWORD)

    assert mail.outbox == []


# ------------------------------------------------------------------------------------------- links


def link_in(letter: Any) -> str:
    found = re.search(r"http\S+/account/password/reset/key/\S+", letter.body)
    assert found
    return found.group(0).removeprefix("http://localhost:8000")


def chooses(path: str) -> Any:
    """Follow a link and choose a password."""
    browser = Client()
    page = browser.get(path, follow=True)
    if "werkt niet meer" in page.text:
        return None
    return browser.post(page.request["PATH_INFO"], {"password1": CHOSEN, "password2": CHOSEN})


@pytest.mark.usefixtures("coo")
def test_asking_for_a_password_tells_nothing() -> None:
    answers = [Client().post(RESET, {"email": email}) for email in (KNOWN, UNKNOWN)]

    assert {(answer.status_code, answer["Location"]) for answer in answers} == {(302, f"{RESET}done/")}
    assert [letter.to for letter in mail.outbox] == [[KNOWN]]


@pytest.mark.usefixtures("coo")
def test_a_link_works_once() -> None:
    Client().post(RESET, {"email": KNOWN})
    path = link_in(mail.outbox[0])

    assert chooses(path).status_code == 302
    assert chooses(path) is None


def test_a_new_invitation_ends_the_one_before(coo: User) -> None:
    send_invitation(user=coo)
    send_invitation(user=coo)
    first, second = (link_in(letter) for letter in mail.outbox)

    assert chooses(first) is None
    assert chooses(second).status_code == 302


@pytest.mark.parametrize("why", ["over", "left", "closed"])
def test_an_invitation_ends(coo: User, why: str) -> None:
    with time_machine.travel(timezone.now(), tick=False) as clock:
        send_invitation(user=coo)
        if why == "over":
            clock.shift(timedelta(days=4))
        elif why == "left":
            end_sessions(user=coo)
        else:
            User.objects.update(is_active=False)

        assert chooses(link_in(mail.outbox[0])) is None

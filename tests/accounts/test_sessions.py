"""Where somebody is logged in, and how that ends."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse

from tests import factories
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.services.sessions import end_sessions

pytestmark = pytest.mark.django_db
PASSWORD = "zeven-groene-fietsen"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


@pytest.fixture
def coo() -> User:
    person = factories.member(
        Role.COO, factories.school(alliance=factories.free_alliance()), factories.user("coo@school.example")
    )
    person.set_password(PASSWORD)
    person.save()
    return person


def logged_in(person: User) -> Client:
    """A browser in which this person logged in by the form."""
    browser = Client(headers={"user-agent": FIREFOX})
    answer = browser.post(reverse("account_login"), {"login": person.email, "password": PASSWORD})
    assert answer.status_code == 302
    return browser


def is_in(browser: Client) -> bool:
    return browser.get("/").status_code == 200


def test_everything_ends_at_once_and_may_end_twice(coo: User) -> None:
    """Also a session that nobody kept count of."""
    one, other, uncounted = logged_in(coo), logged_in(coo), Client()
    uncounted.force_login(coo)
    UserSession.objects.filter(session_key=uncounted.session.session_key).delete()
    assert is_in(one)

    assert end_sessions(user=coo) == 2
    assert end_sessions(user=coo) == 0

    assert [is_in(browser) for browser in (one, other, uncounted)] == [False, False, False]
    assert is_in(logged_in(coo))


def test_others_stay_logged_in(coo: User) -> None:
    somebody = factories.member(Role.COO, factories.school())
    browser = Client()
    browser.force_login(somebody)

    end_sessions(user=coo)

    assert is_in(browser)

"""A phone that is lost: a beheerder takes the second step away, and everybody who should know gets to know."""

from __future__ import annotations

import re

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from tests import factories
from tests.second_steps import app_of, codes_of, kinds_of, log_in
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry

pytestmark = pytest.mark.django_db
PASSWORD = "zeven-groene-fietsen"


@pytest.fixture
def school() -> School:
    return factories.school(alliance=factories.alliance())


@pytest.fixture
def coo(school: School) -> User:
    person = factories.member(Role.COO, school, factories.user("coo@school.example", "Fatima"))
    person.set_password(PASSWORD)
    person.save()
    app_of(person)
    codes_of(person)
    return person


@pytest.fixture
def beheerder(school: School, client: Client) -> User:
    person = factories.member(Role.BEHEERDER, school, factories.user("beheer@school.example", "Bo"))
    client.force_login(person)
    return person


def page_of(person: User) -> str:
    return reverse("admin:accounts_user_second_factor", args=[person.pk])


def test_it_begins_anew(school: School, coo: User, beheerder: User, client: Client) -> None:
    assert school.alliance
    others = [factories.member(Role.BEHEERDER, school), factories.member(Role.BEHEERDER, school.alliance)]
    factories.member(Role.BEHEERDER, factories.school(alliance=school.alliance))
    open_elsewhere = Client()
    open_elsewhere.force_login(coo)
    assert open_elsewhere.get("/").status_code == 200
    assert "Bel eerst" in client.get(page_of(coo)).text

    client.post(page_of(coo))

    assert kinds_of(coo) == []
    assert open_elsewhere.get("/").status_code == 302, "who has the phone is out"
    assert not Client().login(email=coo.email, password=PASSWORD)
    sent = [(message.to[0], message.subject) for message in mail.outbox]
    told = {address for address, subject in sent if subject == "Een tweede stap is weggehaald"}
    assert told == {person.email for person in others}
    assert next(subject for address, subject in sent if address == coo.email) == "Je tweede stap is weggehaald"
    entry = Entry.objects.get(kind=Kind.RIGHTS, what="tweede stap weggehaald door beheerder")
    assert (entry.actor, entry.row, entry.detail) == (beheerder.code, str(coo.code), {"met": ["app", "herstelcode"]})

    link = re.search(r"http://[^/]+(/account/password/reset/key/\S+)", "".join(str(row.body) for row in mail.outbox))
    assert link
    visitor = Client()
    path = visitor.get(link[1], follow=True).redirect_chain[-1][0]
    visitor.post(path, {"password1": "acht-rode-zeilboten", "password2": "acht-rode-zeilboten"})
    visitor.post(reverse("account_login"), {"login": coo.email, "password": "acht-rode-zeilboten"})
    assert visitor.get("/")["Location"] == reverse("mfa_index"), "a new one comes first"


def test_nobody_does_it_for_oneself(beheerder: User, client: Client) -> None:
    app_of(beheerder)

    assert "je eigen tweede stap" in client.get(page_of(beheerder)).text
    client.post(page_of(beheerder))

    assert kinds_of(beheerder) == ["totp"]


def test_not_for_who_works_elsewhere_too(coo: User, beheerder: User, client: Client) -> None:
    factories.member(Role.COO, factories.school(), coo)

    assert "werkt ook ergens anders" in client.get(page_of(coo)).text
    client.post(page_of(coo))

    assert kinds_of(coo) == ["recovery_codes", "totp"]


def test_somebody_of_another_school_is_not_there(beheerder: User, client: Client) -> None:
    stranger = factories.member(Role.COO, factories.school())

    assert client.post(page_of(stranger)).status_code == 404


def test_it_asks_for_proof(coo: User, beheerder: User, client: Client) -> None:
    app_of(beheerder)
    log_in(client, beheerder, "password", "mfa", seconds_ago=600)

    assert client.get(page_of(coo)).status_code == 302
    client.post(page_of(coo))

    assert kinds_of(coo) == ["recovery_codes", "totp"]

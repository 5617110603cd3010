"""Logging in and out, by the form."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests import factories
from tests.browser.conftest import Open
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "een-lang-wachtwoord"


@pytest.fixture
def coo() -> User:
    user = factories.member(
        Role.COO, factories.school(alliance=factories.free_alliance()), factories.user("coo@school.example", "Fatima")
    )
    user.set_password(PASSWORD)
    user.save(update_fields=["password"])
    return user


def fill(screen: Page, password: str) -> None:
    screen.get_by_label("E-mailadres").fill("coo@school.example")
    screen.get_by_label("Wachtwoord").fill(password)
    screen.get_by_role("button", name="Inloggen").click()


def test_somebody_logs_in_and_out(open_as: Open, coo: User) -> None:
    screen = open_as("/")
    expect(screen.get_by_role("heading", name="Inloggen", level=1)).to_be_visible()

    fill(screen, PASSWORD)
    expect(screen.get_by_role("heading", name="Vandaag", level=1)).to_be_visible()

    screen.locator("summary", has_text="Mijn account").click()
    screen.get_by_role("button", name="Uitloggen").click()
    expect(screen.get_by_role("heading", name="Inloggen", level=1)).to_be_visible()
    screen.goto("/")
    expect(screen.get_by_role("heading", name="Inloggen", level=1)).to_be_visible()


def test_a_wrong_password_is_told_and_the_address_stays(open_as: Open, coo: User) -> None:
    screen = open_as("/account/login/")

    fill(screen, "een-ander-wachtwoord")

    expect(screen.get_by_role("alert")).to_contain_text("niet correct")
    expect(screen.get_by_label("E-mailadres")).to_have_value("coo@school.example")
    expect(screen.get_by_label("Wachtwoord")).to_have_value("")


def test_who_was_on_the_way_somewhere_gets_there(open_as: Open, coo: User) -> None:
    screen = open_as("/tafel/?fase=dreigend")

    fill(screen, PASSWORD)

    expect(screen.get_by_role("heading", name="Thuiszitterstafel", level=1)).to_be_visible()
    assert screen.url.endswith("/tafel/?fase=dreigend")


def test_nobody_is_sent_to_another_site(open_as: Open, coo: User) -> None:
    screen = open_as("/account/login/?next=https://voorbeeld.example/")

    fill(screen, PASSWORD)

    expect(screen.get_by_role("heading", name="Vandaag", level=1)).to_be_visible()

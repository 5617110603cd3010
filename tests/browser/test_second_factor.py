"""The second step in a real browser: an app, a recovery code, a passkey, and proof in between."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from tests import factories
from tests.browser.conftest import Open
from tests.second_steps import app_of, code_of, codes_of, kinds_of
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "zeven-groene-fietsen"


@pytest.fixture
def beheerder() -> User:
    """Of a school that leaves no choice."""
    person = factories.member(
        Role.BEHEERDER,
        factories.school(alliance=factories.alliance()),
        factories.user("beheer@school.example", "Fatima"),
    )
    person.set_password(PASSWORD)
    person.save(update_fields=["password"])
    return person


def fill(screen: Page) -> None:
    screen.get_by_label("E-mailadres").fill("beheer@school.example")
    screen.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    screen.get_by_role("button", name="Inloggen", exact=True).click()


def log_out(screen: Page) -> None:
    screen.locator("summary", has_text="Mijn account").click()
    screen.get_by_role("button", name="Uitloggen").click()
    expect(screen.get_by_role("heading", name="Inloggen", level=1)).to_be_visible()


def is_in(screen: Page) -> None:
    expect(screen.get_by_role("heading", name="Vandaag", level=1)).to_be_visible()


def authenticator(screen: Page) -> None:
    """A passkey of this computer, whose owner always says yes."""
    devtools = screen.context.new_cdp_session(screen)
    devtools.send("WebAuthn.enable")
    options: dict[str, Any] = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_an_app_is_set_up_before_anything_else(open_as: Open, beheerder: User) -> None:
    screen = open_as("/")
    fill(screen)
    expect(screen.get_by_text("Stel eerst een tweede stap in.")).to_be_visible()

    screen.get_by_role("link", name="Stel een app in").click()
    assert screen.get_by_role("img", name="QR-code").evaluate("picture => picture.naturalWidth") > 0
    screen.get_by_text("Scannen lukt niet").click()
    secret = screen.locator("[data-secret]").inner_text()
    screen.get_by_label("Code uit de app").fill(code_of(secret))
    screen.get_by_role("button", name="Zet aan").click()

    expect(screen.get_by_role("heading", name="Herstelcodes", level=1)).to_be_visible()
    codes = screen.locator("[data-codes] code").all_inner_texts()
    with screen.expect_download() as download:
        screen.get_by_role("link", name="Bewaar als bestand").click()
    assert download.value.suggested_filename == "herstelcodes-thuiszitters.txt"
    kept = download.value.path().read_text()
    assert [code in kept for code in codes] == [True] * 10
    screen.get_by_role("link", name="Ik heb ze bewaard").click()
    expect(screen.get_by_text("Nog 10 over.")).to_be_visible()
    screen.goto("/")
    is_in(screen)

    log_out(screen)
    fill(screen)
    expect(screen.get_by_role("heading", name="Nog één stap")).to_be_visible()
    expect(screen.get_by_role("button", name="Gebruik mijn passkey")).to_have_count(0)
    screen.get_by_label("Code").fill(codes[0])
    screen.get_by_role("button", name="Inloggen", exact=True).click()
    is_in(screen)


def test_somebody_gives_the_code_of_the_app(open_as: Open, beheerder: User) -> None:
    secret = app_of(beheerder)
    screen = open_as("/verzuim/koppelingen/")
    fill(screen)

    screen.get_by_label("Code").fill("000000" if code_of(secret) != "000000" else "111111")
    screen.get_by_role("button", name="Inloggen", exact=True).click()
    expect(screen.get_by_role("alert")).to_contain_text("Deze code klopt niet")
    screen.get_by_label("Code").fill(code_of(secret))
    screen.get_by_role("button", name="Inloggen", exact=True).click()

    expect(screen.get_by_role("heading", level=1)).not_to_contain_text("Nog één stap")
    assert "/2fa/" not in screen.url


def test_a_passkey_is_made_and_opens_alone_and_after_the_password(
    open_as: Open, beheerder: User, live_server: LiveServer
) -> None:
    at_home = live_server.url.replace("127.0.0.1", "localhost")
    screen = open_as(f"{at_home}/")
    authenticator(screen)
    fill(screen)
    screen.get_by_role("link", name="Voeg een passkey toe").click()
    screen.get_by_label("Naam").fill("laptop van school")
    screen.get_by_role("button", name="Maak de passkey").click()
    expect(screen.get_by_role("heading", name="Herstelcodes", level=1)).to_be_visible()
    assert kinds_of(beheerder) == ["recovery_codes", "webauthn"]
    screen.goto(f"{at_home}/account/2fa/")
    expect(screen.get_by_text("laptop van school").first).to_be_visible()

    log_out(screen)
    screen.get_by_role("button", name="Log in met een passkey").click()
    is_in(screen)

    log_out(screen)
    fill(screen)
    screen.get_by_role("button", name="Gebruik mijn passkey").click()
    is_in(screen)

    screen.goto(f"{at_home}/account/2fa/")
    screen.get_by_role("link", name=re.compile("Andere naam")).click()
    screen.get_by_label("Naam").fill("laptop thuis")
    screen.get_by_role("button", name="Bewaar naam").click()
    screen.get_by_role("link", name=re.compile("Haal weg")).click()
    screen.get_by_role("button", name="Haal de passkey weg").click()
    expect(screen.get_by_text("Dit is je enige tweede stap")).to_be_visible()


def test_a_form_that_waited_is_sent_with_the_proof(
    open_as: Open, beheerder: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    code = codes_of(beheerder)[0]
    app_of(beheerder)
    screen = open_as("/verzuim/koppelingen/", beheerder)
    screen.get_by_label("Welk systeem").fill("LVS")
    monkeypatch.setattr(settings, "STEP_UP_MINUTES", 0)
    screen.get_by_role("button", name="Maak").click()

    expect(screen.get_by_role("heading", name="Even laten zien dat jij het bent")).to_be_visible()
    monkeypatch.setattr(settings, "STEP_UP_MINUTES", 10)
    screen.get_by_label("Code").fill(code)
    screen.get_by_role("button", name="Ga verder").click()

    expect(screen.get_by_text("LVS").first).to_be_visible()

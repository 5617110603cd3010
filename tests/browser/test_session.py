"""A session that runs out: what is asked first, what is covered and what comes back; and the way through school."""

from __future__ import annotations

import time

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Locator, Page, expect
from pytest_django.fixtures import Settings

from cases.models.case import LogEntry
from cases.services.cases import open_case
from tests import factories
from tests.accounts.oidc import QUIET, connect, service
from tests.browser.conftest import Open
from tests.browser.place import Place
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.session_store import SEEN, SessionStore

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "zeven-groene-fietsen"
NOTE = "Moeder belde: het gaat iets beter."
BACK = "Wat je eerder typte en nog niet had opgeslagen, staat er weer."


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture
def screen(place: Place, open_as: Open) -> Page:
    """The log of a pupil, as the COO sees it, with a note half written."""
    pupil = place.pupil("Sam", "Berg")
    case = open_case(pupil=pupil, today=place.day)[0]
    for role in (Role.COO, Role.ZORGCOACH):
        place.people[role].set_password(PASSWORD)
        place.people[role].save()
    found = open_as("/", place.people[Role.COO])
    found.clock.install()  # moved by the test
    found.goto(f"/dossiers/{case.code}/logboek/")
    note(found).fill(NOTE)
    return found


def note(screen: Page) -> Locator:
    return screen.get_by_label("Wat is er gezegd of gezien?")


def time_passes(left: int) -> None:
    """For the server somebody has been away until so many seconds are left."""
    for row in Session.objects.all():
        session = SessionStore(row.session_key)
        session[SEEN] = int(time.time()) - 30 * 60 + left
        session.save()


def log_in(screen: Page, person: User) -> None:
    screen.get_by_label("E-mailadres").fill(person.email)
    screen.get_by_label("Wachtwoord", exact=True).fill(PASSWORD)
    screen.get_by_role("button", name="Inloggen", exact=True).click()
    expect(screen.get_by_label("E-mailadres")).to_have_count(0)


def kept(screen: Page) -> list[str]:
    found: list[str] = screen.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('tekst:'))")
    return found


def run_out(screen: Page) -> None:
    time_passes(left=0)
    screen.clock.fast_forward("31:00")
    screen.wait_for_url("**/account/login/**")


def test_typed_text_is_there_after_logging_in_again_and_can_be_saved(screen: Page, place: Place) -> None:
    run_out(screen)
    expect(screen.get_by_text("Wat je typte, staat er na het inloggen weer.")).to_be_visible()
    assert "Sam" not in screen.content()

    log_in(screen, place.people[Role.COO])

    expect(screen.get_by_text(BACK)).to_be_visible()
    expect(note(screen)).to_have_value(NOTE)
    screen.get_by_role("button", name="Bewaar in het logboek").click()
    expect(screen.get_by_role("listitem").filter(has_text=NOTE)).to_be_visible()
    assert [row.text for row in LogEntry.objects.all()].count(NOTE) == 1
    assert kept(screen) == []


def test_somebody_else_who_logs_in_sees_nothing_of_it(screen: Page, place: Place) -> None:
    run_out(screen)

    log_in(screen, place.people[Role.ZORGCOACH])

    expect(note(screen)).to_have_value("")
    assert kept(screen) == []


def test_a_form_that_is_sent_too_late_is_not_lost(screen: Page, place: Place) -> None:
    """The server ended the session before the page knew."""
    time_passes(left=0)
    screen.get_by_role("button", name="Bewaar in het logboek").click()
    screen.wait_for_url("**/account/login/**")

    log_in(screen, place.people[Role.COO])

    expect(note(screen)).to_have_value(NOTE)


def test_two_minutes_before_one_is_asked_and_can_stay(screen: Page) -> None:
    time_passes(left=100)
    screen.clock.fast_forward("28:20")
    question = screen.get_by_role("alert").filter(has_text="Ben je er nog?")
    expect(question).to_be_visible()

    screen.get_by_role("button", name="Blijf ingelogd").click()

    expect(question).to_have_count(0)
    assert note(screen).input_value() == NOTE
    [session] = [SessionStore(row.session_key) for row in Session.objects.all() if SEEN in row.get_decoded()][-1:]
    assert session[SEEN] > time.time() - 60


def test_a_password_can_be_shown(open_as: Open) -> None:
    screen = open_as("/account/login/")
    screen.get_by_label("Wachtwoord", exact=True).fill("zichtbaar?")

    screen.get_by_role("button", name="Toon").click()

    expect(screen.get_by_label("Wachtwoord", exact=True)).to_have_attribute("type", "text")
    screen.get_by_role("button", name="Verberg").click()
    expect(screen.get_by_label("Wachtwoord", exact=True)).to_have_attribute("type", "password")


@pytest.mark.filterwarnings(QUIET)
def test_the_whole_way_through_school(open_as: Open, settings: Settings) -> None:
    settings.LOGIN_PROVIDERS_NEARBY = True
    alliance = factories.free_alliance()
    factories.member(Role.COO, factories.school(alliance=alliance), factories.user("fatima@linde.example", "Fatima"))
    with service({"fatima": {"email": "fatima@linde.example", "email_verified": True}}) as issuer:
        connect(issuer, alliance)
        screen = open_as("/tafel/")
        # The page of the service wants a look from elsewhere.
        screen.route(
            lambda url: "localhost" not in url or url.endswith("favicon.ico"), lambda route: route.fulfill(body="")
        )
        screen.get_by_role("button", name="De Linde").click()
        screen.wait_for_url(f"{issuer}/**")
        screen.locator("input[name=sub]").fill("fatima")
        screen.locator("input[name=sub]").press("Enter")

        expect(screen.get_by_role("heading", name="Thuiszitterstafel", level=1)).to_be_visible()
        screen.goto("/beheer/ingelogd/")
        expect(screen.get_by_text("dit apparaat")).to_be_visible()

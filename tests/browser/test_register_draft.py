"""Marks that were not saved: they survive a log-in that ran out, and nothing else."""

from __future__ import annotations

import pytest
from django.conf import settings
from playwright.sync_api import Locator, Page, expect

from attendance.models import Absence
from tests.browser.conftest import Open
from tests.browser.place import Place
from thuiszitters.accounts.models import User
from thuiszitters.accounts.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

BACK = "Wat je eerder invulde en nog niet had opgeslagen, staat er weer."


@pytest.fixture
def screen(open_as: Open) -> Page:
    """A class of two, of whom one was just marked as absent."""
    place = Place()
    place.pupil("Sam", "Berg")
    place.pupil("Yara", "Amrani")
    path = f"/verzuim/klas/{place.group.code}/{place.day.isoformat()}/"
    screen = open_as(path, place.people[Role.MENTOR])
    screen.on("dialog", lambda dialog: dialog.accept())
    sam(screen).get_by_role("radio", name="afwezig").check()
    return screen


def sam(screen: Page) -> Locator:
    return screen.get_by_role("group", name="Berg, Sam")


def drafts(screen: Page) -> list[str]:
    """What this tab remembers of classes."""
    keys: list[str] = screen.evaluate("Object.keys(sessionStorage).filter((key) => key.startsWith('klas:'))")
    return keys


def test_marks_come_back_after_a_reload_and_can_be_saved(screen: Page) -> None:
    screen.reload()

    expect(screen.get_by_text(BACK)).to_be_visible()
    expect(sam(screen).get_by_role("radio", name="afwezig")).to_be_checked()
    screen.get_by_role("button", name="Sla klas op").click()
    expect(screen.get_by_text("1 niet de hele dag aanwezig")).to_be_visible()
    assert Absence.objects.standing().count() == 1


def test_after_a_save_nothing_comes_back(screen: Page) -> None:
    screen.get_by_role("button", name="Sla klas op").click()
    expect(screen.get_by_text("1 niet de hele dag aanwezig")).to_be_visible()

    screen.reload()

    expect(screen.get_by_text(BACK)).to_be_hidden()
    assert drafts(screen) == []


def test_what_came_back_can_be_put_away(screen: Page) -> None:
    screen.reload()
    screen.get_by_role("button", name="Toch niet").click()

    expect(sam(screen).get_by_role("radio", name="aanwezig")).to_be_checked()
    screen.reload()
    expect(screen.get_by_text(BACK)).to_be_hidden()


def somebody_else_marks_sam_late(screen: Page) -> None:
    other = screen.context.new_page()
    other.goto(screen.url)
    sam(other).get_by_role("radio", name="te laat").check()
    other.get_by_role("button", name="Sla klas op").click()
    expect(other.get_by_text("is opgeslagen")).to_be_visible()
    other.close()


@pytest.mark.parametrize("reload", [False, True])
@pytest.mark.parametrize(("choice", "kept"), [("Laat staan: 10 minuten te laat", "telaat"), ("Maak ervan", "onbekend")])
def test_what_somebody_else_saved_meanwhile_is_asked_about(screen: Page, choice: str, kept: str, reload: bool) -> None:
    somebody_else_marks_sam_late(screen)
    if reload:
        screen.reload()
        expect(screen.get_by_text(BACK)).to_be_visible()

    screen.get_by_role("button", name="Sla klas op").click()
    question = sam(screen).get_by_text("eerst aanwezig, nu 10 minuten te laat. Wat wordt het?")
    expect(question).to_be_visible()
    expect(sam(screen).get_by_role("radio", name="afwezig", exact=True)).to_be_checked()
    sam(screen).get_by_role("radio", name=choice).check()
    screen.get_by_role("button", name="Sla klas op").click()

    expect(screen.get_by_text("is opgeslagen: 1 niet de hele dag aanwezig")).to_be_visible()
    assert [row.reason.code for row in Absence.objects.standing()] == [kept]
    assert drafts(screen) == []


def test_a_save_without_connection_says_so_and_keeps_everything(screen: Page) -> None:
    screen.context.set_offline(True)
    expect(screen.get_by_text("Er is even geen verbinding. Wat je invult blijft staan.")).to_be_visible()
    yara = screen.get_by_role("group", name="Amrani, Yara")
    yara.get_by_role("radio", name="te laat").check()
    screen.get_by_role("button", name="Sla klas op").click()

    expect(screen.get_by_text("Nog niet opgeslagen: er is geen verbinding.")).to_be_visible()
    expect(sam(screen).get_by_role("radio", name="afwezig")).to_be_checked()
    assert Absence.objects.count() == 0

    screen.context.set_offline(False)
    screen.get_by_role("button", name="Sla klas op").click()
    expect(screen.get_by_text("2 niet de hele dag aanwezig")).to_be_visible()
    assert Absence.objects.standing().count() == 2


def test_a_server_that_fails_costs_nothing(screen: Page) -> None:
    screen.route("**/verzuim/klas/**", lambda route: route.fulfill(status=502, body="weg"))
    screen.get_by_role("button", name="Sla klas op").click()

    expect(screen.get_by_text("Nog niet opgeslagen: er ging iets mis.")).to_be_visible()
    expect(sam(screen).get_by_role("radio", name="afwezig")).to_be_checked()
    screen.unroute("**/verzuim/klas/**")
    screen.get_by_role("button", name="Sla klas op").click()
    expect(screen.get_by_text("1 niet de hele dag aanwezig")).to_be_visible()


def test_marks_come_back_after_logging_in_again(screen: Page) -> None:
    """The session ran out before the save."""
    address = screen.url
    person = User.objects.get(code=screen.locator("form[data-register]").get_attribute("data-register") or "")
    person.set_password("een-heel-lang-wachtwoord")
    person.save()
    screen.context.clear_cookies(name=settings.SESSION_COOKIE_NAME)

    screen.get_by_role("button", name="Sla klas op").click()
    screen.wait_for_url("**/account/login/**")
    screen.get_by_label("E-mailadres").fill(person.email)
    screen.get_by_label("Wachtwoord").fill("een-heel-lang-wachtwoord")
    screen.keyboard.press("Enter")

    screen.wait_for_url(address)
    expect(screen.get_by_text(BACK)).to_be_visible()
    expect(sam(screen).get_by_role("radio", name="afwezig")).to_be_checked()
    screen.get_by_role("button", name="Sla klas op").click()
    expect(screen.get_by_text("1 niet de hele dag aanwezig")).to_be_visible()


def test_marks_come_back_after_going_to_another_page(screen: Page) -> None:
    address = screen.url
    screen.get_by_role("link", name="Klassen", exact=True).first.click()
    expect(screen.get_by_role("heading", name="Klassen")).to_be_visible()

    screen.goto(address)

    expect(sam(screen).get_by_role("radio", name="afwezig")).to_be_checked()


def test_a_mark_that_was_taken_back_is_no_draft(screen: Page) -> None:
    sam(screen).get_by_role("radio", name="ziek").check()
    sam(screen).get_by_role("radio", name="aanwezig").check()
    assert drafts(screen) == []


def test_logging_out_leaves_nothing_behind(screen: Page) -> None:
    assert len(drafts(screen)) == 1

    screen.locator(".who summary").click()
    screen.get_by_role("button", name="Uitloggen").click()
    screen.wait_for_url("**/account/**")

    assert drafts(screen) == []

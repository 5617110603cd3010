"""Marks that were not saved: they survive a log-in that ran out, and nothing else."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, Page, expect

from attendance.models import Absence
from tests.browser.conftest import Open
from tests.browser.place import Place
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


def test_what_somebody_else_saved_meanwhile_goes_first(screen: Page) -> None:
    path = screen.url
    other = screen.context.new_page()
    other.goto(path)
    sam(other).get_by_role("radio", name="te laat").check()
    other.get_by_label("Minuten te laat").locator("visible=true").fill("10")
    other.get_by_role("button", name="Sla klas op").click()
    expect(other.get_by_text("is opgeslagen")).to_be_visible()

    screen.reload()

    expect(sam(screen).get_by_role("radio", name="te laat")).to_be_checked()
    expect(screen.get_by_text(BACK)).to_be_hidden()


def test_logging_out_leaves_nothing_behind(screen: Page) -> None:
    assert len(drafts(screen)) == 1

    screen.locator(".who summary").click()
    screen.get_by_role("button", name="Uitloggen").click()
    screen.wait_for_url("**/account/**")

    assert drafts(screen) == []

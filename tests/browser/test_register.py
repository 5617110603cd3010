"""The register of a class, standing in front of it: few clicks, by keyboard, and on a telephone."""

from __future__ import annotations

import logging
import re
import time

import pytest
from playwright.sync_api import Dialog, Page, expect

from attendance.models import Absence, RegisterTaken
from tests.browser.conftest import Open
from tests.browser.place import Place
from thuiszitters.accounts.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

logger = logging.getLogger(__name__)

PUPILS = 30
COUNT_CLICKS = """
    sessionStorage.clicks ??= "0";
    addEventListener("pointerdown", () => { sessionStorage.clicks = String(Number(sessionStorage.clicks) + 1); }, true);
"""


THUMB = 44
"""Pixels that a finger hits."""


@pytest.fixture
def place() -> Place:
    place = Place()
    for number in range(PUPILS):
        place.pupil(f"Kind{number:02}", f"Achternaam{number:02}")
    return place


def register(open_as: Open, place: Place, width: int = 1280) -> Page:
    path = f"/verzuim/klas/{place.group.code}/{place.day.isoformat()}/"
    return open_as(path, place.people[Role.MENTOR], width=width)


def absent() -> list[tuple[str, str]]:
    """Who is absent, and why."""
    rows = Absence.objects.standing().order_by("pupil__surname")
    return list(rows.values_list("pupil__first_name", "reason__code"))


@pytest.mark.parametrize(
    ("names", "most"), [pytest.param([], 1, id="everybody is there"), pytest.param(["03", "17", "29"], 4, id="three")]
)
@pytest.mark.parametrize("width", [1280, 390])
def test_a_class_is_saved_in_a_click_for_each_absent_pupil_and_one_more(
    open_as: Open, place: Place, names: list[str], most: int, width: int
) -> None:
    screen = register(open_as, place, width)
    screen.evaluate(COUNT_CLICKS)
    expect(screen.get_by_text("iedereen is er")).to_be_visible()

    for name in names:
        row = screen.get_by_role("group", name=f"Achternaam{name}, Kind{name}")
        row.get_by_role("radio", name="afwezig").check()
    screen.get_by_role("button", name="Sla klas op").click()

    said = f"{len(names)} niet de hele dag aanwezig" if names else "iedereen was er"
    expect(screen.get_by_text(re.compile(rf"^2A van .* is opgeslagen: {said}\.$"))).to_be_visible()
    assert int(screen.evaluate("sessionStorage.clicks")) <= most
    assert absent() == [(f"Kind{name}", "onbekend") for name in names]
    assert RegisterTaken.objects.get().day == place.day


@pytest.mark.parametrize("width", [1280, 390])
def test_three_absent_and_one_late_are_saved_in_five_clicks(open_as: Open, place: Place, width: int) -> None:
    """The seconds are those of a script that waits for nothing but the page: --log-cli-level=INFO shows them."""
    screen = register(open_as, place, width)
    screen.evaluate(COUNT_CLICKS)
    began = time.monotonic()

    for name, mark in [("03", "afwezig"), ("11", "afwezig"), ("17", "te laat"), ("29", "afwezig")]:
        screen.get_by_role("group", name=f"Achternaam{name}, Kind{name}").get_by_role("radio", name=mark).check()
    screen.get_by_role("button", name="Sla klas op").click()
    expect(screen.get_by_text(re.compile(r"is opgeslagen: 4 niet de hele dag aanwezig\.$"))).to_be_visible()

    clicks, seconds = int(screen.evaluate("sessionStorage.clicks")), time.monotonic() - began
    logger.info("a class of %s at %s pixels: %s clicks, %.1f seconds", PUPILS, width, clicks, seconds)
    assert clicks == 5
    assert [code for _, code in absent()] == ["onbekend", "onbekend", "telaat", "onbekend"]


def test_a_part_of_the_day_is_told_as_a_morning_or_in_minutes(open_as: Open, place: Place) -> None:
    screen = register(open_as, place)
    ill, dentist = (screen.get_by_role("group", name=f"Achternaam{n}, Kind{n}") for n in ("00", "01"))

    ill.get_by_role("radio", name="naar huis").check()
    ill.get_by_role("radio", name="minuten").check()
    ill.get_by_label("Minuten les gemist").locator("visible=true").fill("40")
    dentist.get_by_role("radio", name="afwezig").check()
    dentist.get_by_role("radio", name="geoorloofd", exact=True).check()
    dentist.get_by_role("radio", name="ochtend").check()
    screen.get_by_role("button", name="Sla klas op").click()
    expect(screen.get_by_text("2 niet de hele dag aanwezig")).to_be_visible()

    rows = Absence.objects.standing().order_by("pupil__surname").values_list("reason__code", "minutes")
    assert list(rows) == [("ziek", 40), ("geoorloofd", 150)]


def test_a_class_is_filled_in_with_the_keyboard_alone(open_as: Open, place: Place) -> None:
    screen = register(open_as, place)
    in_row = "document.activeElement.closest('.register-row')?.getAttribute('aria-labelledby') ?? ''"
    for _ in range(40):
        screen.keyboard.press("Tab")
        if screen.evaluate(f"document.activeElement.type === 'radio' && ({in_row}) !== ''"):
            break

    keys = screen.keyboard
    keys.press("z")  # the first pupil is ill
    keys.press("ArrowDown")
    keys.press("a")  # the second is absent, why is not known yet
    keys.press("Enter")
    keys.press("l")  # the third is late
    keys.press("ArrowDown")
    keys.press("a")
    keys.press("p")  # the fourth came in after all
    expect(screen.get_by_text("2 afwezig · 1 te laat")).to_be_visible()
    for _ in range(PUPILS - 3):
        keys.press("Enter")
    expect(screen.get_by_role("button", name="Sla klas op")).to_be_focused()
    keys.press("Enter")

    expect(screen.get_by_text(re.compile(r"is opgeslagen: 3 niet de hele dag aanwezig\.$"))).to_be_visible()
    assert absent() == [("Kind00", "ziek"), ("Kind01", "onbekend"), ("Kind02", "telaat")]


def test_a_telephone_shows_the_whole_register_without_scrolling_sideways(open_as: Open, place: Place) -> None:
    screen = register(open_as, place, width=390)
    row = screen.get_by_role("group", name="Achternaam00, Kind00")
    marks = row.locator(".segmented label")

    row.get_by_role("radio", name="afwezig").check()
    sizes = [box for label in marks.all() if (box := label.bounding_box())]
    reasons = [box for chip in row.locator(".more-absent .chip").all() if (box := chip.bounding_box())]

    assert len(sizes) == 4
    assert min(box["height"] for box in sizes) >= THUMB
    assert max(box["x"] + box["width"] for box in sizes) <= 390
    assert screen.evaluate("document.documentElement.scrollWidth") <= 390
    assert len(reasons) > 8
    assert min(box["height"] for box in reasons) >= THUMB
    assert max(box["x"] + box["width"] for box in reasons) <= 390
    bar = screen.get_by_role("button", name="Sla klas op").bounding_box()
    assert bar is not None
    assert bar["y"] + bar["height"] <= 900  # in sight without scrolling


def test_leaving_with_marks_that_were_not_saved_is_asked_about(open_as: Open, place: Place) -> None:
    screen = register(open_as, place)
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    screen.on("dialog", stay)
    row = screen.get_by_role("group", name="Achternaam05, Kind05")
    row.get_by_role("radio", name="afwezig").check()
    expect(screen.get_by_text("nog niet opgeslagen")).to_be_visible()

    screen.get_by_role("link", name="Thuiszitters", exact=True).click(no_wait_after=True)

    expect(row.get_by_role("radio", name="afwezig")).to_be_checked()
    assert asked == ["beforeunload"]

"""A lesson at the door of the classroom: by keyboard, on a telephone, and the mentor's week after it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from attendance.models import Absence, LessonMark, LessonTaken
from tests.browser.conftest import Open
from tests.browser.place import LessonPlace, Place
from thuiszitters.accounts.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def lessons() -> LessonPlace:
    place = Place()
    return LessonPlace(place.day, mentor=place.people[Role.MENTOR])


def marks(lesson: int) -> list[tuple[str, str, int]]:
    rows = LessonMark.objects.standing().filter(lesson=lesson).order_by("pupil__first_name")
    return list(rows.values_list("pupil__first_name", "seen", "minutes"))


@pytest.mark.parametrize("width", [1280, 390])
def test_who_was_absent_before_is_taken_over_only_when_asked(open_as: Open, lessons: LessonPlace, width: int) -> None:
    screen = open_as(lessons.url("lesson_take", lesson=2), lessons.teacher, width=width)
    ada = screen.get_by_role("group", name="Bakker, Ada")
    expect(ada.get_by_text("les 1: afwezig", exact=True).last).to_be_visible()
    expect(ada.get_by_role("radio", name="aanwezig")).to_be_checked()
    expect(screen.get_by_text("1 afwezig", exact=True)).to_be_visible()  # Noor, by a record

    screen.get_by_role("button", name="Zet ook nu op afwezig").click()
    expect(screen.get_by_text("2 afwezig", exact=True)).to_be_visible()
    screen.get_by_role("button", name="Sla les 2 op").click()

    expect(screen.get_by_text("Les 2 van 3B is opgeslagen: 2 afwezig.")).to_be_visible()
    assert marks(2) == [("Ada", "afwezig", 0), ("Noor", "afwezig", 0)]


def test_a_lesson_is_taken_by_keyboard_and_marks_survive_leaving(open_as: Open, lessons: LessonPlace) -> None:
    address = lessons.url("lesson_take", lesson=2)
    screen = open_as(address, lessons.teacher)
    screen.get_by_role("group", name="Bakker, Ada").get_by_role("radio", name="aanwezig").focus()
    screen.keyboard.press("n")  # a lesson has no such mark
    screen.keyboard.press("l")
    expect(screen.get_by_text("1 afwezig · 1 te laat")).to_be_visible()
    screen.once("dialog", lambda dialog: dialog.accept())
    screen.goto(address)

    expect(screen.get_by_text("Wat je eerder invulde en nog niet had opgeslagen, staat er weer.")).to_be_visible()
    screen.get_by_role("button", name="Sla les 2 op").focus()
    screen.keyboard.press("Enter")

    expect(screen.get_by_text(re.compile("is opgeslagen: 1 afwezig en 1 te laat"))).to_be_visible()
    assert marks(2) == [("Ada", "telaat", 5), ("Noor", "afwezig", 0)]
    assert LessonTaken.objects.count() == 2


def test_the_mentor_gives_a_reason_in_the_week_and_goes_on_by_keyboard(open_as: Open, lessons: LessonPlace) -> None:
    screen = open_as(lessons.url("lesson_take", lesson=2), lessons.teacher)
    screen.get_by_role("button", name="Sla les 2 op").click()
    expect(screen.get_by_text(re.compile("is opgeslagen"))).to_be_visible()

    screen = open_as(lessons.url("lesson_week"), lessons.mentor)
    screen.get_by_label(re.compile("^Reden .*les 1$")).select_option("geoorloofd")
    screen.get_by_role("button", name="Leg reden vast van Ada").click()

    expect(screen.get_by_text("Opgeslagen: Ada, geoorloofd afwezig.")).to_be_visible()
    assert list(Absence.objects.standing().filter(pupil=lessons.ada).values_list("lesson", "reason__code")) == [
        (1, "geoorloofd")
    ]
    screen.keyboard.press("j")
    assert screen.evaluate("document.activeElement.matches('[data-week-row]')")
    with screen.expect_navigation():
        screen.keyboard.press("ArrowLeft")
    with screen.expect_navigation():
        screen.keyboard.press("ArrowRight")
    expect(screen.get_by_role("heading", name=re.compile("3B, week van"))).to_be_visible()

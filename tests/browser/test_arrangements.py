"""An own timetable, agreed on in the browser."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from attendance.models import OwnTimetable
from tests.browser.conftest import Open
from tests.browser.place import Place
from thuiszitters.accounts.clock import today
from thuiszitters.accounts.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_timetable_tells_its_share_and_its_effect_before_it_is_saved(open_as: Open, width: int) -> None:
    place = Place()
    pupil = place.pupil("Sam", "Berg")
    screen = open_as(f"/verzuim/leerling/{pupil.code}/rooster/", place.people[Role.ADMINISTRATIE], width)

    expect(screen.get_by_text("1500 van 1500 minuten per week: 100 %")).to_be_visible()
    screen.get_by_label("Maandag").fill("0")
    screen.get_by_label("Vrijdag").fill("150")
    expect(screen.get_by_text("1050 van 1500 minuten per week: 70 %")).to_be_visible()
    screen.get_by_role("checkbox", name="ouders").check()
    screen.get_by_label("Afgesproken op").fill((today() - timedelta(days=1)).isoformat())
    screen.get_by_label("Waarom dit rooster").fill("Bouwt de uren op")
    screen.get_by_role("button", name="Verder").click()

    expect(screen.get_by_text("Dat is 70 % van het rooster van de school.")).to_be_visible()
    expect(screen.get_by_text("Sam passeert hierdoor vandaag “structureel afwezig”.")).to_be_visible()
    assert not OwnTimetable.objects.exists()
    screen.get_by_role("button", name="Sla rooster op").click()

    expect(screen).to_have_url(re.compile(r"/inschrijving/$"))
    expect(screen.get_by_text("Het rooster van Sam is opgeslagen.")).to_be_visible()
    assert OwnTimetable.objects.get().agreed_by == "ouders"

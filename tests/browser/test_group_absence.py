"""A whole class on an excursion, from the list of classes to taking it back: pages without faults at both widths."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from attendance.models import Absence
from tests.browser.conftest import Open
from tests.browser.place import Place
from tests.browser.test_axe import faults
from thuiszitters.accounts.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize("width", [1280, 390])
def test_a_class_goes_on_an_excursion_and_does_not(open_as: Open, width: int) -> None:
    place = Place()
    sam, yara = place.pupil("Sam", "Berg"), place.pupil("Yara", "Amrani")
    place.absent(sam, place.back(12))
    screen = open_as(reverse("attendance:registers_to_take"), place.people[Role.MENTOR], width)

    screen.get_by_role("link", name="Meld een groep afwezig").click()
    screen.get_by_label("Vanaf").fill(place.day.isoformat())
    screen.get_by_label("Tot en met").fill(place.day.isoformat())
    screen.get_by_role("button", name="Verder").click()
    expect(screen.get_by_role("checkbox", name=re.compile("Amrani, Yara"))).to_be_checked()
    expect(screen.get_by_text("er staat al")).to_be_visible()
    assert faults(screen) == []
    screen.get_by_role("button", name="Meld aangevinkte leerlingen afwezig").click()
    expect(screen.get_by_role("status")).to_contain_text("Afwezig gemeld")
    assert faults(screen) == []
    assert Absence.objects.standing().filter(pupil=yara).count() == 1
    screen.get_by_role("button", name=re.compile("Neem terug")).click()
    expect(screen.get_by_role("status")).to_contain_text("Teruggenomen")

    assert not Absence.objects.standing().filter(pupil=yara).exists()
    assert Absence.objects.standing().filter(pupil=sam).count() == 1

"""The tour of the README, step by step, as the people in it would walk it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from cases.models import Report
from tests.browser.conftest import Open
from tests.browser.place import Place
from thuiszitters.accounts.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place() -> Place:
    return Place()


def test_from_a_mark_in_the_register_to_the_answer_of_leerplicht(open_as: Open, place: Place) -> None:
    nine_days = place.pupil("Sam", "Berg")
    place.absent(nine_days, place.back(9), place.back(1))
    long_away = place.pupil("Giovanni", "Martina")
    place.absent(long_away, place.back(20), None, "ongeoorloofd")
    coo = place.people[Role.COO]

    # 1. The mentor fills in the class of the last school day.
    screen = open_as("/", place.people[Role.MENTOR])
    to_take = screen.get_by_role("region", name="Klassen invullen")
    to_take.get_by_role("link", name="2A").or_(to_take.locator("p.small a")).first.click()
    row = screen.get_by_role("group", name="Berg, Sam")
    row.get_by_role("radio", name="afwezig").check()
    row.get_by_role("radio", name="ziek").check()
    screen.get_by_role("button", name="Sla klas op").click()
    expect(screen.get_by_text("Sam is nu 2 weken niet op school geweest. De COO ziet dit ook.")).to_be_visible()

    # 2. The COO sees the signal, and puts the pupil on the table once it is said whether the parents know.
    screen = open_as("/", coo)
    fresh = screen.get_by_role("region", name="Nieuw").get_by_role("listitem").filter(has_text="Sam Berg")
    expect(fresh).to_contain_text("10 schooldagen thuis")
    fresh.get_by_role("link", name="Zet op de tafel").click()
    expect(screen.get_by_role("radio", name="dreigend", exact=True)).to_be_checked()
    screen.get_by_role("button", name="Zet op de tafel").click()
    expect(screen.get_by_role("alert")).to_contain_text("Vul in wanneer de ouders het hoorden, of waarom nog niet.")
    screen.get_by_label("Ouders geïnformeerd op").fill(place.day.isoformat())
    screen.get_by_label("Door wie").fill("de mentor")
    screen.get_by_label("Hoe").fill("gebeld")
    screen.get_by_role("button", name="Zet op de tafel").click()
    expect(screen.get_by_text("Sam staat op de Thuiszitterstafel.")).to_be_visible()
    screen = open_as("/", coo)
    expect(screen.get_by_role("region", name="Nieuw").get_by_text("Sam Berg")).to_have_count(0)
    screen.get_by_role("link", name="Tafel", exact=True).click()
    on_the_table = screen.get_by_role("row").filter(has_text="Sam Berg")
    expect(on_the_table).to_contain_text("10 schooldagen")

    # 3. The COO completes the report that was drafted for the pupil who is away for four weeks.
    screen = open_as("/", coo)
    waiting = screen.get_by_role("region", name="Meldingen die op jou wachten")
    waiting.get_by_role("link", name="Giovanni Martina").click()
    screen.get_by_label("Ouders geïnformeerd op").fill(place.day.isoformat())
    screen.get_by_label("Door wie").fill("de COO")
    screen.get_by_label("Hoe").fill("gesprek op school")
    screen.get_by_label("Einddatum").fill(place.day.isoformat())
    screen.get_by_label("Vermoedelijke reden").fill("Nog niet bekend.")
    screen.get_by_label("Wat de school heeft gedaan").fill("Twee keer gebeld, een keer thuis geweest.")
    screen.get_by_label("Telefoon melder").fill("0800 8051")
    screen.get_by_role("button", name="Stuur naar administratie").click()
    expect(screen.get_by_text("De melding ligt nu bij de administratie.")).to_be_visible()

    # 4. The administratie sends it.
    screen = open_as("/", place.people[Role.ADMINISTRATIE])
    waiting = screen.get_by_role("region", name="Meldingen die op jou wachten")
    waiting.get_by_role("link", name="Giovanni Martina").click()
    screen.get_by_role("button", name="Verstuur aan leerplicht").click()
    expect(screen.get_by_text("Verstuurd aan leerplicht van Waterveen.")).to_be_visible()

    # 5. The leerplichtambtenaar finds it, takes it in hand, and closes it with a legal reason.
    screen = open_as("/", place.people[Role.LEERPLICHT])
    screen.get_by_role("region", name="Meldingen van scholen").get_by_role("link", name="Giovanni Martina").click()
    screen.get_by_label("Status").select_option(label="In behandeling")
    screen.get_by_role("button", name="Bewaar en laat de school het zien").click()
    expect(screen.get_by_text("De status is nu: In behandeling. De school ziet dat.")).to_be_visible()
    screen.get_by_label("Status").select_option(label="Afgesloten")
    screen.get_by_label("Reden van afsluiten").select_option(value=Report.ClosedReason.values[0])
    screen.get_by_label("Bericht aan de school").fill("Er is een plan gemaakt met de ouders.")
    screen.get_by_role("button", name="Bewaar en laat de school het zien").click()
    expect(screen.get_by_text("De status is nu: Afgesloten. De school ziet dat.")).to_be_visible()

    # 6. The COO sees the answer.
    screen = open_as("/", coo)
    screen.get_by_role("link", name="Meldingen", exact=True).click()
    screen.get_by_role("link", name="Giovanni Martina").click()
    answer = screen.locator("section", has=screen.get_by_role("heading", name="Antwoord van leerplicht"))
    expect(answer).to_contain_text(f"Afgesloten: {Report.ClosedReason.labels[0]}")
    expect(answer).to_contain_text("Er is een plan gemaakt met de ouders.")

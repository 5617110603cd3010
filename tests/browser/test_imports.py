"""The administratie reads a day's export in: columns by hand, a refused row, the import, and its report."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import Page, expect

from attendance.models import Absence, FileUpload
from attendance.models.uploads import Status
from tests import factories
from tests.browser.conftest import Open
from tests.browser.place import Place
from tests.browser.test_axe import faults
from thuiszitters.accounts.roles import Role

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def place() -> Place:
    return Place()


def sound(screen: Page) -> None:
    """No fault on a desk nor on a telephone, and nothing runs off the screen."""
    for width in (390, 1280):
        screen.set_viewport_size({"width": width, "height": 900})
        assert faults(screen) == []
        assert screen.evaluate("document.documentElement.scrollWidth") <= width


def test_a_file_from_another_system_goes_in(open_as: Open, place: Place, tmp_path: Path) -> None:
    sam, _yara = place.pupil("Sam", "Berg"), place.pupil("Yara", "Amrani")
    day = place.day.strftime("%d-%m-%Y")
    file = tmp_path / "export.csv"
    file.write_text(f"Wie;Dag een;Laatste;Waarom\n{sam.number};{day};{day};ziek\nX99;{day};{day};ziek\n")

    screen = open_as("/", place.people[Role.ADMINISTRATIE])
    screen.get_by_role("link", name="Bestanden").click()
    expect(screen.get_by_text("Er is nog niets ingelezen")).to_be_visible()
    sound(screen)
    screen.get_by_role("link", name="Bestand inlezen").click()
    through = screen.get_by_label("Compleet tot en met")
    expect(through).to_be_hidden()
    screen.get_by_role("radio", name="verzuim").check()
    expect(through).to_be_visible()
    sound(screen)
    screen.get_by_label("Bestand", exact=True).set_input_files(file)
    screen.get_by_role("button", name="Controleer het bestand").click()

    expect(screen.get_by_role("heading", name="Welke kolom is wat?")).to_be_visible()
    sound(screen)
    for name, ours in {"Wie": "leerlingnummer", "Dag een": "van", "Laatste": "tot", "Waarom": "reden"}.items():
        screen.get_by_role("row", name=name).get_by_role("combobox").select_option(ours)
    screen.get_by_role("button", name="Controleer met deze kolommen").click()

    expect(screen.get_by_role("heading", name="Wat er zou gebeuren")).to_be_visible()
    expect(screen.get_by_role("row", name="X99")).to_contain_text("leerling X99 is niet bekend")
    sound(screen)
    assert not Absence.objects.exists()
    with screen.expect_download() as download:
        screen.get_by_role("link", name="CSV").click()
    assert "X99" in download.value.path().read_text("utf-8-sig")
    screen.get_by_role("button", name="Lees in").click()

    expect(screen.get_by_role("heading", name="Verzuim ingelezen")).to_be_visible()
    expect(screen.get_by_text("“Compleet tot en met” is niet opgeschoven")).to_be_visible()
    sound(screen)
    assert Absence.objects.get().pupil == sam


def test_progress_moves_by_itself_and_ends_at_the_preview(open_as: Open, place: Place) -> None:
    upload = factories.file_upload(
        place.school,
        status=Status.TO_CHECK,
        claim="00000000-0000-4000-8000-000000000001",
        claimed_at=timezone.now(),
        alive_at=timezone.now(),
        told={"what": "rijen gelezen", "done": 1, "total": 4},
    )
    row = FileUpload.objects.filter(pk=upload.pk)

    screen = open_as(reverse("attendance:import_detail", args=[upload.code]), place.people[Role.ADMINISTRATIE])
    expect(screen.get_by_text("Rijen gelezen: 25 %")).to_be_visible()
    sound(screen)
    row.update(told={"what": "rijen gelezen", "done": 3, "total": 4})
    expect(screen.get_by_text("Rijen gelezen: 75 %")).to_be_visible()
    assert screen.get_by_role("progressbar", name="Voortgang").get_attribute("value") == "75"
    row.update(status=Status.CHECKED, claim=None, claimed_at=None)

    expect(screen.get_by_role("heading", name="Wat er zou gebeuren")).to_be_visible()


def test_a_file_that_is_too_large_is_told_so_before_it_is_sent(open_as: Open, place: Place, tmp_path: Path) -> None:
    file = tmp_path / "groot.csv"
    with file.open("wb") as sparse:
        sparse.truncate(60 * 1024 * 1024)

    screen = open_as(reverse("attendance:import_upload"), place.people[Role.ADMINISTRATIE])
    screen.get_by_role("radio", name="verzuim").check()
    screen.get_by_label("Bestand", exact=True).set_input_files(file)
    screen.get_by_role("button", name="Controleer het bestand").click()

    expect(screen.get_by_role("alert")).to_contain_text("groter dan 50 MB")
    assert not FileUpload.objects.exists()

"""Persoonsgebonden nummers, and the keys under which they and other texts stand."""

from __future__ import annotations

import random
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import time_machine
from cryptography.fernet import Fernet
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse
from pytest_django import Settings
from stdnum.nl.bsn import checksum

from cases.models import LogEntry
from cases.services.log import write_note
from tests import factories
from tests.access_world import World
from thuiszitters.accounts.roles import Role
from thuiszitters.audit.models import Entry
from thuiszitters.privacy.models import NumberUse, PersonNumber
from thuiszitters.privacy.person_numbers import WrongNumberError, checked, masked
from thuiszitters.privacy.services.numbers import NumberRefusedError, enter_number, turn_off, turn_on

EDUCATION = "101222331"


def made_up(prefix: str, remainder: int) -> str:
    """A number that begins with `prefix` and leaves this remainder: 99999xxxx is handed out to nobody."""
    dice = random.Random(4)
    while True:
        digits = prefix + "".join(dice.choice("0123456789") for _ in range(9 - len(prefix)))
        if checksum(digits) == remainder:
            return digits


BSN = made_up("99999", 0)


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        (BSN, (BSN, "bsn")),
        (f"{BSN[:4]}.{BSN[4:6]}.{BSN[6:]}", (BSN, "bsn")),
        (EDUCATION, (EDUCATION, "onderwijsnummer")),
        (made_up("10", 5), (made_up("10", 5), "onderwijsnummer")),
        (made_up("00", 0)[1:], (made_up("00", 0), "bsn")),  # none has fewer than eight digits of its own
    ],
)
def test_a_number_is_nine_digits_of_one_kind(typed: str, expected: tuple[str, str]) -> None:
    assert checked(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [f"{BSN[:-1]}{(int(BSN[-1]) + 1) % 10}", made_up("20", 5), "000000000", "12345678901", "", "geen nummer"],
)
def test_what_is_no_number_is_refused_without_repeating_it(typed: str) -> None:
    with pytest.raises(WrongNumberError) as refusal:
        checked(typed)
    assert not typed or typed not in str(refusal.value)


def test_each_single_wrong_digit_is_seen() -> None:
    """Also as the other kind: the remainders differ."""
    for place in range(8):
        for step in range(1, 10):
            wrong = f"{BSN[:place]}{(int(BSN[place]) + step) % 10}{BSN[place + 1 :]}"
            try:
                assert checked(wrong).kind == "onderwijsnummer"
            except WrongNumberError:
                continue
            assert wrong.startswith("10")


def test_only_three_digits_are_shown() -> None:
    assert masked("101222331") == "••••••331"


# ------------------------------------------------------------------------------------------- keeping


@pytest.mark.django_db
def test_it_is_off_until_a_beheerder_turns_it_on_and_off_destroys() -> None:
    world = World()
    by = factories.member(Role.ADMINISTRATIE, world.school)
    with pytest.raises(NumberRefusedError, match="houdt geen"):
        enter_number(pupil=world.pupil, school=world.school, typed=EDUCATION, by=by)
    turn_on(school=world.school, by=by)
    turn_on(school=world.school, by=by)
    enter_number(pupil=world.pupil, school=world.school, typed=EDUCATION, by=by)

    assert turn_off(school=world.school) == 1
    assert turn_off(school=world.school) == 0
    assert (PersonNumber.objects.count(), NumberUse.objects.count()) == (0, 0)
    assert Entry.objects.get(kind="vernietiging").detail == {"school": world.school.brin, "aantal": 1}


@pytest.mark.django_db
def test_a_bsn_takes_the_place_of_an_onderwijsnummer_and_not_the_other_way() -> None:
    world = World()
    by = factories.member(Role.ADMINISTRATIE, world.school)
    turn_on(school=world.school, by=by)
    for typed, on in ((EDUCATION, date(2026, 1, 14)), (BSN, date(2026, 2, 2))):
        with time_machine.travel(on, tick=False):
            enter_number(pupil=world.pupil, school=world.school, typed=typed, by=by)
    with pytest.raises(NumberRefusedError, match="gaat vóór"):
        enter_number(pupil=world.pupil, school=world.school, typed=EDUCATION, by=by)

    number = PersonNumber.objects.get()
    assert (number.value, number.entered_at.date()) == (BSN, date(2026, 2, 2))


@pytest.mark.django_db
def test_one_number_is_of_one_pupil_of_a_school_and_another_school_says_nothing() -> None:
    world, elsewhere = World(), World()
    by = factories.member(Role.ADMINISTRATIE, world.school)
    for place in (world, elsewhere):
        turn_on(school=place.school, by=by)
        enter_number(pupil=place.pupil, school=place.school, typed=BSN, by=by)
    twin = factories.pupil(in_group=world.group)
    with pytest.raises(NumberRefusedError, match="andere leerling"):
        enter_number(pupil=twin, school=world.school, typed=BSN, by=by)

    assert PersonNumber.objects.count() == 2


@pytest.mark.django_db
def test_the_number_stands_nowhere_readable_and_showing_it_is_logged(client: Client) -> None:
    world = World()
    by = factories.member(Role.ADMINISTRATIE, world.school)
    turn_on(school=world.school, by=by)
    enter_number(pupil=world.pupil, school=world.school, typed=BSN, by=by)
    client.force_login(by)
    code = {"code": world.pupil.code}

    page = client.get(reverse("privacy:number", kwargs=code)).content.decode()
    assert BSN not in page
    assert masked(BSN) in page
    without = client.post(reverse("privacy:number_reveal", kwargs=code), {"why": ""})
    assert (without.status_code, BSN in without.content.decode()) == (400, False)
    shown = client.post(reverse("privacy:number_reveal", kwargs=code), {"why": "uitwisseling met DUO"})
    assert BSN in shown.content.decode()
    entry = Entry.objects.get(kind="onthullen")
    assert (entry.actor, entry.subject, entry.why) == (by.code, world.pupil.code, "uitwisseling met DUO")
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM privacy_personnumber")
        assert BSN not in str(cursor.fetchall())
        cursor.execute("SELECT * FROM audit_entry")
        assert BSN not in str(cursor.fetchall())


@pytest.mark.django_db
def test_a_refused_number_is_not_shown_again(client: Client) -> None:
    world = World()
    by = factories.member(Role.COO, world.school)
    turn_on(school=world.school, by=by)
    client.force_login(by)

    answer = client.post(reverse("privacy:number", kwargs={"code": world.pupil.code}), {"number": "999990000"})

    assert answer.status_code == 400
    assert "999990000" not in answer.content.decode()


# ------------------------------------------------------------------------------------------- keys


def rotate(**options: Any) -> str:
    out = StringIO()
    call_command("rotate_field_keys", stdout=out, **options)
    return out.getvalue()


def tokens() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM cases_logentry ORDER BY id")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db
def test_everything_comes_under_the_new_key_once(settings: Settings) -> None:
    world = World()
    by = factories.member(Role.COO, world.school)
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_KEYS = [old]
    LogEntry.objects.all().delete()
    turn_on(school=world.school, by=by)
    enter_number(pupil=world.pupil, school=world.school, typed=BSN, by=by)
    for number in range(3):
        write_note(case=world.case, text=f"Notitie {number}", by=by)
    settings.FIELD_KEYS = [new, old]
    write_note(case=world.case, text="Al nieuw", by=by)

    with pytest.raises(CommandError, match="oude sleutel"):
        rotate(verify=True)
    rotate()
    after = tokens()
    assert "Alles staat onder de eerste sleutel." in rotate(verify=True)
    rotate()

    assert tokens() == after
    settings.FIELD_KEYS = [new]
    assert {f"Notitie {number}" for number in range(3)} <= {row.text for row in LogEntry.objects.all()}
    assert PersonNumber.objects.get().value == BSN


@pytest.mark.django_db
def test_what_no_key_fits_is_said_and_left(settings: Settings) -> None:
    world = World()
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]
    write_note(case=world.case, text="Weg", by=factories.member(Role.COO, world.school))
    lost = tokens()
    settings.FIELD_KEYS = [Fernet.generate_key().decode()]

    with pytest.raises(CommandError, match="geen van de sleutels"):
        rotate()
    assert tokens() == lost


@pytest.mark.django_db
def test_another_digest_key_is_followed(settings: Settings) -> None:
    world = World()
    by = factories.member(Role.COO, world.school)
    turn_on(school=world.school, by=by)
    enter_number(pupil=world.pupil, school=world.school, typed=BSN, by=by)
    before = PersonNumber.objects.get().digest
    settings.DIGEST_KEY = "een andere sleutel"
    with pytest.raises(CommandError, match="oude sleutel"):
        rotate(verify=True)
    rotate()

    assert PersonNumber.objects.get().digest != before
    enter_number(pupil=world.pupil, school=world.school, typed=BSN, by=by)
    assert PersonNumber.objects.count() == 1


@pytest.mark.django_db
def test_a_number_is_not_kept_in_the_browser_for_after_a_log_out(client: Client) -> None:
    """Text that was not saved is kept there, but not of a form with a field that says no."""
    world = World()
    by = factories.member(Role.COO, world.school)
    turn_on(school=world.school, by=by)
    client.force_login(by)

    page = client.get(reverse("privacy:number", kwargs={"code": world.pupil.code})).content.decode()

    assert "data-no-draft" in page
    assert "[data-no-draft]" in (Path(settings.BASE_DIR) / "static" / "js" / "drafts.js").read_text()

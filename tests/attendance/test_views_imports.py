"""The pages on which somebody reads a file in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from attendance.models import Absence, CalendarException, FilePart, FileUpload, RegisterImport
from attendance.models.uploads import Status
from tests import factories
from tests.attendance.uploaded import HEADER, again, sent
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)
ROW = "{};12-01-2026;12-01-2026;ziek\n"
UPLOAD, LIST = "/verzuim/bestanden/nieuw/", "/verzuim/bestanden/"


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def school() -> School:
    at = factories.school(brin="99ZZ00", name="De Linde")
    for number in ("1", "2"):
        factories.pupil(at, number=number)
    return at


@pytest.fixture
def clerk(school: School, client: Client) -> User:
    person = factories.member(Role.ADMINISTRATIE, school)
    client.force_login(person)
    return person


def send(client: Client, content: str | bytes = HEADER + ROW.format(1), **values: Any) -> Any:
    """What the upload page answers."""
    data = content.encode() if isinstance(content, str) else content
    form = {"form_key": str(uuid4()), "kind": "absences", "file": SimpleUploadedFile("export.csv", data)}
    return client.post(UPLOAD, form | values)


def text_of(answer: Any) -> str:
    return " ".join(answer.content.decode().split())


# The whole way


def test_from_a_file_to_a_report(client: Client, clerk: User, school: School) -> None:
    answer = send(client, HEADER + ROW.format(1) + ROW.format(9), through="2026-01-13")
    upload = FileUpload.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("attendance:import_detail", args=[upload.code]))

    preview = client.get(answer["Location"])
    assert "leerling 9 is niet bekend" in text_of(preview)
    assert "2 rijen. Er is nog niets ingelezen." in text_of(preview)
    assert not Absence.objects.exists()

    client.post(reverse("attendance:import_start", args=[upload.code]))
    report = client.get(reverse("attendance:import_detail", args=[upload.code]), follow=True)

    assert Absence.objects.count() == 1
    assert "“Compleet tot en met” is niet opgeschoven" in text_of(report)
    assert "leerling 9 is niet bekend" in text_of(report)
    school.refresh_from_db()
    assert school.complete_through is None
    assert "Verzuim" in text_of(client.get(LIST)).title()


def test_moving_complete_through_past_refused_rows_takes_a_tick(client: Client, clerk: User, school: School) -> None:
    send(client, HEADER + ROW.format(9), through="2026-01-13")
    upload = FileUpload.objects.get()

    client.post(reverse("attendance:import_start", args=[upload.code]), {"move_through": "on"})

    school.refresh_from_db()
    assert school.complete_through == date(2026, 1, 13)


def test_a_lot_that_disappears_takes_an_answer(client: Client, clerk: User, school: School) -> None:
    send(client, HEADER + ROW.format(1))
    client.post(reverse("attendance:import_start", args=[FileUpload.objects.get().code]))
    send(client, HEADER, covers_first="2026-01-05", covers_last="2026-01-13")
    upload = FileUpload.objects.get(status=Status.CHECKED)
    start = reverse("attendance:import_start", args=[upload.code])
    page = text_of(client.get(reverse("attendance:import_detail", args=[upload.code])))
    assert "1 van de 1 eerder ingelezen meldingen" in page

    for answer in ({}, {"withdraw": ""}, {"withdraw": "misschien"}):
        client.post(start, answer)
    assert (again(upload).status, Absence.objects.standing().count()) == (Status.CHECKED, 1)
    client.post(start, {"withdraw": "ja"})

    assert (again(upload).status, Absence.objects.standing().count()) == (Status.DONE, 0)


def test_the_day_that_is_proposed_is_the_last_school_day_before_today(client: Client, clerk: User) -> None:
    days = {}
    for today in ("2026-01-13", "2026-01-12", "2026-01-11", "2026-01-05"):
        with time_machine.travel(f"{today}T12:00:00", tick=False):
            days[today] = client.get(UPLOAD).context["form"].initial["through"].isoformat()

    assert days == {
        "2026-01-13": "2026-01-12",
        "2026-01-12": "2026-01-09",
        "2026-01-11": "2026-01-09",
        "2026-01-05": "2025-12-19",
    }


def test_columns_are_chosen_by_hand(client: Client, clerk: User) -> None:
    send(client, "wie;wanneer;waarom\n1;12-01-2026;ziek\n")
    upload = FileUpload.objects.get()
    url = reverse("attendance:import_columns", args=[upload.code])
    page = client.get(reverse("attendance:import_detail", args=[upload.code]), follow=True)
    assert page.redirect_chain == [(url, 302)]
    assert "12-01-2026" in text_of(page)

    wrong = client.post(url, {"column-0": "leerlingnummer", "column-1": "leerlingnummer", "column-2": "reden"})
    assert wrong.status_code == 400
    assert "twee keer gekozen" in text_of(wrong)
    assert "Kies ook een kolom voor van." in text_of(wrong)
    client.post(url, {"column-0": "leerlingnummer", "column-1": "van", "column-2": "reden"})

    assert again(upload).found["created"] == 1


# What cannot be


@override_settings(UPLOAD_MAX_MB=1)
@pytest.mark.parametrize(("size", "kept"), [(1024 * 1024, True), (1024 * 1024 + 1, False), (5 * 1024 * 1024, False)])
def test_a_file_above_the_limit_is_cut_off_with_a_message(size: int, kept: bool, client: Client, clerk: User) -> None:
    answer = send(client, b"x" * size)

    assert answer.status_code == (302 if kept else 400)
    assert FileUpload.objects.exists() is kept
    assert FilePart.objects.exists() is False
    if not kept:
        assert "groter dan 1 MB" in text_of(answer)


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"file": ""}, "Kies een bestand"),
        ({"file": SimpleUploadedFile("leeg.csv", b"")}, "Het bestand is leeg"),
        ({"kind": ""}, "Kies wat er in het bestand staat"),
        ({"kind": "schools"}, "Kies een van deze soorten"),
        ({"through": "2026-01-15"}, "Deze dag moet nog komen"),
        ({"through": "gisteren"}, "Vul een datum in"),
        ({"covers_first": "2026-01-05"}, "Vul ook de laatste dag"),
        ({"covers_last": "2026-01-05"}, "Vul ook de eerste dag"),
        ({"covers_first": "2026-01-06", "covers_last": "2026-01-05"}, "ligt voor de eerste dag"),
        ({"form_key": "x"}, ""),
    ],
)
def test_a_form_that_is_not_right_says_what_to_do(
    values: dict[str, Any], why: str, client: Client, clerk: User
) -> None:
    answer = send(client, **values)

    assert answer.status_code == 400
    assert why in text_of(answer)
    assert not FileUpload.objects.exists()


def test_a_file_that_makes_no_sense_gets_a_page_that_says_why(client: Client, clerk: User) -> None:
    answer = send(client, b"%PDF-1.7\n")

    page = text_of(client.get(answer["Location"]))

    assert "kan niet worden ingelezen" in page
    assert "PDF" in page


def test_days_of_another_kind_of_file_are_left_alone(client: Client, clerk: User) -> None:
    send(client, "leerlingnummer;van;soort\n1;12-01-2026;15\n", kind="exemptions", through="2026-01-13")

    upload = FileUpload.objects.get()
    assert (upload.through, upload.status) == (None, Status.CHECKED)


def test_sending_the_form_twice_leads_to_the_same_page(client: Client, clerk: User) -> None:
    key = str(uuid4())

    answers = [send(client, form_key=key)["Location"] for _ in range(2)]

    assert len(set(answers)) == 1
    assert FileUpload.objects.count() == 1


def test_two_tabs_and_the_back_button_import_once(client: Client, clerk: User) -> None:
    send(client)
    upload = FileUpload.objects.get()
    start = reverse("attendance:import_start", args=[upload.code])

    answers = [client.post(start, follow=True).status_code for _ in range(3)]
    cancelled = client.post(reverse("attendance:import_cancel", args=[upload.code]), follow=True)
    columns = client.post(reverse("attendance:import_columns", args=[upload.code]), follow=True)

    assert answers == [200, 200, 200]
    assert [cancelled.status_code, columns.status_code] == [200, 200]
    assert RegisterImport.objects.count() == Absence.objects.count() == 1
    assert again(upload).status == Status.DONE


@pytest.mark.parametrize("name", ["import_start", "import_cancel"])
def test_looking_starts_and_stops_nothing(name: str, client: Client, clerk: User) -> None:
    send(client)
    upload = FileUpload.objects.get()

    assert client.get(reverse(f"attendance:{name}", args=[upload.code])).status_code == 405
    assert again(upload).status == Status.CHECKED


# Whose it is


def test_a_colleague_sees_it_and_somebody_of_another_school_does_not(
    client: Client, clerk: User, school: School
) -> None:
    upload = sent(school, HEADER + ROW.format(1) + ROW.format(9), clerk)
    urls = [
        reverse("attendance:import_detail", args=[upload.code]),
        reverse("attendance:import_columns", args=[upload.code]),
        reverse("attendance:import_refused", args=[upload.code, "csv"]),
        reverse("attendance:import_refused", args=[upload.code, "xlsx"]),
    ]
    people = {
        factories.member(Role.COO, school): 200,
        factories.member(Role.COO, factories.school()): 404,
        factories.member(Role.BEHEERDER, school): 404,
    }
    for person, status in people.items():
        client.force_login(person)
        assert [client.get(url).status_code for url in urls] == [status] * 4


def test_a_mentor_elsewhere_is_no_administratie_there(client: Client, school: School) -> None:
    """Somebody with two roles imports for the school where the role lets them."""
    other = factories.school()
    person = factories.member(Role.ADMINISTRATIE, school)
    factories.member(Role.SCHOOLLEIDER, other, person)
    client.force_login(person)
    theirs = sent(other, HEADER, factories.member(Role.COO, other))

    assert client.get(reverse("attendance:import_detail", args=[theirs.code])).status_code == 404
    assert list(client.get(UPLOAD).context["form"].schools) == [school]
    send(client, school=str(other.code))
    assert [row.school for row in FileUpload.objects.exclude(pk=theirs.pk)] == [school]


def test_who_works_for_two_schools_says_which(client: Client, clerk: User, school: School) -> None:
    other, strange = factories.school(), factories.school()
    factories.member(Role.ADMINISTRATIE, other, clerk)

    answers = [send(client, school=str(code)).status_code for code in ("", strange.code, other.code)]

    assert answers == [400, 400, 302]
    assert FileUpload.objects.get().school == other


def test_the_beheerder_sees_counts_of_the_own_schools_and_opens_nothing(
    client: Client, clerk: User, school: School
) -> None:
    mine = factories.register_import(school, created=70041)
    factories.register_import(factories.school(), created=70097)
    client.force_login(factories.member(Role.BEHEERDER, school))

    page = text_of(client.get(LIST))

    assert ("70041" in page, "70097" in page) == (True, False)
    assert str(mine.code) not in page
    assert client.get(reverse("attendance:import_report", args=[mine.code])).status_code == 404


def test_the_beheerder_imports_days_of_the_own_schools_only(client: Client, school: School) -> None:
    other = factories.school(brin="00BB00")
    client.force_login(factories.member(Role.BEHEERDER, school))
    row = "{};19-01-2026;19-01-2026;vrij\n"
    text = "brin;van;tot;soort\n" + row.format("99ZZ") + row.format("00BB")
    assert send(client, text, kind="absences").status_code == 400

    send(client, text, kind="calendar")
    upload = FileUpload.objects.get()
    client.post(reverse("attendance:import_start", args=[upload.code]))

    assert [row.school for row in CalendarException.objects.all()] == [school]
    assert not other.alliance_id
    report = client.get(reverse("attendance:import_detail", args=[upload.code]), follow=True)
    assert "00BB00 is niet de school van deze import" in text_of(report)


# Progress


def test_progress_is_told_to_a_page_that_does_not_know_it_yet(client: Client, clerk: User, school: School) -> None:
    now = timezone.now()
    upload = factories.file_upload(
        school,
        status=Status.TO_IMPORT,
        claim=uuid4(),
        claimed_at=now,
        alive_at=now,
        told={"what": "rijen gelezen", "done": 49, "total": 100},
    )
    url = reverse("attendance:import_detail", args=[upload.code])

    page = client.get(url)
    part = client.get(url, {"stand": "rijen gelezen:40"}, headers={"HX-Request": "true"})
    same = client.get(url, {"stand": "rijen gelezen:45"}, headers={"HX-Request": "true"})

    assert 'value="45"' in text_of(page)
    assert "<h1>" in text_of(page)
    assert (part.status_code, "<h1>" in text_of(part), "45 %" in text_of(part)) == (200, False, True)
    assert (same.status_code, same.content) == (204, b"")
    FileUpload.objects.update(status=Status.CHECKED, claim=None, claimed_at=None)
    assert client.get(url, headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_a_file_that_waits_for_another_can_be_stopped(client: Client, clerk: User, school: School) -> None:
    upload = factories.file_upload(school, status=Status.TO_IMPORT)
    page = text_of(client.get(reverse("attendance:import_detail", args=[upload.code])))
    assert "Wacht op zijn beurt" in page

    answer = client.post(reverse("attendance:import_cancel", args=[upload.code]), follow=True)

    assert "Er is niets ingelezen" in text_of(answer)
    assert again(upload).status == Status.CANCELLED


# Work


def test_refused_rows_come_fifty_a_page(client: Client, clerk: User, school: School) -> None:
    upload = factories.file_upload(school, refused=120)
    url = reverse("attendance:import_detail", args=[upload.code])
    seen = [line.line for number in (1, 2, 3) for line in client.get(url, {"bladzijde": number}).context["page"]]

    assert seen == list(range(2, 122))
    assert "120 rijen gaan niet naar binnen" in text_of(client.get(url))
    assert client.get(url, {"bladzijde": "x"}).status_code == 200


@pytest.mark.parametrize("what", ["list", "detail", "report"])
def test_queries_do_not_follow_the_rows(what: str, client: Client, clerk: User, school: School) -> None:
    numbers = []
    for rows in (1, 3, 300):
        if what == "list":
            for _ in range(rows):
                factories.file_upload(school, by=clerk)
                factories.register_import(school, by=clerk)
            url = LIST
        else:
            upload = factories.file_upload(school, by=clerk, refused=rows)
            url = reverse("attendance:import_detail", args=[upload.code])
            if what == "report":
                report = factories.register_import(school, by=clerk)
                FileUpload.objects.filter(pk=upload.pk).update(status=Status.DONE, register_import=report)
                url = reverse("attendance:import_report", args=[report.code])
        with CaptureQueriesContext(connection) as queries:
            assert client.get(url).status_code == 200
        numbers.append(len(queries))

    assert len(set(numbers)) == 1
    assert numbers[0] <= 15

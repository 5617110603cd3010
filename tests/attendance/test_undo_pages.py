"""Taking an import back from its report: asked first, done by a job, with what stayed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from unittest import mock

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from attendance import tasks
from attendance.importing import jobs
from attendance.importing.claims import Claim
from attendance.importing.undo import start
from attendance.models import Absence, ImportChange, Pupil, RegisterImport
from attendance.models.uploads import Status
from attendance.services.absences import close_absence
from tests import factories
from tests.attendance.test_views_imports import text_of
from tests.attendance.uploaded import HEADER, again, sent, started
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)


@pytest.fixture(autouse=True)
def a_school_day() -> Iterator[None]:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def school() -> School:
    at = factories.school(brin="99ZZ00")
    for number in ("1", "2", "3"):
        factories.pupil(at, number=number)
    return at


@pytest.fixture
def clerk(school: School, client: Client) -> User:
    person = factories.member(Role.ADMINISTRATIE, school)
    client.force_login(person)
    return person


@pytest.fixture
def report(school: School, clerk: User) -> RegisterImport:
    rows = "".join(f"{number};12-01-2026;;ziek\n" for number in ("1", "2", "3"))
    done = started(sent(school, HEADER + rows, clerk)).register_import
    assert done is not None
    return done


def address(name: str, report: RegisterImport) -> str:
    return reverse(f"attendance:{name}", args=[report.code])


def test_it_is_asked_first_with_what_goes_back(client: Client, report: RegisterImport) -> None:
    page = text_of(client.get(address("import_undo", report)))

    assert "<strong>3</strong> keer: verzuim" in page
    assert Absence.objects.standing().count() == 3


def test_everything_goes_back_and_the_report_says_so(client: Client, clerk: User, report: RegisterImport) -> None:
    page = client.post(address("import_undo", report), follow=True)

    assert not Absence.objects.standing().exists()
    report.refresh_from_db()
    assert (report.undone_by, report.undone, report.kept) == (clerk, 3, 0)
    assert "3 wijzigingen teruggedraaid" in text_of(page)
    assert "Maak ongedaan" not in text_of(page)


def test_what_somebody_changed_since_stays_and_is_listed(client: Client, clerk: User, report: RegisterImport) -> None:
    record = Absence.objects.get(pupil__number="2")
    close_absence(absence=record, back_on=date(2026, 1, 14), by=clerk, today=TODAY)
    name = Pupil.objects.get(number="2").full_name

    page = text_of(client.post(address("import_undo", report), follow=True))

    assert [row.pupil.number for row in Absence.objects.standing()] == ["2"]
    assert "1 wijziging blijft staan" in page
    assert name in page


def test_a_later_file_of_the_same_kind_is_pointed_out(
    client: Client, clerk: User, school: School, report: RegisterImport
) -> None:
    assert "van deze soort ingelezen" not in text_of(client.get(address("import_undo", report)))
    started(sent(school, HEADER, clerk))

    assert "is nog 1 bestand van deze soort ingelezen" in text_of(client.get(address("import_undo", report)))


def test_asking_twice_undoes_once(client: Client, report: RegisterImport) -> None:
    answers = [client.post(address("import_undo", report)).status_code for _ in range(2)]
    jobs.undo_report(report.pk, today=TODAY)

    report.refresh_from_db()
    assert answers == [302, 302]
    assert report.undone == 3


def test_an_undoing_whose_worker_died_is_completed_by_the_schedule(client: Client, report: RegisterImport) -> None:
    with mock.patch.object(jobs, "undo_import", side_effect=RuntimeError), pytest.raises(RuntimeError):
        client.post(address("import_undo", report))
    page = client.get(address("import_report", report))
    assert "Wordt ongedaan gemaakt: 0 %" in text_of(page)
    same = client.get(
        address("import_report", report), {"stand": "wordt ongedaan gemaakt:0"}, headers={"HX-Request": "true"}
    )
    assert same.status_code == 204

    tasks.sweep_uploads()
    assert Absence.objects.standing().count() == 3
    with time_machine.travel(timezone.now() + timedelta(minutes=6), tick=False):
        tasks.sweep_uploads()

    assert not Absence.objects.standing().exists()
    assert client.get(address("import_report", report), headers={"HX-Request": "true"})["HX-Refresh"] == "true"


def test_an_import_that_is_undone_while_it_runs_stops(school: School, clerk: User) -> None:
    upload = sent(school, HEADER + "1;12-01-2026;;ziek\n", clerk)
    open_report = jobs.open_report

    def undone_at_once(claim: Claim) -> RegisterImport:
        report = open_report(claim)
        start(report, clerk)
        return report

    with mock.patch.object(jobs, "open_report", undone_at_once):
        upload = started(upload)

    assert upload.status == Status.REFUSED
    assert "ongedaan" in upload.message
    assert not Absence.objects.exists()


def test_a_report_without_changes_has_nothing_to_undo(client: Client, clerk: User, school: School) -> None:
    old = factories.register_import(school)

    assert "Maak ongedaan" not in text_of(client.get(address("import_report", old)))
    assert client.post(address("import_undo", old)).status_code == 302
    old.refresh_from_db()
    assert old.undo_started_at is None


def test_somebody_of_another_school_undoes_nothing(client: Client, report: RegisterImport) -> None:
    client.force_login(factories.member(Role.COO, factories.school()))

    assert client.post(address("import_undo", report)).status_code == 404
    assert Absence.objects.standing().count() == 3


def test_queries_do_not_follow_what_stayed(client: Client, clerk: User, school: School) -> None:
    numbers = []
    for rows in (1, 3, 300):
        report = factories.register_import(
            school, undo_started_at=timezone.now(), undone_at=timezone.now(), kept=rows, undone_by=clerk
        )
        for place in range(rows):
            ImportChange.objects.create(
                register_import=report, kind="absence", row=place, pupil=factories.pupil(), outcome="kept", why="x"
            )
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address("import_report", report)).status_code == 200
        numbers.append(len(queries))

    assert len(set(numbers)) == 1


def test_the_upload_leads_to_the_report(client: Client, clerk: User, school: School, report: RegisterImport) -> None:
    upload = again(report.upload)

    answer = client.get(reverse("attendance:import_detail", args=[upload.code]))

    assert (answer.status_code, answer["Location"]) == (302, address("import_report", report))

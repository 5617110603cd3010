"""The job that imports an uploaded file: once, twice, late, cut off, and never two for one school."""

from __future__ import annotations

from datetime import date, timedelta
from unittest import mock
from uuid import uuid4

import pytest
import time_machine
from django.utils import timezone

from attendance import tasks
from attendance.importing import chunks, claims, jobs
from attendance.importing.uploads import Meaning, UploadError, start_import
from attendance.models import Absence, FilePart, FileUpload, Pupil, RegisterImport
from attendance.models.uploads import Status
from tests import factories
from tests.attendance.uploaded import HEADER, again, sent, started, through
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role

pytestmark = pytest.mark.django_db
TODAY = date(2026, 1, 14)
BEFORE = date(2026, 1, 13)
ROW = "{};12-01-2026;12-01-2026;ziek\n"


@pytest.fixture(autouse=True)
def a_school_day() -> object:
    with time_machine.travel(TODAY, tick=False):
        yield


@pytest.fixture
def school() -> School:
    at = factories.school(brin="99ZZ00")
    for number in ("1", "2", "3"):
        factories.pupil(at, number=number)
    return at


@pytest.fixture
def clerk(school: School) -> User:
    return factories.member(Role.ADMINISTRATIE, school)


def rows(*numbers: str) -> str:
    return HEADER + "".join(ROW.format(number) for number in numbers)


# Importing


def test_an_import_leaves_a_report_and_drops_the_file(school: School, clerk: User) -> None:
    upload = started(sent(school, rows("1", "2"), clerk, meaning=through(BEFORE)))

    report = upload.register_import
    assert report is not None
    assert (upload.status, report.created, report.by, report.school) == (Status.DONE, 2, clerk, school)
    assert report.finished_at is not None
    assert not FilePart.objects.exists()
    assert Absence.objects.filter(source=report, entered_by=clerk).count() == 2
    school.refresh_from_db()
    assert school.complete_through == BEFORE


@pytest.mark.parametrize(("may", "moved"), [(False, None), (True, BEFORE)])
def test_complete_through_stays_when_rows_are_refused_unless_somebody_says_so(
    may: bool, moved: date | None, school: School, clerk: User
) -> None:
    upload = started(sent(school, rows("1", "9"), clerk, meaning=through(BEFORE)), may_move_through=may)

    school.refresh_from_db()
    assert school.complete_through == moved
    assert upload.register_import is not None
    assert upload.register_import.through == moved
    assert Absence.objects.count() == 1


def test_complete_through_stays_when_a_row_is_refused_only_at_the_import(school: School, clerk: User) -> None:
    upload = sent(school, rows("1", "2"), clerk, meaning=through(BEFORE))
    factories.absence(Pupil.objects.get(number="2"), date(2026, 1, 9))

    upload = started(upload)

    school.refresh_from_db()
    assert upload.register_import is not None
    assert upload.register_import.refused == 1
    assert school.complete_through is None


def test_a_complete_export_withdraws_what_is_gone(school: School, clerk: User) -> None:
    many = [f"A{place}" for place in range(20)]
    for number in many:
        factories.pupil(school, number=number)
    started(sent(school, rows(*many), clerk))
    meaning = Meaning(covers_first=date(2026, 1, 5), covers_last=BEFORE)

    upload = sent(school, rows(*many[:18]), clerk, meaning=meaning)
    assert (upload.found["would_withdraw"], upload.found["must_ask"]) == (2, False)
    started(upload)

    assert Absence.objects.standing().count() == 18


@pytest.mark.parametrize(("answer", "standing"), [(True, 1), (False, 3), (None, 3)])
def test_more_than_a_tenth_disappears_only_after_a_yes(
    answer: bool | None, standing: int, school: School, clerk: User
) -> None:
    started(sent(school, rows("1", "2", "3"), clerk))
    meaning = Meaning(covers_first=date(2026, 1, 5), covers_last=BEFORE)
    upload = sent(school, rows("1"), clerk, meaning=meaning)
    assert (upload.found["would_withdraw"], upload.found["must_ask"]) == (2, True)

    upload = started(upload, may_withdraw=answer)

    assert Absence.objects.standing().count() == standing
    assert upload.status == (Status.CHECKED if answer is None else Status.DONE)
    assert bool(upload.found.get("changed")) is (answer is None)


def test_starting_twice_imports_once(school: School, clerk: User) -> None:
    upload = sent(school, rows("1"), clerk)
    started(upload)

    with pytest.raises(UploadError):
        start_import(upload=upload, may_move_through=False, may_withdraw=None)

    assert RegisterImport.objects.count() == 1


def test_a_job_that_runs_twice_does_its_work_once(school: School, clerk: User) -> None:
    upload = started(sent(school, rows("1"), clerk))

    tasks.check_upload(upload.pk)
    tasks.import_upload(upload.pk)

    assert again(upload).status == Status.DONE
    assert RegisterImport.objects.count() == 1


def test_an_import_that_dies_half_way_is_completed_in_the_same_report(school: School, clerk: User) -> None:
    upload = sent(school, rows("1", "2", "3"), clerk, meaning=through(BEFORE))
    taken = mock.Mock(side_effect=[mock.DEFAULT, RuntimeError("the worker died")])
    take = chunks.Importing.dealt_with

    def take_or_die(self: chunks.Importing, what: object) -> object:
        taken()
        return take(self, what)  # type: ignore[arg-type]

    with (
        mock.patch.object(chunks, "CHUNK", 1),
        mock.patch.object(chunks.Importing, "dealt_with", take_or_die),
        pytest.raises(RuntimeError),
    ):
        start_import(upload=upload, may_move_through=False, may_withdraw=None)
    assert (Absence.objects.count(), again(upload).status) == (1, Status.TO_IMPORT)
    assert again(upload).claim is None

    tasks.sweep_uploads()

    report = RegisterImport.objects.get()
    assert (report.created, report.unchanged, report.refused) == (3, 0, 0)
    assert Absence.objects.filter(source=report).count() == 3
    assert again(upload).status == Status.DONE
    school.refresh_from_db()
    assert school.complete_through == BEFORE


def test_what_fails_three_times_is_given_up_and_says_so(
    school: School, clerk: User, caplog: pytest.LogCaptureFixture
) -> None:
    upload = sent(school, rows("1"), clerk)
    with mock.patch.object(jobs, "imported", side_effect=RuntimeError):
        with pytest.raises(RuntimeError):
            start_import(upload=upload, may_move_through=False, may_withdraw=None)
        for _ in range(2):
            with pytest.raises(RuntimeError):
                tasks.sweep_uploads()
        tasks.sweep_uploads()

    upload = again(upload)
    assert (upload.status, upload.attempts) == (Status.REFUSED, 3)
    assert "drie keer" in upload.message
    assert not FilePart.objects.exists()
    assert f"upload {upload.pk} failed 3 times" in caplog.text


@pytest.mark.parametrize(("silent", "taken"), [(timedelta(minutes=5), False), (timedelta(minutes=5, seconds=1), True)])
def test_a_job_that_says_nothing_for_long_is_taken_over(
    silent: timedelta, taken: bool, school: School, clerk: User
) -> None:
    upload = sent(school, rows("1"), clerk)
    now = timezone.now()
    FileUpload.objects.filter(pk=upload.pk).update(
        status=Status.TO_IMPORT, claim=uuid4(), claimed_at=now - silent, alive_at=now - silent
    )

    tasks.sweep_uploads()

    assert (again(upload).status == Status.DONE) is taken


def test_a_job_whose_work_was_taken_over_stops(school: School, clerk: User) -> None:
    upload = sent(school, rows("1", "2"), clerk)

    def lose(self: claims.Claim, what: str, done: int, total: int) -> None:
        FileUpload.objects.filter(pk=upload.pk).update(claim=uuid4())
        tell(self, what, done, total)

    tell = claims.Claim.tell
    with mock.patch.object(chunks, "CHUNK", 1), mock.patch.object(claims.Claim, "tell", lose):
        start_import(upload=upload, may_move_through=False, may_withdraw=None)

    assert Absence.objects.count() == 1
    assert again(upload).status == Status.TO_IMPORT
    assert again(upload).claim is not None


def test_one_file_at_a_time_goes_into_a_school(school: School, clerk: User) -> None:
    first, second = (sent(school, rows(number), clerk) for number in ("1", "2"))
    now = timezone.now()
    FileUpload.objects.filter(pk=first.pk).update(status=Status.TO_IMPORT, claim=uuid4(), claimed_at=now, alive_at=now)

    started(second)

    assert again(second).status == Status.TO_IMPORT
    assert not Absence.objects.exists()
    FileUpload.objects.filter(pk=first.pk).update(claim=None, claimed_at=None)
    jobs.import_upload(first.pk, today=TODAY)
    assert {row.status for row in FileUpload.objects.all()} == {Status.DONE}
    assert Absence.objects.count() == 2

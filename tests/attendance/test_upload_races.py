"""Two people, or two jobs, at one file or one school at the same moment. Several rounds each, on PostgreSQL."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from threading import Barrier, Thread
from unittest import mock
from uuid import uuid4

import pytest
from django.db import connections

from attendance.importing import jobs
from attendance.importing.claims import Claim, claimed
from attendance.importing.uploads import UploadError, cancel_upload, start_import
from attendance.models import Absence, FileUpload, RegisterImport
from attendance.models.uploads import Status
from tests import factories
from tests.attendance.uploaded import HEADER, sent
from thuiszitters.accounts.clock import today
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role

pytestmark = [pytest.mark.postgres, pytest.mark.django_db(transaction=True)]
ROUNDS = 6


def at_once(*acts: Callable[[], object]) -> list[str]:
    """Run these at the same moment, each with its own connection: "" or the refusal of each, and nothing else."""
    start = Barrier(len(acts))
    said = [""] * len(acts)
    broken: list[BaseException] = []

    def run(place: int, act: Callable[[], object]) -> None:
        start.wait()
        try:
            act()
        except UploadError as error:
            said[place] = str(error)
        except BaseException as error:  # noqa: BLE001 - a thread that dies must be heard
            broken.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert broken == []
    return said


@pytest.fixture
def place() -> tuple[School, User]:
    school = factories.school(brin="99ZZ00")
    return school, factories.member(Role.ADMINISTRATIE, school)


def waiting(school: School, by: User, number: str) -> FileUpload:
    """A checked file with one absence of a new pupil, on its way in without a job."""
    factories.pupil(school, number=number)
    upload = sent(school, f"{HEADER}{number};12-01-2026;12-01-2026;ziek\n", by)
    FileUpload.objects.filter(pk=upload.pk).update(status=Status.TO_IMPORT)
    return upload


def test_four_jobs_import_one_file_once(place: tuple[School, User]) -> None:
    for round_ in range(ROUNDS):
        upload = waiting(*place, f"A{round_}")

        at_once(*[lambda pk=upload.pk: jobs.import_upload(pk, today=today())] * 4)

        assert RegisterImport.objects.count() == Absence.objects.count() == round_ + 1


def test_two_files_never_go_into_one_school_together(place: tuple[School, User]) -> None:
    inside: list[int] = []
    most: list[int] = []
    imported = jobs.imported

    def watched(claim: Claim, *arguments: object, **options: object) -> object:
        inside.append(claim.upload.pk)
        most.append(len(inside))
        try:
            return imported(claim, *arguments, **options)  # type: ignore[arg-type]
        finally:
            inside.remove(claim.upload.pk)

    for round_ in range(ROUNDS):
        uploads = [waiting(*place, f"{letter}{round_}") for letter in "ABC"]
        with mock.patch.object(jobs, "imported", watched):
            at_once(*[lambda pk=upload.pk: jobs.import_upload(pk, today=today()) for upload in uploads])
            for upload in uploads:
                jobs.import_upload(upload.pk, today=today())
        assert Absence.objects.count() == 3 * (round_ + 1)
    assert max(most) == 1


def test_starting_and_stopping_at_once_ends_in_one_of_the_two(place: tuple[School, User]) -> None:
    for round_ in range(ROUNDS):
        number = f"A{round_}"
        upload = waiting(*place, number)
        FileUpload.objects.filter(pk=upload.pk).update(status=Status.CHECKED)

        yes = partial(start_import, upload=upload, may_move_through=False, may_withdraw=None)
        said = at_once(yes, partial(cancel_upload, upload=upload))

        upload.refresh_from_db()
        assert (upload.status, Absence.objects.filter(pupil__number=number).count()) in {
            (Status.DONE, 1),
            (Status.CANCELLED, 0),
        }
        assert said.count("") >= 1


def test_one_form_sent_twice_at_once_makes_one_upload(place: tuple[School, User]) -> None:
    for round_ in range(ROUNDS):
        key = uuid4()

        at_once(*[lambda key=key: sent(place[0], HEADER, place[1], form_key=key)] * 3)

        assert FileUpload.objects.count() == round_ + 1


def test_one_job_at_a_time_has_a_file_in_hand(place: tuple[School, User]) -> None:
    for round_ in range(ROUNDS):
        upload = waiting(*place, f"A{round_}")
        both = Barrier(3)
        got: list[bool] = []

        def take(pk: int = upload.pk, both: Barrier = both, got: list[bool] = got) -> None:
            with claimed(pk, status=Status.TO_IMPORT) as claim:
                got.append(claim is not None)
                both.wait(timeout=20)

        at_once(take, take, take)

        assert sorted(got) == [False, False, True]

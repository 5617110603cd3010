"""An uploaded file, looked through, mapped by hand, stopped and forgotten; and what is told of its refused rows."""

from __future__ import annotations

from datetime import date, timedelta
from unittest import mock
from uuid import uuid4

import pytest
import time_machine
from django.test import override_settings
from django.utils import timezone

from attendance import tasks
from attendance.importing.refused_lines import refused_csv, refused_xlsx
from attendance.importing.uploads import UploadError, cancel_upload, choose_columns
from attendance.models import Absence, ColumnMapping, FilePart, FileUpload, RefusedLine, RegisterImport
from attendance.models.uploads import FINAL, Status
from tests import factories
from tests.attendance.uploaded import HEADER, again, cells_of, sent, started, through
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


# Looking through


def test_a_file_is_looked_through_and_nothing_goes_in(school: School, clerk: User) -> None:
    upload = sent(school, rows("1", "2", "9"), clerk)

    assert upload.status == Status.CHECKED
    assert [upload.found[name] for name in ("created", "updated", "unchanged", "refused", "rows")] == [2, 0, 0, 1, 3]
    assert not Absence.objects.exists()
    assert not RegisterImport.objects.exists()
    line = upload.refused_lines.get()
    assert (line.line, line.column, line.cells) == (4, "leerlingnummer", ["9", "12-01-2026", "12-01-2026", "ziek"])
    assert "niet bekend" in line.reason
    assert upload.claim is None


def test_the_name_of_the_file_is_kept_nowhere(school: School, clerk: User) -> None:
    upload = sent(school, rows("1"), clerk)

    assert "Sam Berg" not in str(FileUpload.objects.filter(pk=upload.pk).values().get())


def test_a_form_that_is_sent_twice_makes_one_upload(school: School, clerk: User) -> None:
    key = uuid4()

    first, second = (sent(school, rows("1"), clerk, form_key=key) for _ in range(2))

    assert first.pk == second.pk
    assert FilePart.objects.count() == 1


def test_a_large_file_comes_out_as_it_went_in(school: School, clerk: User) -> None:
    content = rows(*(["1"] * 5)) + "2;13-01-2026;13-01-2026;" + "é" * 900_000 + "\n" + ROW.format("3")

    with mock.patch("attendance.importing.uploads.PART", 1000):
        upload = sent(school, content, clerk)

    assert FilePart.objects.count() > 1000
    assert upload.found["refused"] == 1
    assert upload.found["created"] == 2


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "leeg"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\xd0\xcf\x11\xe0" + bytes(600), "rekenblad"),
        (b"PK\x03\x04" + bytes(600), ""),
        ("leerlingnummer;van;reden\n".encode("utf-16"), "UTF-16"),
        (b"\x89PNG\r\n\x1a\n" + bytes(600), ""),
        (b"GIF89a" + bytes(600), "geen tekst"),
        (b"\x7fELF" + bytes(600), ""),
        (b"MZ" + bytes(600), ""),
        (b"\x1f\x8b\x08" + bytes(600), ""),
        (b"Rar!\x1a\x07\x01" + bytes(600), ""),
        (b"<!doctype html><script>alert(1)</script>", ""),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', ""),
    ],
    ids=[
        *("empty", "pdf", "old excel", "broken zip", "utf-16"),
        *("png", "gif", "program", "windows program", "gzip", "rar", "html", "svg"),
    ],
)
def test_what_is_no_register_is_refused_with_a_reason_and_dropped(
    content: bytes, why: str, school: School, clerk: User
) -> None:
    upload = sent(school, content, clerk)

    assert upload.status == Status.REFUSED
    assert why in upload.message
    assert upload.message
    assert not FilePart.objects.exists()


def test_rows_about_pupils_of_another_school_are_refused(school: School, clerk: User) -> None:
    other = factories.pupil(factories.school(), number="77")

    upload = started(sent(school, rows("1", "77"), clerk))

    assert upload.register_import is not None
    assert (upload.register_import.created, upload.register_import.refused) == (1, 1)
    assert not other.absences.exists()


@pytest.mark.parametrize(("number", "warned"), [(60, []), (39, []), (29, ["minder"]), (120, []), (121, ["meer"])])
def test_a_file_of_another_size_than_the_last_one_is_remarked_on(
    number: int, warned: list[str], school: School, clerk: User
) -> None:
    factories.register_import(school, created=20, unchanged=30, refused=10)
    factories.register_import(school, created=5000, kind="pupils")
    factories.register_import(factories.school(), created=5000)

    upload = sent(school, rows(*["1"] * number), clerk)

    said = [text for text in upload.found["warnings"] if "vorige" in text]
    assert len(said) == len(warned)
    assert all(word in text for word, text in zip(warned, said, strict=True))


@pytest.mark.parametrize(("first", "warned"), [("31-07-2025", True), ("01-08-2025", False)])
def test_dates_outside_the_school_year_are_remarked_on(first: str, warned: bool, school: School, clerk: User) -> None:
    upload = sent(school, f"{HEADER}1;{first};{first};ziek\n", clerk)

    assert [text for text in upload.found["warnings"] if "schooljaar" in text] == upload.found["warnings"][
        : int(warned)
    ]
    assert bool(upload.found["warnings"]) is warned


@pytest.mark.parametrize(("first", "warned"), [("08-01-2026", True), ("09-01-2026", False)])
def test_an_export_without_new_absence_for_days_is_remarked_on(
    first: str, warned: bool, school: School, clerk: User
) -> None:
    upload = sent(school, f"{HEADER}1;{first};{first};ziek\n", clerk, meaning=through(BEFORE))

    assert ["nieuwste export" in text for text in upload.found["warnings"]] == [True] * warned


def test_columns_that_are_not_used_are_named(school: School, clerk: User) -> None:
    upload = sent(school, "leerlingnummer;van;tot;reden;kleur;geweigerd omdat\n1;12-01-2026;;ziek;rood;x\n", clerk)

    assert upload.found["ignored"] == ["kleur"]


# Columns


def test_unknown_columns_are_asked_for_once(school: School, clerk: User) -> None:
    text = "wie;wanneer;waarom\n1;12-01-2026;ziek\n"
    upload = sent(school, text, clerk)
    assert upload.status == Status.TO_MAP
    assert [column["name"] for column in upload.columns] == ["wie", "wanneer", "waarom"]
    assert upload.columns[0]["samples"] == ["1"]

    choose_columns(upload=upload, columns={"wie": "leerlingnummer", "wanneer": "van", "waarom": "reden"}, by=clerk)

    assert again(upload).status == Status.CHECKED
    assert again(upload).found["created"] == 1
    assert ColumnMapping.objects.get().school == school
    assert sent(school, text, clerk).status == Status.CHECKED
    elsewhere = factories.school()
    assert sent(elsewhere, text, factories.member(Role.COO, elsewhere)).status == Status.TO_MAP
    assert sent(school, "wie;toen;waarom\n", clerk).status == Status.TO_MAP


def test_another_choice_of_columns_takes_the_place_of_the_first(school: School, clerk: User) -> None:
    text = "wie;eerste;tweede;reden\n1;12-01-2026;13-01-2026;ziek\n"
    upload = sent(school, text, clerk)
    choose_columns(upload=upload, columns={"wie": "leerlingnummer", "eerste": "van", "tweede": ""}, by=clerk)
    assert again(upload).found["created"] == 1

    choose_columns(upload=upload, columns={"wie": "leerlingnummer", "eerste": "", "tweede": "van"}, by=clerk)
    started(again(upload))

    assert Absence.objects.get().first == date(2026, 1, 13)


# Stopping and forgetting


@pytest.mark.parametrize("status", [Status.TO_CHECK, Status.TO_MAP, Status.CHECKED, Status.TO_IMPORT])
def test_a_file_can_be_stopped_before_anything_went_in(status: str, school: School, clerk: User) -> None:
    upload = sent(school, rows("1", "9"), clerk)
    FileUpload.objects.filter(pk=upload.pk).update(status=status)

    cancel_upload(upload=upload)
    tasks.sweep_uploads()

    upload = again(upload)
    assert (upload.status, upload.columns, upload.found) == (Status.CANCELLED, [], {})
    assert not FilePart.objects.exists()
    assert not RefusedLine.objects.exists()


def test_an_import_that_has_begun_cannot_be_stopped(school: School, clerk: User) -> None:
    upload = sent(school, rows("1"), clerk)
    now = timezone.now()
    FileUpload.objects.filter(pk=upload.pk).update(status=Status.TO_IMPORT, claim=uuid4(), claimed_at=now, alive_at=now)

    with pytest.raises(UploadError, match="al begonnen"):
        cancel_upload(upload=upload)

    assert FilePart.objects.exists()


@pytest.mark.parametrize("status", FINAL)
def test_what_is_at_its_end_cannot_be_stopped(status: str, school: School) -> None:
    upload = factories.file_upload(school, status=status)

    with pytest.raises(UploadError):
        cancel_upload(upload=upload)


@pytest.mark.parametrize(("days", "kept"), [(7, True), (8, False)])
def test_files_and_refused_rows_are_forgotten_after_a_week(days: int, kept: bool, school: School, clerk: User) -> None:
    waiting = sent(school, rows("1", "9"), clerk)
    done = started(sent(school, rows("2", "9"), clerk))
    FileUpload.objects.update(at=timezone.now() - timedelta(days=days))

    tasks.forget_uploads()
    tasks.forget_uploads()

    assert FilePart.objects.exists() is kept
    assert RefusedLine.objects.exists() is kept
    assert again(waiting).status == (Status.CHECKED if kept else Status.CANCELLED)
    assert again(done).status == Status.DONE
    assert again(done).register_import is not None
    assert bool(again(waiting).columns) is kept


@override_settings(UPLOAD_KEEP_DAYS=1)
def test_how_long_is_a_setting(school: School, clerk: User) -> None:
    upload = sent(school, rows("1"), clerk)
    FileUpload.objects.update(at=timezone.now() - timedelta(days=2))

    tasks.forget_uploads()

    assert again(upload).status == Status.CANCELLED


# What was refused


def test_refused_rows_can_be_downloaded_mended_and_sent_again(school: School, clerk: User) -> None:
    upload = started(sent(school, HEADER + "1;31-02-2026;;ziek\n2;12-01-2026;;ziek\n", clerk))
    text = refused_csv(upload).decode("utf-8-sig")
    assert text.splitlines()[0] == "leerlingnummer;van;tot;reden;geweigerd omdat"
    assert text.splitlines()[1].startswith("1;31-02-2026;;ziek;kolom van: ")

    mended = started(sent(school, text.replace("31-02-2026", "12-01-2026"), clerk))

    assert mended.register_import is not None
    assert (mended.register_import.created, mended.register_import.refused) == (1, 0)
    assert mended.found["ignored"] == []


def test_the_workbook_of_refused_rows_is_read_again_too(school: School, clerk: User) -> None:
    upload = sent(school, HEADER + "0001;12-01-2026;;ziek\n", clerk)
    workbook = refused_xlsx(upload)
    assert cells_of(workbook)[1][:4] == ["0001", "12-01-2026", None, "ziek"]
    factories.pupil(school, number="0001")

    again_sent = sent(school, workbook, clerk)

    assert (again_sent.status, again_sent.found["created"]) == (Status.CHECKED, 1)


@pytest.mark.parametrize("bad", ["=1+1", "+31", "-2", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_no_cell_of_a_download_is_a_formula(bad: str, school: School, clerk: User) -> None:
    upload = sent(school, f'{HEADER}9;12-01-2026;;"{bad}"\n', clerk)

    assert f"'{bad}" in refused_csv(upload).decode("utf-8-sig")
    assert cells_of(refused_xlsx(upload))[1][3] == bad


def test_control_characters_do_not_spoil_a_download(school: School, clerk: User) -> None:
    upload = sent(school, f"{HEADER}9\x00\x0b;12-01-2026;;ziek\n".encode(), clerk)

    assert upload.refused_lines.count() == 1
    assert cells_of(refused_xlsx(upload))[1][1] == "12-01-2026"
    assert refused_csv(upload)

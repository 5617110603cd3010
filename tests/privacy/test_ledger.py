"""A backup that is put back knows nothing of what was destroyed after it: the ledger does."""

from __future__ import annotations

import shutil
from datetime import date
from io import StringIO
from pathlib import Path

import pytest
from django.apps import apps
from django.core import serializers
from django.core.management import CommandError, call_command
from django.db import models

from attendance.models import Absence, Enrolment, Pupil
from cases.models import Case, LogEntry
from tables.models import TableEntry
from tests import factories
from tests.privacy.lives import ABSENCE_GOES, FILE_GOES, NAME, pupil_who_left, with_everything
from tests.privacy.test_destroying import destroyed, everything_stored
from thuiszitters.accounts.models import School
from thuiszitters.privacy.data_map import GOES_WITH, HELD, LAST_OUT, WHOLE
from thuiszitters.privacy.models import DestructionRun, KeptCount, RunItem, Tombstone
from thuiszitters.privacy.parts import Holder
from thuiszitters.privacy.services.ledger import FILE_NAME, replay, write_ledger

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]


@pytest.fixture
def school() -> School:
    return factories.school(alliance=factories.alliance())


class Backup:
    """Every row about pupils, as it was when this was made."""

    def __init__(self) -> None:
        labels = list(dict.fromkeys([WHOLE, *LAST_OUT, *(entry.model for entry in HELD), *GOES_WITH]))
        self.tables: list[type[models.Model]] = [apps.get_model(label) for label in labels]
        self.rows = [serializers.serialize("json", table._base_manager.all()) for table in self.tables]

    def put_back(self) -> None:
        """The database of then: also without what was noted of the destruction."""
        for table in (RunItem, Tombstone, DestructionRun, KeptCount):
            table._base_manager.all().delete()
        for rows in self.rows:
            for row in serializers.deserialize("json", rows):
                row.save()


def run_command(*arguments: str) -> str:
    out = StringIO()
    call_command("replay_destructions", *arguments, stdout=out)
    return out.getvalue()


def test_after_a_restore_all_is_gone_again(school: School) -> None:
    with_everything(pupil_who_left(school), school)
    other = factories.pupil(school)
    factories.absence(other, date(2026, 3, 2))
    backup = Backup()
    destroyed(Holder(alliance_id=school.alliance_id), ABSENCE_GOES)
    destroyed(Holder(school.pk), ABSENCE_GOES)
    write_ledger()
    buried = {(row.code, row.whole, row.data_class) for row in Tombstone.objects.all()}
    counted = {(row.what, row.amount) for row in KeptCount.objects.all()}
    backup.put_back()
    assert NAME in everything_stored()

    said = run_command()

    assert "1 leerling" in said
    assert NAME not in everything_stored()
    assert list(Pupil.objects.all()) == [other]
    assert Absence.objects.get().pupil == other
    assert {(row.code, row.whole, row.data_class) for row in Tombstone.objects.all()} == buried
    assert {(row.what, row.amount) for row in KeptCount.objects.all()} == counted


def test_what_was_not_destroyed_stays_after_a_replay(school: School) -> None:
    """Only the file was due: the absence of the same pupil is kept for three more years."""
    with_everything(pupil_who_left(school), school)
    backup = Backup()
    destroyed(Holder(school.pk), FILE_GOES)
    write_ledger()
    backup.put_back()

    run_command()

    assert not LogEntry.objects.exists()
    assert Absence.objects.exists()
    assert TableEntry.objects.get().placed_at is not None


def test_a_backup_from_before_the_pupil_left_is_emptied_as_well(school: School) -> None:
    """In it the pupil is still enrolled and the case open: what was destroyed later goes all the same."""
    child = pupil_who_left(school)
    case = with_everything(child, school)
    Enrolment.objects.update(last=None)
    Case.objects.filter(pk=case.pk).update(closed_at=None, closed_by=None)
    backup = Backup()
    Enrolment.objects.update(last=date(2026, 7, 31))
    Case.objects.filter(pk=case.pk).update(closed_at=case.closed_at, closed_by=case.closed_by)
    destroyed(Holder(alliance_id=school.alliance_id), ABSENCE_GOES)
    destroyed(Holder(school.pk), ABSENCE_GOES)
    write_ledger()
    backup.put_back()

    run_command()

    assert not Pupil.objects.exists()
    assert NAME not in everything_stored()


def test_twice_is_once(school: School) -> None:
    with_everything(pupil_who_left(school), school)
    backup = Backup()
    destroyed(Holder(school.pk), FILE_GOES)
    write_ledger()
    backup.put_back()
    run_command()

    assert "Er ontbrak niets" in run_command()
    assert Tombstone.objects.count() == 1


def test_who_came_back_after_their_destruction_stays(school: School) -> None:
    """A backup from after the destruction knows of it: nothing newer is touched."""
    child = pupil_who_left(school)
    with_everything(child, school)
    destroyed(Holder(school.pk), FILE_GOES)
    write_ledger()
    factories.enrolment(child, school, first=date(2028, 9, 1))
    Case.objects.create(pupil=child, school=school, school_of_enrolment=school, opened_on=date(2028, 10, 1))

    run_command()

    assert Case.objects.filter(emptied_at=None).exists()


def test_the_ledger_tells_nobody_who_it_was(school: School, ledger_dir: Path) -> None:
    child = pupil_who_left(school)
    with_everything(child, school)
    destroyed(Holder(school.pk), FILE_GOES)

    assert write_ledger() == 1
    assert write_ledger() == 0

    file = ledger_dir / FILE_NAME
    text = file.read_text()
    assert not [told for told in (NAME, child.number, child.code.hex, str(child.code), "2013-05-14") if told in text]
    assert file.stat().st_mode & 0o077 == 0


def test_a_line_that_a_crash_cut_off_is_written_anew(school: School, ledger_dir: Path) -> None:
    with_everything(pupil_who_left(school), school)
    destroyed(Holder(school.pk), FILE_GOES)
    ledger_dir.mkdir()
    (ledger_dir / FILE_NAME).write_text('{"code": "half')

    write_ledger()

    assert replay(ledger_dir / FILE_NAME).missing == 0
    assert (ledger_dir / FILE_NAME).read_text().count("\n") == 1


def test_a_damaged_ledger_is_refused_before_anything_is_touched(school: School, ledger_dir: Path) -> None:
    with_everything(pupil_who_left(school), school)
    backup = Backup()
    destroyed(Holder(school.pk), FILE_GOES)
    write_ledger()
    backup.put_back()
    file = ledger_dir / FILE_NAME
    file.write_text(file.read_text() + "broken\n" + file.read_text())

    with pytest.raises(CommandError, match="Regel 2"):
        run_command()

    assert LogEntry.objects.exists()


def test_a_missing_ledger_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="--file"):
        run_command("--file", str(tmp_path / "nowhere"))


def test_another_key_recognises_nobody_and_says_so(school: School, settings: object, ledger_dir: Path) -> None:
    with_everything(pupil_who_left(school), school)
    backup = Backup()
    destroyed(Holder(school.pk), FILE_GOES)
    write_ledger()
    backup.put_back()
    settings.DIGEST_KEY = "another"  # type: ignore[attr-defined]
    copy = ledger_dir / "copy.jsonl"
    shutil.copy(ledger_dir / FILE_NAME, copy)

    with pytest.raises(CommandError, match="1 regels zijn met een andere sleutel"):
        run_command("--file", str(copy))

    assert not Tombstone.objects.exists()


def test_lines_of_before_a_change_of_key_are_passed_over_and_the_rest_is_done(
    school: School, settings: object, ledger_dir: Path
) -> None:
    """The file holds lines of two keys: each key does its own, and the end says that something is left."""
    before = settings.DIGEST_KEY  # type: ignore[attr-defined]
    with_everything(pupil_who_left(school), school)
    backup = Backup()
    destroyed(Holder(school.pk), FILE_GOES)
    write_ledger()
    settings.DIGEST_KEY = "another"  # type: ignore[attr-defined]
    destroyed(Holder(alliance_id=school.alliance_id), ABSENCE_GOES)
    destroyed(Holder(school.pk), ABSENCE_GOES)
    write_ledger()
    backup.put_back()

    with pytest.raises(CommandError, match="1 regels zijn met een andere sleutel"):
        run_command()
    assert not Tombstone.objects.exists()
    settings.DIGEST_KEY = before  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match="andere sleutel"):
        run_command()
    assert not LogEntry.objects.exists()
    settings.DIGEST_KEY = "another"  # type: ignore[attr-defined]
    run_command()

    assert NAME not in everything_stored()
    assert "Er ontbrak niets" in run_command()

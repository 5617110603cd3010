"""The log in the database: nothing changes, everything gets sealed once, what expired is gone by rule."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any
from uuid import uuid4

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from thuiszitters.audit import tasks
from thuiszitters.audit.digests import write_leaves
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import AppendOnlyError, Entry, Expiry, Opening, Seal
from thuiszitters.audit.services import sealing
from thuiszitters.audit.services.expiry import expire
from thuiszitters.audit.services.recording import record
from thuiszitters.audit.services.sealing import seal_waiting, verify

pytestmark = pytest.mark.django_db
LONG_AGO = datetime(2026, 1, 14, 9, tzinfo=UTC)


def write(count: int, at: datetime = LONG_AGO) -> list[Entry]:
    rows = [
        Entry(kind=Kind.READ, what="dossier", at=at + timedelta(seconds=n), actor=uuid4(), detail={"oud": 1.5, "é": n})
        for n in range(count)
    ]
    return Entry.objects.bulk_create(rows)


def by_force(sql: str) -> None:
    """As somebody would who has the database but not the application, and takes the guards away first."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("ALTER TABLE audit_entry DISABLE TRIGGER USER")
            cursor.execute("ALTER TABLE audit_seal DISABLE TRIGGER USER")
        else:
            for name in ("entry_kept", "entry_unchanged", "entry_sealed_once", "seal_kept", "seal_unchanged"):
                cursor.execute(f"DROP TRIGGER IF EXISTS audit_{name}")
        cursor.execute(sql)


# ------------------------------------------------------------------------------------------- append-only


@pytest.mark.parametrize(
    "deed",
    [
        lambda: Entry.objects.update(what="x"),
        lambda: Entry.objects.all().delete(),
        lambda: Entry.objects.bulk_update(list(Entry.objects.all()), ["what"]),
        lambda: Seal.objects.update(size=0),
        lambda: Seal.objects.all().delete(),
        lambda: Expiry.objects.all().delete(),
    ],
)
def test_code_cannot_change_the_log(deed: Callable[[], object]) -> None:
    write(1)

    with pytest.raises(AppendOnlyError):
        deed()


def test_the_database_refuses_what_goes_round_that() -> None:
    write(1)
    seal_waiting()
    entry, seal = Entry.objects.get(), Seal.objects.get()
    entry.what, seal.size = "iets anders", 9

    for deed in (entry.save, entry.delete, seal.save):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            deed()


OTHERWISE = {
    "id": "77",
    "at": "'2026-01-01 00:00:00+00'",
    "actor": "'00000000000000000000000000000001'",
    "subject": "'00000000000000000000000000000001'",
    "detail": "'{}'",
    "seal_id": "NULL",
}


@pytest.mark.parametrize("is_sealed", [True, False])
@pytest.mark.parametrize("column", sorted({str(field.column) for field in Entry._meta.fields}))
def test_no_column_can_be_written_but_the_seal_of_one_that_waits(column: str, *, is_sealed: bool) -> None:
    write(1)
    if is_sealed:
        seal_waiting()
    elif column == "seal_id":
        return
    value = OTHERWISE.get(column, "'x'")

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f'UPDATE audit_entry SET "{column}" = {value}')  # noqa: S608 - names of ours


@pytest.mark.parametrize("table", ["audit_entry", "audit_seal", "audit_expiry"])
def test_no_row_can_be_removed_by_hand(table: str) -> None:
    write(1)
    seal_waiting()
    expire(before=timezone.now())
    write(1)
    seal_waiting()

    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table}")  # noqa: S608 - a name of ours


# ------------------------------------------------------------------------------------------- sealing


def test_everything_older_than_the_horizon_is_sealed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 3)
    write(7)
    young = record(Kind.READ, "dossier")

    assert seal_waiting() == 7
    assert seal_waiting() == 0
    assert list(Seal.objects.values_list("number", "size")) == [(1, 3), (2, 3), (3, 1)]
    assert list(Entry.objects.filter(seal=None)) == [young]
    assert (verify().batches, verify().entries, verify().fault) == (3, 7, "")


def test_an_entry_that_comes_late_is_in_the_next_seal() -> None:
    """A long import: its entries have earlier times, and lower numbers, than what was sealed meanwhile."""
    Entry.objects.create(pk=9000, kind=Kind.READ, what="dossier", at=LONG_AGO)
    seal_waiting()
    late = Entry.objects.create(pk=8000, kind=Kind.READ, what="dossier", at=LONG_AGO - timedelta(hours=1))

    assert seal_waiting() == 1
    assert Entry.objects.get(pk=late.pk).seal_id == 2
    assert verify().fault == ""


def test_a_run_that_dies_half_way_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    write(2)
    with monkeypatch.context() as patch:
        patch.setattr(sealing, "digest_of", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            seal_waiting()
    assert (Seal.objects.count(), Entry.objects.filter(seal=None).count()) == (0, 2)

    tasks.seal()

    assert verify().entries == 2


def test_what_another_run_sealed_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between reading which entries wait and writing the seal, another run made that seal."""
    write(2)
    leaves = write_leaves

    def too_late(key: str, rows: list[dict[str, Any]]) -> bytes:
        monkeypatch.setattr(sealing, "write_leaves", leaves)
        seal_waiting()
        return leaves(key, rows)

    monkeypatch.setattr(sealing, "write_leaves", too_late)

    assert seal_waiting() == 0
    assert Seal.objects.count() == 0  # here both runs share one transaction, and it was taken back

    assert seal_waiting() == 2
    assert verify().fault == ""


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_runs_beside_each_other_and_writers_lose_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A transaction that began first and commits last holds lower numbers than what was sealed by then."""
    monkeypatch.setattr(sealing, "BATCH", 2)
    begun, sealed = Barrier(2), Barrier(2)

    def slow_writer() -> None:
        with transaction.atomic():
            write(3)
            begun.wait()
            sealed.wait()
        connection.close()

    def sealer() -> None:
        seal_waiting()
        connection.close()

    writer = Thread(target=slow_writer)
    writer.start()
    begun.wait()
    write(9)
    sealers = [Thread(target=sealer) for _ in range(3)]
    for thread in sealers:
        thread.start()
    for thread in sealers:
        thread.join()
    sealed.wait()
    writer.join()
    seal_waiting()

    assert Entry.objects.filter(seal=None).count() == 0
    assert (verify().entries, verify().fault) == (12, "")
    assert [row.number for row in Seal.objects.all()] == list(range(1, Seal.objects.count() + 1))


# ------------------------------------------------------------------------------------------- verifying


def test_the_command_says_that_it_fits_and_gives_an_anchor(capsys: pytest.CaptureFixture[str]) -> None:
    write(2)
    seal_waiting()

    call_command("verify_audit")
    said = capsys.readouterr().out
    anchor = said.strip().rsplit(" ", 1)[1]
    call_command("verify_audit", f"--anchor={anchor}")

    assert "Het logboek klopt: 1 zegels, 2 regels." in said
    assert anchor == f"1:{Seal.objects.get().digest}"


@pytest.mark.parametrize(
    ("deed", "told"),
    [
        ("UPDATE audit_entry SET what = 'x' WHERE id = {first}", "Regel {first} is gewijzigd"),
        ("UPDATE audit_entry SET seal_id = NULL WHERE id = {first}", "Regel {first} is verwijderd"),
        ("DELETE FROM audit_entry WHERE id = {first}", "Regel {first} is verwijderd"),
        ("UPDATE audit_entry SET seal_id = 1 WHERE id = {third}", "Regel {third} is achteraf toegevoegd"),
        ("UPDATE audit_seal SET size = 5", "Zegel 1 is gewijzigd"),
    ],
)
def test_the_command_names_the_first_that_does_not_fit(deed: str, told: str) -> None:
    first = write(2)[0].pk
    seal_waiting()
    third = write(1, timezone.now())[0].pk
    by_force(deed.format(first=first, third=third))

    with pytest.raises(CommandError, match=told.format(first=first, third=third)):
        call_command("verify_audit")


def test_the_anchor_finds_an_end_that_was_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 1)
    write(2)
    seal_waiting()
    anchor = str(verify().last)
    by_force("DELETE FROM audit_entry WHERE seal_id = 2")
    by_force("DELETE FROM audit_seal WHERE number = 2")

    call_command("verify_audit")
    with pytest.raises(CommandError, match="bestaat niet meer"):
        call_command("verify_audit", f"--anchor={anchor}")


def test_a_job_that_stands_still_is_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    write(2)

    call_command("verify_audit")

    assert "2 regels wachten langer dan een dag op een zegel" in capsys.readouterr().out


@pytest.mark.parametrize("anchor", ["", "1", "x:y", "1:abc"])
def test_an_anchor_that_cannot_be_is_refused(anchor: str) -> None:
    with pytest.raises(CommandError, match="anker"):
        call_command("verify_audit", f"--anchor={anchor}")


def test_a_new_key_seals_and_the_old_one_still_verifies(settings: LazySettings) -> None:
    settings.AUDIT_KEYS = ["oud"]
    write(1)
    seal_waiting()
    settings.AUDIT_KEYS = ["nieuw", "oud"]
    write(1)
    seal_waiting()
    assert verify().batches == 2

    settings.AUDIT_KEYS = ["nieuw"]
    assert "AUDIT_KEYS" in verify().fault


# ------------------------------------------------------------------------------------------- expiry


def test_what_is_older_than_its_term_goes_and_the_chain_still_fits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealing, "BATCH", 2)
    old = write(2)
    kept = write(2, LONG_AGO + timedelta(days=1))
    seal_waiting()
    waiting = write(1)

    assert expire(before=LONG_AGO + timedelta(hours=1)) == 2
    assert expire(before=LONG_AGO + timedelta(hours=1)) == 0

    left = set(Entry.objects.values_list("pk", flat=True))
    assert left == {row.pk for row in kept + waiting}
    assert not left & {row.pk for row in old}
    assert (verify().batches, verify().fault, Opening.objects.count()) == (2, "", 0)


def test_a_batch_waits_until_its_last_entry_is_over() -> None:
    write(1)
    write(1, LONG_AGO + timedelta(days=1))
    seal_waiting()

    assert expire(before=LONG_AGO + timedelta(hours=1)) == 0
    assert Entry.objects.count() == 2

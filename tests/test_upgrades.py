"""Rows of an earlier version come through the migrations: in a database of its own, made as it was then."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.executor import MigrationExecutor

TODAY = date(2026, 1, 14)
USUAL_LAST = TODAY + timedelta(weeks=12)
BEFORE = [
    ("accounts", "0005_session_round"),
    ("attendance", "0014_access_for_a_time"),
    ("privacy", "0003_requests_and_numbers"),
]
AFTER = [
    ("accounts", "0007_drop_read_log"),
    ("attendance", "0015_every_assignment_ends"),
    ("privacy", "0004_second_look_per_text"),
]
READS = 2_001
"""More than two batches of the migration."""


@contextmanager
def empty_database(folder: Path) -> Iterator[BaseDatabaseWrapper]:
    """A new database of the kind that the suite runs on, in the place of the default one: what migrations write to."""
    mine = connections["default"]
    settings = copy.deepcopy(mine.settings_dict)
    on_postgres = mine.vendor == "postgresql"
    settings["NAME"] = f"{settings['NAME']}_upgrade" if on_postgres else str(folder / "upgrade.sqlite3")
    if on_postgres:
        run_apart(mine, f'DROP DATABASE IF EXISTS "{settings["NAME"]}"', f'CREATE DATABASE "{settings["NAME"]}"')
    connections["default"] = type(mine)(settings, alias="default")
    try:
        yield connections["default"]
    finally:
        connections["default"].close()
        connections["default"] = mine
        if on_postgres:
            run_apart(mine, f'DROP DATABASE "{settings["NAME"]}"')


def run_apart(connection: BaseDatabaseWrapper, *statements: str) -> None:
    """As the connection would, but in no database of ours."""
    with connection._nodb_cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def to(connection: BaseDatabaseWrapper, targets: list[tuple[str, str]]) -> Any:
    """Migrate, and give the models as they were then."""
    MigrationExecutor(connection).migrate(targets)
    return MigrationExecutor(connection).loader.project_state(targets).apps


def a_pupil(apps: Any) -> Any:
    return apps.get_model("attendance", "Pupil").objects.create(
        number="L1", first_name="Sam", surname="Jansen", surname_key="jansen", birth_date=date(2013, 5, 14)
    )


def people(apps: Any) -> list[Any]:
    users = apps.get_model("accounts", "User")
    return [users.objects.create(email=f"mens{number}@school.example", name=f"Mens {number}") for number in range(2)]


def make_assignments(apps: Any) -> dict[int, date]:
    """By primary key: the last day that each has to have afterwards."""
    pupil, (doctor, coo) = a_pupil(apps), people(apps)
    model = apps.get_model("attendance", "Assignment")
    expected = {}
    for first, last, becomes in (
        (date(2025, 9, 1), None, USUAL_LAST),
        (TODAY, None, USUAL_LAST),
        (USUAL_LAST, None, USUAL_LAST),
        (USUAL_LAST + timedelta(days=1), None, USUAL_LAST + timedelta(days=1)),
        (date(2025, 9, 1), date(2025, 12, 19), date(2025, 12, 19)),
        (date(2025, 9, 1), date(2026, 7, 31), date(2026, 7, 31)),
    ):
        row = model.objects.create(pupil=pupil, user=doctor, role="jeugdarts", by=coo, first=first, last=last)
        expected[row.pk] = becomes
    return expected


def make_reads(apps: Any) -> list[tuple[Any, ...]]:
    """What stood in the log of reads, in the order in which it was written: times that go up and down, as of a server
    whose clock was set back."""
    model = apps.get_model("accounts", "ReadLog")
    users = list(apps.get_model("accounts", "User").objects.order_by("pk"))
    noon = datetime(2025, 11, 3, 12, 0, 0, 123456, tzinfo=UTC)
    rows = []
    for number in range(READS):
        at = noon + timedelta(seconds=number if number % 7 else -number)
        rows.append((at, f"pagina {number}", uuid4(), f"reden {number}" if number % 2 else "", users[number % 2]))
    made = model.objects.bulk_create(
        [model(page=page, subject=subject, why=why, user=user) for _, page, subject, why, user in rows]
    )
    for row, (at, *_) in zip(made, rows, strict=True):
        row.at = at  # that it was made just now is what the column says by itself
    model.objects.bulk_update(made, ["at"], batch_size=200)
    return [(at, page, subject, why, user.code) for at, page, subject, why, user in rows]


def make_second_looks(apps: Any) -> dict[str, tuple[int | None, datetime | None]]:
    """By text: who has to have looked at it afterwards, and when. A look was at a whole request, also by who had judged
    some of its texts."""
    pupil = apps.get_model("attendance", "Pupil").objects.get()
    first, second = apps.get_model("accounts", "User").objects.order_by("pk")
    week = dict.fromkeys(("monday", "tuesday", "wednesday", "thursday", "friday"), 300)
    school = apps.get_model("accounts", "School").objects.create(
        brin="00ZZ", name="School", sector="po", region="zuid", **week
    )
    at = datetime(2026, 1, 13, 15, 30, 0, 123456, tzinfo=UTC)
    expected: dict[str, tuple[int | None, datetime | None]] = {}
    for number, looked in enumerate((second, first, None)):
        request = apps.get_model("privacy", "PrivacyRequest").objects.create(
            kind="inzage",
            pupil=pupil,
            school=school,
            asked_by="ouder_gezag",
            asker_name="A. Jansen",
            received_on=TODAY,
            due_on=TODAY,
            recorded_by=first,
            second_look_by=looked,
            second_look_at=at if looked else None,
        )
        for judge in (first, second):
            digest = f"{number}{judge.pk}".ljust(64, "0")
            apps.get_model("privacy", "Judgement").objects.create(request=request, text_digest=digest, judged_by=judge)
            counts = looked is not None and looked != judge
            expected[digest] = (looked.pk, at) if counts else (None, None)
    return expected


def test_open_assignments_get_an_end_reads_move_to_the_one_log_and_second_looks_go_to_texts(
    tmp_path: Path,
    django_db_setup: None,
    django_db_blocker: Any,
) -> None:
    """One upgrade for all: making a database is what takes the time."""
    with (
        django_db_blocker.unblock(),
        time_machine.travel(datetime(2026, 1, 14, 9, tzinfo=UTC), tick=False),
        empty_database(tmp_path) as connection,
    ):
        before = to(connection, BEFORE)
        ends, reads, looks = make_assignments(before), make_reads(before), make_second_looks(before)

        after = to(connection, AFTER)

        rows = list(after.get_model("attendance", "Assignment").objects.all())
        entries = after.get_model("audit", "Entry").objects.order_by("pk")
        moved = list(entries.values_list("at", "what", "subject", "why", "actor"))
        kinds = set(entries.values_list("kind", "row", "request_id"))
        judgements = after.get_model("privacy", "Judgement").objects.order_by("pk")
        looked = {row.text_digest: (row.second_look_by_id, row.second_look_at) for row in judgements}
        tables = connection.introspection.table_names()

    assert {row.pk: row.last for row in rows} == ends
    assert len({row.code for row in rows} - {None}) == len(ends)
    assert all(row.ended_at is None and not row.for_table for row in rows)
    assert moved == reads
    assert kinds == {("inzage", "", "")}
    assert "accounts_readlog" not in tables
    assert looked == looks
    assert sum(person is not None for person, _ in looks.values()) == 2


@pytest.mark.django_db
def test_the_database_of_the_suite_is_back_afterwards(tmp_path: Path) -> None:
    mine = connections["default"]

    with empty_database(tmp_path) as other:
        assert connections["default"] is other
        assert "accounts_user" not in other.introspection.table_names()

    assert connections["default"] is mine
    assert "accounts_user" in mine.introspection.table_names()

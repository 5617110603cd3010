"""How long an import takes and how much memory it needs, on the database that DATABASE_URL names (else SQLite on disk).

The import runs as its own process, as users start it: evaluation of every pupil it touches included.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg2
import pytest

from tests.benchmarks.register_files import as_workbook, write_absences, write_pupils, write_schools
from tests.needs import database_is_postgres

ROOT = Path(__file__).resolve().parents[2]
ROWS = 100_000
PUPILS = 20_000
BUDGET_SECONDS = 60
Manage = Callable[..., tuple[str, float, float, int]]


@pytest.fixture
def manage(tmp_path: Path) -> Iterator[Manage]:
    """Runs manage.py on a new database: the last line it printed, seconds, processor seconds, most memory in MB."""
    environment = {
        **os.environ,
        "VAR_DIR": str(tmp_path / "var"),
        "CELERY_TASK_ALWAYS_EAGER": "0",
        "LOG_LEVEL": "ERROR",
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    name = f"bench_import_{os.getpid()}"
    if database_is_postgres():
        address = os.environ["DATABASE_URL"]
        on_server(address, f"CREATE DATABASE {name}")
        environment["DATABASE_URL"] = urlsplit(address)._replace(path=f"/{name}").geturl()

    def run(*arguments: str) -> tuple[str, float, float, int]:
        started = time.monotonic()
        process = subprocess.Popen(
            [sys.executable, "manage.py", *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        printed = process.stdout.read().splitlines()
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        process.stdout.close()
        assert process.returncode == 0
        seconds = time.monotonic() - started
        return (printed or [""])[-1], seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss // 1024

    run("migrate", "--verbosity", "0")
    yield run
    if database_is_postgres():
        on_server(os.environ["DATABASE_URL"], f"DROP DATABASE {name} WITH (FORCE)")


def on_server(address: str, statement: str) -> None:
    connection = psycopg2.connect(urlsplit(address)._replace(path="/postgres").geturl())
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute(statement)
    connection.close()


@pytest.mark.slow
def test_import_of_a_year(manage: Manage, tmp_path: Path) -> None:
    schools, pupils, absences, changed = (tmp_path / name for name in ("schools", "pupils", "absences", "changed"))
    write_schools(schools)
    write_pupils(pupils, PUPILS)
    write_absences(absences, pupils=PUPILS, rows=ROWS)
    write_absences(changed, pupils=PUPILS, rows=ROWS, reason="geoorloofd")
    manage("import_register", "schools", str(schools))

    results = {
        name: manage("import_register", *arguments)
        for name, arguments in {
            "leerlingen": ("pupils", str(pupils)),
            "proef": ("absences", str(absences), "--dry-run"),
            "verzuim": ("absences", str(absences), "--through", "2026-07-03"),
            "nog eens": ("absences", str(absences), "--through", "2026-07-03"),
            "andere redenen": ("absences", str(changed)),
        }.items()
    }

    for name, (summary, seconds, processor, megabytes) in results.items():
        print(f"{name:16} {seconds:6.1f} s ({processor:.1f} s processor) {megabytes:5} MB  {summary}")  # noqa: T201 - what it is for
    assert results["verzuim"][0] == f"{ROWS} created, 0 updated, 0 unchanged, 0 refused"
    assert results["nog eens"][0] == f"0 created, 0 updated, {ROWS} unchanged, 0 refused"
    assert max(seconds for _, seconds, _, _ in results.values()) < BUDGET_SECONDS


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(manage: Manage, tmp_path: Path) -> None:
    schools, pupils, small, large = (tmp_path / name for name in ("schools", "pupils", "small", "large"))
    write_schools(schools)
    write_pupils(pupils, PUPILS)
    write_absences(small, pupils=PUPILS, rows=ROWS // 5)
    write_absences(large, pupils=PUPILS, rows=ROWS * 3)
    manage("import_register", "schools", str(schools))
    manage("import_register", "pupils", str(pupils))

    of_small = manage("import_register", "absences", str(small), "--dry-run")[3]
    of_large = manage("import_register", "absences", str(large), "--dry-run")[3]

    print(f"{ROWS // 5} rijen {of_small} MB, {ROWS * 3} rijen {of_large} MB")  # noqa: T201 - what it is for
    assert of_large < of_small * 1.5


@pytest.mark.slow
def test_workbook_beside_a_csv_file(manage: Manage, tmp_path: Path) -> None:
    schools, pupils, absences, sheet = (tmp_path / name for name in ("schools", "pupils", "absences", "sheet.xlsx"))
    write_schools(schools)
    write_pupils(pupils, PUPILS)
    write_absences(absences, pupils=PUPILS, rows=ROWS)
    as_workbook(absences, sheet)
    manage("import_register", "schools", str(schools))
    manage("import_register", "pupils", str(pupils))

    of_csv = manage("import_register", "absences", str(absences), "--dry-run")
    of_sheet = manage("import_register", "absences", str(sheet), "--dry-run")

    for name, (summary, seconds, processor, megabytes) in {"CSV": of_csv, "XLSX": of_sheet}.items():
        print(f"{name:16} {seconds:6.1f} s ({processor:.1f} s processor) {megabytes:5} MB  {summary}")  # noqa: T201 - what it is for
    assert of_sheet[0] == of_csv[0] == f"{ROWS} created, 0 updated, 0 unchanged, 0 refused"
    assert of_sheet[1] < BUDGET_SECONDS

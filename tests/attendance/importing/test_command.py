"""`manage.py import_register`: what it prints where, and how it ends."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
import time_machine
from django.core.management import CommandError, call_command

from attendance.management.commands import import_register
from attendance.models import Absence
from tests import factories
from tests.attendance.importing.files import day, school
from tests.attendance.test_flag import flag
from thuiszitters.accounts.models import School

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_in_march")]
HEADER = "leerlingnummer;van;tot;reden;minuten\n"


@pytest.fixture
def _in_march() -> Any:
    with time_machine.travel("2026-03-02 12:00"):
        yield


def run(folder: Path, kind: str, text: str, *options: str) -> tuple[int, str, str]:
    """Exit status, stdout and stderr."""
    path = folder / "bestand.csv"
    path.write_text(text, encoding="utf-8")
    out, err = StringIO(), StringIO()
    try:
        call_command("import_register", kind, str(path), *options, stdout=out, stderr=err)
    except SystemExit as stopped:
        return int(stopped.code or 0), out.getvalue(), err.getvalue()
    return 0, out.getvalue(), err.getvalue()


def test_good_file_ends_well_with_the_counts_last(tmp_path: Path) -> None:
    factories.pupil(school(), number="1")
    text = HEADER.replace("minuten", "minuten;Mentor") + "1;01-12-2025;;ziek;;x\n"
    status, out, err = run(tmp_path, "absences", text, "--through", "27-02-2026")
    assert (status, out) == (0, "1 created, 0 updated, 0 unchanged, 0 refused\n")
    assert err == "Deze kolommen zijn overgeslagen: mentor.\n99ZZ00 is compleet tot en met 27-02-2026.\n"


def test_refused_row_is_told_on_stderr_and_ends_badly(tmp_path: Path) -> None:
    factories.pupil(school(), number="1")
    status, out, err = run(tmp_path, "absences", HEADER + "1;02-12-2025;01-12-2025;ziek;\n1;05-12-2025;;ziek;\n")
    assert (status, out) == (1, "1 created, 0 updated, 0 unchanged, 1 refused\n")
    assert err == "regel 2, kolom tot: 01-12-2025 ligt voor van 02-12-2025 (zet de datums goed)\n"


def test_progress_of_a_long_import_is_told(tmp_path: Path) -> None:
    factories.pupil(school(), number="1")
    with mock.patch.object(import_register, "PROGRESS_SECONDS", 0):
        _status, out, err = run(tmp_path, "absences", HEADER + "1;01-12-2025;01-12-2025;ziek;\n")
    assert out == "1 created, 0 updated, 0 unchanged, 0 refused\n"
    assert err == "1 van 1 rijen gelezen\n1 van 1 leerlingen doorgerekend\n"


def test_dry_run_says_that_nothing_changed(tmp_path: Path) -> None:
    factories.pupil(school(), number="1")
    status, out, err = run(tmp_path, "absences", HEADER + "1;01-12-2025;;ziek;\n", "--dry-run")
    assert (status, out) == (0, "1 created, 0 updated, 0 unchanged, 0 refused\n")
    assert err == "Dit was een proef: er is niets veranderd.\n"
    assert not Absence.objects.exists()


def test_all_or_nothing_says_that_nothing_changed(tmp_path: Path) -> None:
    factories.pupil(school(), number="1")
    text = HEADER + "1;01-12-2025;;ziek;\n2;01-12-2025;;ziek;\n"
    status, out, err = run(tmp_path, "absences", text, "--all-or-nothing")
    assert (status, out) == (1, "0 created, 0 updated, 0 unchanged, 1 refused\n")
    assert err.endswith("Er is niets veranderd: bij --all-or-nothing moeten alle rijen goed zijn.\n")
    assert not Absence.objects.exists()


def test_school_says_which_child(tmp_path: Path) -> None:
    one, other = (factories.pupil(school(brin), number="1") for brin in ("00AA00", "00BB00"))
    status, _out, _err = run(tmp_path, "absences", HEADER + "1;01-12-2025;;ziek;\n", "--school", "00bb")
    assert (status, Absence.objects.get().pupil) == (0, other)
    assert not one.absences.exists()


@pytest.mark.parametrize(
    ("kind", "text", "options", "message"),
    [
        ("absences", "", [], "leeg"),
        ("absences", "leerlingnummer;van\n1;2\n", [], "ontbreekt reden"),
        ("absences", HEADER, ["--through", "03-03-2026"], "toekomst"),
        ("absences", HEADER, ["--through", "30-02-2026"], "geen datum"),
        ("absences", HEADER, ["--school", "00XX"], "niet bekend"),
        ("pupils", HEADER, ["--through", "01-03-2026"], "hoort bij"),
        ("cijfers", HEADER, [], "cijfers"),
    ],
)
def test_what_makes_no_sense_is_refused_as_a_whole(
    tmp_path: Path, kind: str, text: str, options: list[str], message: str
) -> None:
    with pytest.raises(CommandError, match=message):
        run(tmp_path, kind, text, *options)


@pytest.mark.parametrize(("name", "message"), [("weg.csv", "weg.csv bestaat niet"), ("", "is een map")])
def test_file_that_is_none_is_said_so(tmp_path: Path, name: str, message: str) -> None:
    with pytest.raises(CommandError, match=message):
        call_command("import_register", "absences", str(tmp_path / name), stdout=StringIO())


@pytest.mark.parametrize(
    "arguments",
    [
        pytest.param(["absences", "weg.csv"], id="no such file"),
        pytest.param(["absences", "."], id="a folder"),
        pytest.param(["absence", "leeg.csv"], id="no such kind"),
        pytest.param(["absences", "leeg.csv"], id="nothing in it"),
        pytest.param(["absences", "leeg.csv", "--school", "00ZZ99"], id="no such school"),
        pytest.param(["absences", "leeg.csv", "--through", "gisteren"], id="no date"),
    ],
)
def test_counts_come_last_whatever_was_wrong(tmp_path: Path, arguments: list[str]) -> None:
    (tmp_path / "leeg.csv").touch()
    kind, name, *options = arguments
    out = StringIO()
    with pytest.raises(CommandError) as refused:
        call_command("import_register", kind, str(tmp_path / name), *options, stdout=out)
    assert refused.value.returncode == 1
    assert out.getvalue() == "0 created, 0 updated, 0 unchanged, 0 refused\n"


# The worked examples of docs/regels.md, from files to flags

TWO_WEEKS = [("thuis-2w", "2025-09-26", "2025-09-15")]
AUTUMN = [
    ("uren-16", "2025-11-06", "2025-11-03"),
    ("uren-16", "2025-11-13", "2025-11-07"),
    ("thuis-2w", "2025-11-14", "2025-11-03"),
    ("uren-16", "2025-11-20", "2025-11-14"),
    ("uren-16", "2025-11-27", "2025-11-21"),
    ("lrv", "2025-11-28", "2025-11-03"),
    ("thuis-4w", "2025-11-28", "2025-11-03"),
    ("uren-16", "2025-12-04", "2025-11-28"),
    ("uren-16", "2025-12-11", "2025-12-05"),
]


def truant(*days: str) -> list[str]:
    return [f"{on};{on};ongeoorloofd;240" for on in days]


EXAMPLES: dict[str, tuple[str, list[str], str, list[tuple[str, str, str]]]] = {
    "open over the Christmas holiday": (
        "zuid",
        ["01-12-2025;;geoorloofd;"],
        "2026-03-01",
        [
            ("thuis-2w", "2025-12-12", "2025-12-01"),
            ("thuis-4w", "2026-01-09", "2025-12-01"),
            ("thuis-3m", "2026-03-01", "2025-12-01"),
        ],
    ),
    "sixteen hours": (
        "zuid",
        truant("29-09-2025", "06-10-2025", "20-10-2025", "31-10-2025"),
        "2026-03-01",
        [("uren-16", "2025-10-31", "2025-09-29")],
    ),
    "a week earlier": ("zuid", truant("22-09-2025", "06-10-2025", "20-10-2025", "31-10-2025"), "2026-03-01", []),
    "six weeks unauthorised": ("zuid", ["03-11-2025;12-12-2025;ongeoorloofd;"], "2025-12-12", AUTUMN),
    "ill for seven days": (
        "zuid",
        ["01-09-2025;09-09-2025;ziek;"],
        "2025-10-01",
        [("ziek-7d", "2025-09-09", "2025-09-01")],
    ),
    "ill for six days": ("zuid", ["01-09-2025;08-09-2025;ziek;"], "2025-10-01", []),
    "four reports": (
        "zuid",
        [f"{on:02}-09-2025;{on:02}-09-2025;ziek;" for on in (1, 2, 8, 15, 22)],
        "2025-10-01",
        [("ziek-4x", "2025-09-22", "2025-09-01")],
    ),
    "an hour at school": (
        "zuid",
        ["01-09-2025;11-09-2025;ziek;", "12-09-2025;12-09-2025;ziek;120", "15-09-2025;30-09-2025;ziek;"],
        "2025-10-01",
        [("ziek-7d", "2025-09-09", "2025-09-01"), *TWO_WEEKS],
    ),
}


@pytest.mark.parametrize("example", EXAMPLES)
def test_files_give_the_flags_of_the_worked_examples(tmp_path: Path, example: str) -> None:
    region, rows, as_of, expected = EXAMPLES[example]
    week = "300;300;300;300;300"
    pupils = "leerlingnummer;roepnaam;achternaam;geboortedatum;brin;ingeschreven_van\n"
    run(tmp_path, "schools", f"brin;naam;sector;regio;ma;di;wo;do;vr\n99ZZ;School;po;{region};{week}\n")
    run(tmp_path, "pupils", f"{pupils}1234;Sam;Berg;14-05-2014;99ZZ00;01-08-2025\n")
    absences = HEADER + "".join(f"1234;{row}\n" for row in rows)

    status, out, _err = run(tmp_path, "absences", absences, "--through", as_of)

    assert (status, out) == (0, f"{len(rows)} created, 0 updated, 0 unchanged, 0 refused\n")
    assert School.objects.get().complete_through == day(as_of)
    found = [(row["rule"], row["crossed_on"], row["from"]) for row in flag("--as-of", as_of)]
    assert found == expected

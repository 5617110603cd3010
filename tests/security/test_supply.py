"""The looks at our own tree that CI takes: secrets in it, known vulnerabilities of what it installs, texts in files."""

from __future__ import annotations

import ast
import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.conf import settings

from tests.pages import OWN_PACKAGES

ROOT = Path(settings.BASE_DIR)
PLANTED = {
    "a key of a cloud": 'KEY = "AKIA' + 'QWERTYUIOPASDFGH"',
    "a private key": "-----BEGIN RSA " + "PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n",
    "a password in an address": "DATABASE_URL=postgres://thuiszitters:" + "kqX7vB2m@db.school/thuiszitters",
    "a random text": 'TOKEN = "x' + 'Jq9vL2mKd8RzPw4TbYhN6cGfEs1UaVo3Ii5Bt7XyZ"',
}


def script(name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_secret_is_found(planted: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "settings.py"
    file.write_text(f"# a file\n{PLANTED[planted]}\n")

    assert script("scan_secrets").main([str(file)]) == 1
    assert f"{file}:2 lijkt een geheim" in capsys.readouterr().out


def test_an_ordinary_file_holds_no_secret(tmp_path: Path) -> None:
    file = tmp_path / "settings.py"
    file.write_text(
        'SECRET_KEY = required("SECRET_KEY", "een lange tekst")\nCODE = "0f3e1c2a-1111-4222-8333-444455556666"\n'
    )

    assert script("scan_secrets").main([str(file)]) == 0


def test_what_is_let_through_has_a_reason_and_a_file() -> None:
    rows: dict[str, list[dict[str, str]]] = json.loads((ROOT / ".secrets.baseline").read_text())["results"]

    assert {name for name in rows if not (ROOT / name).exists()} == set()
    assert {name for name, found in rows.items() for row in found if len(row["reason"]) < 20} == set()


def answer(dependencies: list[dict[str, Any]] | None) -> subprocess.CompletedProcess[str]:
    text = "no network" if dependencies is None else json.dumps({"dependencies": dependencies})
    return subprocess.CompletedProcess([], 0, text, "No known vulnerabilities found")


FINE = {"name": "django", "version": "5.2.19", "vulns": []}
LEAKY = {"name": "django", "version": "5.2", "vulns": [{"id": "CVE-2026-1", "fix_versions": ["5.2.1"]}]}
SKIPPED = {"name": "celery", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("told", "strict", "code", "words"),
    [
        ([FINE], False, 0, "Geen bekende kwetsbaarheden"),
        ([FINE, LEAKY], False, 1, "KWETSBAAR django 5.2: CVE-2026-1, opgelost in 5.2.1"),
        ([FINE, SKIPPED], False, 0, "NIET NAGEGAAN"),
        ([FINE, SKIPPED], True, 2, "NIET NAGEGAAN"),
        (None, False, 0, "NIET NAGEGAAN"),
        (None, True, 2, "NIET NAGEGAAN"),
    ],
)
def test_an_audit_tells_what_it_knows(
    told: list[dict[str, Any]] | None, strict: bool, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    module = script("audit_dependencies")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "asked", lambda _requirements: answer(told))
        patch.setattr(sys, "argv", ["audit", *(["--strict"] if strict else [])])

        assert module.main() == code
    assert words in capsys.readouterr().out


WRITERS = {("csv", "writer"), ("csv", "DictWriter"), ("openpyxl", "Workbook")}
NOT_FOR_A_SPREADSHEET = {
    "attendance/api/endpoints.py",  # read back by ourselves, in memory
    "attendance/services/bulk_writes.py",  # into the database
    "thuiszitters/demo/files.py",  # invented pupils, for an import
}


def writes_cells(tree: ast.AST) -> bool:
    return any(
        isinstance(node, ast.Call)
        and (
            (isinstance(node.func, ast.Attribute) and (getattr(node.func.value, "id", ""), node.func.attr) in WRITERS)
            or (isinstance(node.func, ast.Name) and ("", node.func.id) in WRITERS)
        )
        for node in ast.walk(tree)
    )


def names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


def test_every_writer_of_cells_guards_against_formulas() -> None:
    trees = {
        path.relative_to(ROOT).as_posix(): ast.parse(path.read_text())
        for folder in OWN_PACKAGES
        for path in (ROOT / folder).rglob("*.py")
    }
    writers = {name: tree for name, tree in trees.items() if writes_cells(tree)}

    assert len(writers) > len(NOT_FOR_A_SPREADSHEET)
    assert {name for name, tree in writers.items() if "safe_cell" not in names(tree)} == NOT_FOR_A_SPREADSHEET

"""A place of its own for what is written outside the database."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


@pytest.fixture(autouse=True)
def ledger_dir(settings: Any, tmp_path: Path) -> Path:
    """No test writes in the folder of this machine's own installation."""
    settings.DESTRUCTION_LEDGER_DIR = tmp_path / "vernietigd"
    return tmp_path / "vernietigd"


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, int]]:
    """Jobs that were asked for. They are run by the test, on the day it chooses."""
    asked: list[tuple[str, int]] = []
    monkeypatch.setattr("thuiszitters.privacy.services.runs.send_task", lambda *what: asked.append(what))
    return asked

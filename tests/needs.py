"""What some tests need of the machine, and what would make them run where it is missing."""

from __future__ import annotations

import os
import shutil

CHROMIUM_NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def database_is_postgres() -> bool:
    """Whether the suite runs on PostgreSQL."""
    return os.environ.get("DATABASE_URL", "").startswith(("postgres://", "postgresql://"))


def redis_url() -> str:
    """The Redis that tests may use, or nothing. Its database is theirs: they may empty it."""
    return os.environ.get("TEST_REDIS_URL", "")


def chromium() -> str | None:
    """The path of a Chromium: `CHROMIUM` if set, else the first one installed."""
    names = (os.environ["CHROMIUM"],) if os.environ.get("CHROMIUM") else CHROMIUM_NAMES
    return next((path for name in names if (path := shutil.which(name))), None)


def missing() -> dict[str, str]:
    """Marker → what to do, for each thing that is not here."""
    reasons = {}
    if not database_is_postgres():
        reasons["postgres"] = (
            "draait met PostgreSQL: start er een op deze computer (make test vindt die zelf) of zet "
            "DATABASE_URL=postgres://gebruiker:wachtwoord@host:5432/naam"
        )
    if not redis_url():
        reasons["redis"] = (
            "draait met Redis: start er een op deze computer (make test vindt die zelf) of zet "
            "REDIS_URL=redis://host:6379/15 (een lege database)"
        )
    if not chromium():
        reasons["browser"] = "draait met Chromium: sudo apt-get install chromium, of zet CHROMIUM=/pad/naar/de/browser"
    return reasons

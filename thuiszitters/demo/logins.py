"""The log-ins of the demo, for the log-in page."""

from __future__ import annotations

from dataclasses import dataclass

from thuiszitters.accounts.models import User
from thuiszitters.demo.people import FINISHED_BY, LOGINS, PASSWORD


@dataclass(frozen=True)
class DemoAccount:
    """Somebody to try the demo as."""

    name: str
    role: str
    organisation: str
    email: str
    password: str


def demo_logins() -> list[DemoAccount]:
    """Every account of the demo; none when the demo was not made here."""
    if not User.objects.filter(email=FINISHED_BY).exists():
        return []
    return [DemoAccount(row.name, row.role.label, row.shows, row.email, PASSWORD) for row in LOGINS]

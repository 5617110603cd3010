"""Jobs of the table."""

from __future__ import annotations

from celery import shared_task

from tables.services.proposals import follow_up
from thuiszitters.accounts.clock import today


@shared_task(name="tables.follow_up")
def follow_up_table() -> int:
    """Propose, raise and escalate what the cases ask for. Harmless to run at any time."""
    return follow_up(today())

"""Trying a change out: its refusals and its effect, and then it never happened."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.db import transaction

from attendance.facts import facts_of
from attendance.services.arrangement_history import Saved
from attendance.services.rehearsal import ToldEffect, told_effect


def effect_of_trying(act: Callable[[], Saved[Any]], *, today: date) -> ToldEffect:
    """What `act` (a service that saves something of one pupil) would change in the signals.

    It is done in a transaction that is taken back, so that what is told is what saving will do, whatever the service
    does. Raises what the service raises.
    """
    with transaction.atomic():
        pupil_id = act().row.pupil_id
        after = facts_of([pupil_id])[pupil_id]
        transaction.set_rollback(True)
    return told_effect([pupil_id], lambda _now: after, today=today)

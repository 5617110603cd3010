"""Which phase is proposed, and which may follow which."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest

from attendance.engine.facts import Rule
from cases.models import Phase
from tables.criteria import STEPS, escalates_on, proposed_phase, weight


@pytest.mark.parametrize(
    ("rules", "phase"),
    [
        ([], Phase.NONE),
        (["uren-16", "ziek-4x", "ziek-7d"], Phase.NONE),
        (["structureel"], Phase.DREIGEND),
        (["thuis-2w"], Phase.DREIGEND),
        (["thuis-4w"], Phase.THUISZITTER),
        (["lrv"], Phase.THUISZITTER),
        (["thuis-3m", "thuis-2w"], Phase.LONG),
        (["thuis-2w", "thuis-4w", "uren-16"], Phase.THUISZITTER),
    ],
)
def test_proposed_phase_is_the_heaviest(rules: list[str], phase: Phase) -> None:
    assert proposed_phase(rules) == phase


def test_only_rules_propose_what_is_at_home() -> None:
    assert {proposed_phase([rule.value]) for rule in Rule} == {
        Phase.NONE,
        Phase.DREIGEND,
        Phase.THUISZITTER,
        Phase.LONG,
    }


@pytest.mark.parametrize(
    ("first", "day"),
    [
        (date(2025, 12, 1), date(2026, 3, 1)),
        (date(2025, 11, 30), date(2026, 2, 28)),
        (date(2023, 11, 30), date(2024, 2, 29)),
    ],
)
def test_escalation_counts_calendar_months(first: date, day: date) -> None:
    assert escalates_on(first, 3) == day


def test_weight_orders_phases_at_home_only() -> None:
    assert [weight(phase) for phase in Phase] == [0, 1, 2, 3, 0, 0, 0]


def test_every_phase_has_its_steps_and_gesloten_has_none() -> None:
    assert set(STEPS) == set(Phase)
    assert STEPS[Phase.GESLOTEN] == frozenset()
    back = {(old, new) for old, new in product(Phase, Phase) if old != Phase.NONE and new in STEPS[old]}
    assert (Phase.LONG, Phase.DREIGEND) not in back
    assert (Phase.OPBOUW, Phase.LONG) in back
    assert all(new != Phase.NONE for _, new in back)

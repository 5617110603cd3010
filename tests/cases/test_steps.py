"""Who does what, by when."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from django.conf import settings

from attendance.engine.facts import CROSSING_RULES, Rule
from cases.steps import CASE_RULES, HOME_RULES, STEPS, URGENCY, audience_of, is_outdone, steps_of
from thuiszitters.accounts.roles import Role


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Rule.HOME_2W, [("bellen", Role.COO, 2), ("tafel", Role.COO, 5), ("zorgcoach_inlichten", Role.COO, 5)]),
        (
            Rule.HOME_4W,
            [
                ("mentor_spreken", Role.ZORGCOACH, 2),
                ("contact_leerling", Role.ZORGCOACH, 3),
                ("tafel", Role.COO, 5),
                ("groot_overleg", Role.COO, 10),
            ],
        ),
        (Rule.HOME_3M, [("opschalen", Role.COO, 2), ("tafel", Role.COO, 5)]),
        (Rule.LRV, [("melding", Role.COO, 5)]),
        (Rule.HOURS_16, []),
        (Rule.SICK_4X, []),
        (Rule.SICK_7D, []),
        (Rule.STRUCTURAL, []),
    ],
)
def test_each_rule_asks_for_its_steps(rule: Rule, expected: list[tuple[str, Role, int]]) -> None:
    assert [(plan.kind, plan.role, plan.working_days) for plan in steps_of(rule)] == expected


def test_every_step_says_where_it_comes_from() -> None:
    sources = [plan.source for plans in STEPS.values() for plan in plans]

    assert [
        source for source in sources if not source.startswith(("Werkwijzer", "Thuiszitterspact", "Inspectie"))
    ] == []


def test_terms_that_nobody_gives_are_marked_as_a_choice() -> None:
    given = {plan.kind for plans in STEPS.values() for plan in plans if "keuze van dit product" not in plan.source}

    assert given == {"zorgcoach_inlichten", "melding"}


@pytest.mark.parametrize(
    ("day", "due"),
    [
        (date(2026, 11, 23), date(2026, 11, 25)),  # Monday: Wednesday
        (date(2026, 11, 26), date(2026, 11, 30)),  # Thursday: Monday, over the weekend
        (date(2026, 11, 27), date(2026, 12, 1)),  # Friday: Tuesday
        (date(2026, 11, 28), date(2026, 12, 1)),  # Saturday, found by the nightly run: the same Tuesday
        (date(2026, 12, 23), date(2026, 12, 28)),  # both Christmas days lie in between
        (date(2026, 12, 24), date(2026, 12, 29)),
    ],
)
def test_a_term_counts_working_days_after_the_day(day: date, due: date) -> None:
    call = steps_of(Rule.HOME_2W)[0]

    assert call.due_on(day) == due


def test_a_term_runs_on_through_a_school_holiday() -> None:
    table = steps_of(Rule.HOME_2W)[1]

    assert table.due_on(date(2027, 7, 26)) == date(2027, 8, 2)


@pytest.mark.parametrize(
    ("rule", "others", "expected"),
    [
        (Rule.HOME_2W, [Rule.HOME_2W], False),
        (Rule.HOME_2W, [Rule.HOME_2W, Rule.HOME_4W], True),
        (Rule.HOME_4W, [Rule.HOME_2W, Rule.HOME_4W], False),
        (Rule.HOME_4W, [Rule.HOME_3M], True),
        (Rule.HOME_3M, [Rule.HOME_2W, Rule.HOME_4W], False),
        (Rule.LRV, [Rule.HOME_3M], False),
        (Rule.HOME_2W, [Rule.LRV], False),
    ],
)
def test_a_heavier_rule_of_the_same_run_outdoes(rule: Rule, others: list[Rule], expected: bool) -> None:
    assert is_outdone(rule, others) is expected


def test_every_rule_has_an_audience_and_an_urgency() -> None:
    assert set(URGENCY) == {*CROSSING_RULES, Rule.STRUCTURAL}
    assert len(set(URGENCY.values())) == len(URGENCY)
    assert {rule for rule in Rule if audience_of(rule) is Role.MENTOR} == {Rule.SICK_4X, Rule.SICK_7D}
    assert set(HOME_RULES) | {Rule.LRV} == set(CASE_RULES)


def test_the_documentation_names_every_step_with_its_term() -> None:
    text = (Path(settings.BASE_DIR) / "docs" / "keten.md").read_text()

    told = [f"{plan.title} ({plan.role.label}, {plan.working_days})" for plans in STEPS.values() for plan in plans]
    assert [line for line in told if line not in text] == []

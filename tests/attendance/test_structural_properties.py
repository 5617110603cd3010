"""The structural suggestion of the engine against the naive one."""

from __future__ import annotations

from hypothesis import given

from attendance.engine.evaluate import evaluate
from tests.attendance import naive_structural
from tests.attendance.strategies import Moment, moments


@given(moment=moments())
def test_share_is_that_of_naive_rules(moment: Moment) -> None:
    share = evaluate(moment.facts, moment.as_of).structural_share
    assert share == naive_structural.share_on(moment.facts, moment.as_of)


@given(moment=moments())
def test_suggestion_is_that_of_naive_rules(moment: Moment) -> None:
    structural = evaluate(moment.facts, moment.as_of).structural
    since = structural.crossed_on if structural else None
    assert since == naive_structural.suggested_on(moment.facts, moment.as_of)

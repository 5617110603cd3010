"""When data may go: tables with the day before and the day itself."""

from __future__ import annotations

from datetime import date

import pytest

from thuiszitters.privacy.data_classes import WAITS_FOR, Block, DataClass
from thuiszitters.privacy.terms import Facts, Term, destroy_on, ends_on, term_ended, term_on

ALWAYS = date(2000, 1, 1)
TODAY = date(2030, 1, 1)
FILE, TABLE, ABSENCE = DataClass.FILE, DataClass.TABLE, DataClass.ABSENCE
TERMS = [Term(FILE, 2, 0, ALWAYS), Term(TABLE, 3, 0, ALWAYS), Term(ABSENCE, 5, 0, ALWAYS)]


@pytest.mark.parametrize(
    ("started_on", "years", "months", "first_day_without"),
    [
        (date(2026, 7, 31), 2, 0, date(2028, 8, 1)),
        (date(2026, 7, 31), 5, 0, date(2031, 8, 1)),
        (date(2028, 2, 29), 2, 0, date(2030, 3, 1)),  # 2030 has no 29 February: all of the 28th it is still there
        (date(2028, 2, 29), 4, 0, date(2032, 3, 1)),
        (date(2028, 2, 28), 2, 0, date(2030, 3, 1)),
        (date(2027, 2, 28), 1, 0, date(2028, 2, 29)),  # a leap day gives nobody a day more or less than a year
        (date(2026, 12, 31), 0, 6, date(2027, 7, 1)),
        (date(2026, 8, 31), 0, 6, date(2027, 3, 1)),
        (date(2026, 1, 31), 1, 1, date(2027, 3, 1)),
    ],
)
def test_a_term_is_over_on_the_day_after_its_last(
    started_on: date, years: int, months: int, first_day_without: date
) -> None:
    assert ends_on(started_on, Term(FILE, years, months, ALWAYS)) == first_day_without


@pytest.mark.parametrize(
    ("data_class", "started_on", "expected"),
    [
        (FILE, date(2026, 7, 31), date(2028, 8, 1)),
        (TABLE, date(2026, 7, 31), date(2029, 8, 1)),
        (ABSENCE, date(2026, 7, 31), date(2031, 8, 1)),
        (FILE, None, None),  # still enrolled
        (FILE, date(2031, 7, 31), date(2033, 8, 1)),  # leaves later this year: it is known, and far away
        (DataClass.REFERRAL, date(2026, 7, 31), None),  # no term: nothing is destroyed by guess
    ],
)
def test_each_class_has_its_own_clock(data_class: DataClass, started_on: date | None, expected: date | None) -> None:
    assert destroy_on(Facts(data_class, started_on), TERMS, TODAY) == expected


@pytest.mark.parametrize("block", list(Block))
def test_a_block_stops_destruction_but_not_the_clock(block: Block) -> None:
    facts = Facts(FILE, date(2026, 7, 31), frozenset({block}))

    assert destroy_on(facts, TERMS, TODAY) is None
    assert term_ended(facts, TERMS, TODAY) == date(2028, 8, 1)


def test_data_waits_for_what_rests_on_it() -> None:
    """A file that is kept for ten years keeps the absence it is about, which alone would be gone after five."""
    terms = [*TERMS, Term(FILE, 10, 0, date(2027, 1, 1))]
    left = date(2026, 7, 31)

    assert destroy_on(Facts(ABSENCE, left, waits_for=(Facts(FILE, left),)), terms, TODAY) == date(2036, 8, 1)
    assert destroy_on(Facts(ABSENCE, left, waits_for=(Facts(FILE, left),)), TERMS, TODAY) == date(2031, 8, 1)


def test_a_block_on_what_rests_on_it_blocks_it_as_well() -> None:
    left = date(2020, 7, 31)
    open_case = Facts(FILE, left, frozenset({Block.OPEN_CASE}))

    assert destroy_on(Facts(ABSENCE, left, waits_for=(open_case,)), TERMS, TODAY) is None


def test_the_newest_term_holds_for_data_that_is_there_already() -> None:
    """Lengthened or shortened: what is kept too long today is not kept longer because it is old."""
    shorter = Term(FILE, 1, 0, date(2029, 1, 1))

    assert term_on(FILE, [*TERMS, shorter], date(2028, 12, 31)) == TERMS[0]
    assert term_on(FILE, [*TERMS, shorter], date(2029, 1, 1)) == shorter


def test_of_one_day_the_last_chosen_holds() -> None:
    """In whatever order they come, and also when it is as long as one before."""
    rows = [Term(FILE, years, 0, ALWAYS, 1, number) for number, years in enumerate((3, 20, 3), 1)]

    assert term_on(FILE, rows, TODAY, 1) == rows[2]
    assert term_on(FILE, rows[::-1], TODAY, 1) == rows[2]
    assert term_on(FILE, [*rows, Term(FILE, 1, 0, date(2000, 1, 2), 1, 0)], TODAY, 1).years == 1  # type: ignore[union-attr]


def test_a_term_of_an_alliance_goes_before_the_general_one_and_only_there() -> None:
    own = Term(FILE, 3, 0, date(2020, 1, 1), alliance_id=1)
    newer_general = Term(FILE, 1, 0, date(2025, 1, 1))
    terms = [own, *TERMS, newer_general]

    assert term_on(FILE, terms, TODAY, alliance_id=1) == own
    assert term_on(FILE, terms, TODAY, alliance_id=2) == newer_general
    assert term_on(FILE, terms, TODAY) == newer_general


def test_what_waits_stands_after_what_it_waits_for() -> None:
    """The order of the classes is the order of destruction."""
    order = list(DataClass)

    assert all(order.index(first) < order.index(later) for later, firsts in WAITS_FOR.items() for first in firsts)

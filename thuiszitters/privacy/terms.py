"""When data may go. Plain rules: no database, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from thuiszitters.privacy.data_classes import Block, DataClass

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Term:
    """How long a class of data is kept, in calendar years and months after its start event. `alliance_id` None: the
    term of everybody. It holds from `valid_from` on, for all data that is there then. `number`: of two terms from one
    day on, the higher one was chosen later."""

    data_class: DataClass
    years: int
    months: int
    valid_from: date
    alliance_id: int | None = None
    number: int = 0

    @property
    def length(self) -> relativedelta:
        """Years and months; a month has as many days as the calendar gives it."""
        return relativedelta(years=self.years, months=self.months)


@dataclass(frozen=True)
class Facts:
    """What is known of one class of data of one pupil at one holder.

    `started_on`: the day of the start event, the last day that the pupil was enrolled at this school (or on the table
    of this alliance); None: it has not happened. `waits_for`: the facts of data that rests on this.
    """

    data_class: DataClass
    started_on: date | None
    blocks: frozenset[Block] = frozenset()
    alliance_id: int | None = None
    waits_for: tuple[Facts, ...] = field(default=())


def term_on(data_class: DataClass, terms: Iterable[Term], today: date, alliance_id: int | None = None) -> Term | None:
    """The term that holds on `today`: the last chosen of the alliance, else of everybody; None: there is none."""
    valid = [
        term
        for term in terms
        if term.data_class == data_class and term.valid_from <= today and term.alliance_id in {None, alliance_id}
    ]
    return max(valid, key=lambda term: (term.alliance_id is not None, term.valid_from, term.number), default=None)


def ends_on(started_on: date, term: Term) -> date:
    """The first day after the term: all of its last day the data is still there. 29 Feb 2028 and two years: 1 Mar
    2030."""
    return started_on + term.length + ONE_DAY


def term_ended(facts: Facts, terms: Iterable[Term], today: date) -> date | None:
    """As destroy_on, but whatever stands in the way: to tell what is old enough and must wait."""
    known = list(terms)
    term = term_on(facts.data_class, known, today, facts.alliance_id)
    if facts.started_on is None or term is None:
        return None
    days = [ends_on(facts.started_on, term)]
    for other in facts.waits_for:
        day = term_ended(other, known, today)
        if day is None:
            return None
        days.append(day)
    return max(days)


def destroy_on(facts: Facts, terms: Iterable[Term], today: date) -> date | None:
    """The first day on which this data may be destroyed, by what is known on `today`.

    None: not as things stand. The start event has not happened, no term holds, or something blocks this data or data
    that rests on it.
    """
    if facts.blocks or any(other.blocks for other in facts.waits_for):
        return None
    return term_ended(facts, terms, today)

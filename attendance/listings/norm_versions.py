"""The norms of an alliance over time: what holds now and since when, what held before, and what is to come."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from attendance.engine import facts as engine
from attendance.engine.facts import Reading, Rule
from attendance.facts import norm_of, norms_with
from attendance.models import NormRow
from attendance.models.calendar import RULE_LABELS
from attendance.services.norm_texts import words_of
from thuiszitters.accounts.models import Alliance

ONE_DAY = timedelta(days=1)
NOW, BEFORE, AHEAD = "geldt nu", "gold eerder", "komt nog"
READS_WEEKS = frozenset({Rule.HOME_2W, Rule.HOME_4W})
"""Rules in weeks, that an alliance can count in school days or straight through."""

SAYS_ITSELF = frozenset({Rule.HOURS_16, Rule.SICK_4X, Rule.SICK_7D})
"""Rules that are called what their norm says."""


@dataclass(frozen=True)
class NormPeriod:
    """A norm with the dates on which it holds. `sentence` None: on these dates there is no norm, and no signal."""

    state: str
    first: date | None
    last: date | None
    sentence: str | None
    source: str = ""
    is_own: bool = False


@dataclass(frozen=True)
class RuleNorms:
    """All periods of one rule in order of time. `can_withdraw`: the last one is the alliance's own and has not
    begun."""

    rule: Rule
    label: str
    periods: tuple[NormPeriod, ...]
    can_withdraw: bool

    @property
    def now(self) -> NormPeriod:
        return next(period for period in self.periods if period.state == NOW)

    @property
    def others(self) -> list[NormPeriod]:
        return [period for period in self.periods if period.state != NOW]


def norms_of_alliance(alliance: Alliance | None, today: date) -> list[RuleNorms]:
    """Each rule with its norms; None: those of everybody. One query."""
    rows = NormRow.objects.filter(alliance=None)
    if alliance is not None:
        rows |= NormRow.objects.filter(alliance=alliance)
    found = {row.pk: row for row in rows.order_by("pk")}
    own = tuple(norm_of(row) for row in found.values() if row.alliance_id)
    common = tuple(norm_of(row) for row in found.values() if not row.alliance_id)
    pieces = norms_with(own, common).rows
    return [rule_norms(rule, [norm for norm in pieces if norm.rule is rule], found, today) for rule in Rule]


def rule_norms(rule: Rule, norms: list[engine.Norm], rows: dict[int, NormRow], today: date) -> RuleNorms:
    periods: list[NormPeriod] = []
    begin: date | None = date.min
    for norm in sorted(norms, key=lambda norm: norm.valid_from or date.min):
        if begin is not None and norm.valid_from is not None and norm.valid_from > begin:
            periods.append(gap(begin, norm.valid_from - ONE_DAY, today))
        row = rows[norm.ref or 0]
        periods.append(
            NormPeriod(
                state=state_of(norm.valid_from, norm.valid_until, today),
                first=norm.valid_from,
                last=norm.valid_until,
                sentence=sentence_of(norm),
                source=row.source,
                is_own=row.alliance_id is not None,
            )
        )
        begin = None if norm.valid_until is None else norm.valid_until + ONE_DAY
    if begin is not None:
        periods.append(gap(begin, None, today))
    own = [row for row in rows.values() if row.alliance_id and row.rule == rule]
    last = max((row.valid_from or date.min for row in own), default=date.min)
    return RuleNorms(rule, RULE_LABELS[rule], tuple(periods), can_withdraw=last > today)


def gap(first: date, last: date | None, today: date) -> NormPeriod:
    begin = None if first == date.min else first
    return NormPeriod(state_of(begin, last, today), begin, last, None)


def state_of(first: date | None, last: date | None, today: date) -> str:
    if first is not None and first > today:
        return AHEAD
    return BEFORE if last is not None and last < today else NOW


def sentence_of(norm: engine.Norm) -> str:
    """2 weken thuis = 10 schooldagen niet op school, telling: schooldagen."""
    text = words_of(norm)
    if norm.rule not in SAYS_ITSELF:
        text = f"{RULE_LABELS[norm.rule]} = {text}"
    if norm.rule in READS_WEEKS:
        text += f", telling: {'kalenderdagen' if norm.reading is Reading.CALENDAR else 'schooldagen'}"
    if norm.gap_days:
        text += f", hoogstens één signaal per {norm.gap_days} dagen"
    if norm.min_weeks:
        text += f", als van minstens {norm.min_weeks} lesweken bekend is wie er was"
    return text

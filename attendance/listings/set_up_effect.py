"""What a change of the set-up would do, before it is saved: numbers per rule, for who sees no pupils."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date

from django.db.models import Q
from django.db.models.query import QuerySet

from attendance.batches import rows_of
from attendance.engine import facts as engine
from attendance.engine.facts import Rule
from attendance.facts import ExceptionRow, norm_of, norms_of, norms_with, school_as
from attendance.models import Absence, CalendarException, Enrolment, NormRow, Pupil, Reason
from attendance.models.calendar import RULE_LABELS
from attendance.services.own_days import own_days_at
from attendance.services.reasons import Meaning
from attendance.services.rehearsal import Change, ToldEffect, told_effect_of, with_school
from attendance.services.schools import Counted
from attendance.services.touched import touched_by_calendar, touched_by_norms, touched_by_reason, touched_by_school
from thuiszitters.accounts.models import Alliance, School

MOST = 4000
"""Pupils that are counted while somebody waits; of more than that, evenly spread ones."""


@dataclass(frozen=True)
class RuleEffect:
    """How many signals of one rule come, go or move."""

    label: str
    new: int
    moved: int
    withdrawn: int


@dataclass(frozen=True)
class SetUpEffect:
    """`pupils` is how many get another count, or other signals (`what`); `looked_at` of the `touched` ones were counted
    (all, unless they are too many); `failed` could not be."""

    touched: int
    looked_at: int
    pupils: int
    failed: int
    rules: tuple[RuleEffect, ...]
    what: str = "telling"

    @property
    def new(self) -> int:
        return sum(rule.new for rule in self.rules)

    @property
    def moved(self) -> int:
        return sum(rule.moved for rule in self.rules)

    @property
    def withdrawn(self) -> int:
        return sum(rule.withdrawn for rule in self.rules)

    @property
    def is_sample(self) -> bool:
        return self.looked_at < self.touched

    @property
    def sentence(self) -> str:
        """Dit verandert de telling van 12 leerlingen: 1 signaal schuift, 1 vervalt, 0 komen erbij."""
        if not self.pupils:
            return f"Dit verandert de {self.what} van geen enkele leerling."
        who = "1 leerling" if self.pupils == 1 else f"{self.pupils} leerlingen"
        moves = "1 signaal schuift" if self.moved == 1 else f"{self.moved} signalen schuiven"
        goes = "1 vervalt" if self.withdrawn == 1 else f"{self.withdrawn} vervallen"
        comes = "1 komt erbij" if self.new == 1 else f"{self.new} komen erbij"
        return f"Dit verandert de {self.what} van {who}: {moves}, {goes}, {comes}."


def effect_of_own_days(
    school: School, after: Sequence[ExceptionRow], span: tuple[date, date], *, today: date, finished: date
) -> SetUpEffect:
    """The school's own days become `after`; they differ from `span[0]` to `span[1]`."""
    change = with_school(school_as(school, sorted(after)))
    return _told(touched_by_calendar(school, *span), change, today=today, finished=finished)


def own_days_of(school: School, *, but: CalendarException | None = None) -> list[ExceptionRow]:
    """The own days of this school as they stand, but for one row."""
    return list(own_days_at(school, but=but).values_list("first", "last", "kind", "description"))


def effect_of_school(school: School, counted: Counted, *, today: date, finished: date) -> SetUpEffect:
    """Sector, region, lesson length or standard timetable become other ones, for all dates."""
    becomes = School(pk=school.pk, complete_through=school.complete_through)
    counted.put_on(becomes)
    change = with_school(school_as(becomes, own_days_of(school)))
    return _told(touched_by_school(school), change, today=today, finished=finished)


def effect_of_norms(
    alliance: Alliance, rule: Rule, versions: Sequence[NormRow], *, today: date, finished: date
) -> SetUpEffect:
    """The alliance's own norms of `rule` become these."""
    others = NormRow.objects.filter(alliance=alliance).exclude(rule=rule.value).order_by("rule", "valid_from", "pk")
    own = tuple(norm_of(row) for row in (*others, *versions))
    norms = norms_with(own, norms_of([None])[None].rows)
    ids, touched = spread(touched_by_norms(alliance))
    here: dict[int, set[date]] = {pk: set() for pk in ids}
    rows = Enrolment.objects.filter(rows_of("pupil", ids), school__alliance=alliance).order_by()
    for pupil_id, first in rows.values_list("pupil_id", "first"):
        if pupil_id in here:
            here[pupil_id].add(first)

    def changing(firsts: Collection[date]) -> Change:
        return lambda facts: replace(
            facts,
            enrolments=tuple(replace(row, norms=norms) if row.first in firsts else row for row in facts.enrolments),
        )

    changes = {pk: changing(firsts) for pk, firsts in here.items()}
    told = told_effect_of(changes, today=today, finished=finished)
    # "12 of 16 hours" becomes "12 of 14" for everybody: of a norm the signals are what matters.
    told.changed = {row.pupil_id for row in (*told.new, *told.withdrawn, *(move.was for move in told.moved))}
    return replace(_effect(told, touched), what="signalen")


def effect_of_meaning(reason: Reason, meaning: Meaning, *, today: date, finished: date) -> SetUpEffect:
    """What stands under this code, or under a code that maps to it, gets another meaning."""
    ids, touched = spread(touched_by_reason(reason))
    records = Absence.objects.standing().filter(Q(reason=reason) | Q(reason__maps_to=reason), rows_of("pupil", ids))
    refs = frozenset(records.order_by().values_list("pk", flat=True))

    def change(facts: engine.Facts) -> engine.Facts:
        return replace(
            facts,
            absences=tuple(
                replace(row, counts=meaning.counts, authorised=meaning.authorised, sick=meaning.sick)
                if row.ref in refs
                else row
                for row in facts.absences
            ),
        )

    return _effect(told_effect_of(dict.fromkeys(ids, change), today=today, finished=finished), touched)


def spread(touched: QuerySet[Pupil, int]) -> tuple[list[int], int]:
    """At most MOST of these ids, evenly spread, and how many there are."""
    ids = list(touched)
    step = -(-len(ids) // MOST) or 1
    return ids[::step], len(ids)


def _told(touched: QuerySet[Pupil, int], change: Change, *, today: date, finished: date) -> SetUpEffect:
    ids, number = spread(touched)
    return _effect(told_effect_of(dict.fromkeys(ids, change), today=today, finished=finished), number)


def _effect(told: ToldEffect, touched: int) -> SetUpEffect:
    new = Counter(signal.rule for signal in told.new)
    moved = Counter(move.was.rule for move in told.moved)
    withdrawn = Counter(signal.rule for signal in told.withdrawn)
    return SetUpEffect(
        touched=touched,
        looked_at=told.looked_at,
        pupils=told.pupils_changed,
        failed=len(told.failed),
        rules=tuple(
            RuleEffect(RULE_LABELS[rule], new[rule], moved[rule], withdrawn[rule])
            for rule in Rule
            if new[rule] or moved[rule] or withdrawn[rule]
        ),
    )

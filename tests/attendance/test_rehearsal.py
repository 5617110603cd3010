"""What a change would do is told by the rules that saving it applies: the telling equals what then happens."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from attendance.engine.calendar import CalendarException, SchoolCalendar
from attendance.engine.evaluate import evaluate
from attendance.engine.facts import Absence as AbsenceFact
from attendance.facts import facts_of, schools_of
from attendance.models import Absence, Crossing, CrossingChange, Pupil, PupilClock
from attendance.services.absences import (
    AbsenceError,
    Content,
    change_absence,
    close_absence,
    record_absence,
    withdraw_absence,
)
from attendance.services.clocks import evaluate_pupils
from attendance.services.crossings import Outcome
from attendance.services.rehearsal import (
    Signal,
    ToldEffect,
    counts_of,
    told_effect,
    told_effect_of,
    with_records,
    with_school,
)
from tests import factories
from thuiszitters.accounts.models import School

pytestmark = pytest.mark.django_db
TODAY = date(2026, 2, 13)
"""A Friday."""
START = date(2025, 9, 1)
CODES = ("ziek", "ongeoorloofd", "onbekend", "geoorloofd", "elders")

Told = tuple[set[tuple[int, str, date, date]], set[tuple[int, date, date]], set[int]]


@pytest.fixture(autouse=True)
def no_follow_up(settings: Settings) -> None:
    settings.FOLLOW_UP_TASKS = []


@pytest.fixture
def school() -> School:
    return factories.school(complete_through=TODAY)


def told(effect: ToldEffect) -> Told:
    """What comes, where what stands goes to, and what goes."""
    return (
        {(row.pupil_id, row.rule, row.start, row.crossed_on) for row in effect.new},
        {(move.was.crossing_id or 0, move.becomes.start, move.becomes.crossed_on) for move in effect.moved},
        {row.crossing_id or 0 for row in effect.withdrawn},
    )


def done(outcome: Outcome) -> Told:
    """The same of what was saved."""
    came = [*outcome.created, *outcome.restored]
    return (
        {(row.pupil_id, row.rule, row.start, row.crossed_on) for row in came},
        {(row.pk, row.start, row.crossed_on) for row in outcome.moved},
        {row.pk for row in outcome.withdrawn},
    )


def fact(content: Content) -> AbsenceFact:
    reason = content.reason
    return AbsenceFact(content.first, content.last, content.minutes, reason.counts, reason.authorised, reason.sick)


class Chance:
    """A pupil to whom things happen one after the other; each is told before it is saved."""

    def __init__(self, seed: int, school: School) -> None:
        self.random = random.Random(seed)
        self.by = factories.user()
        self.pupil = factories.pupil(school)
        if self.random.random() < 0.4:
            week = self.random.choice(((300, 0, 300, 0, 300), (0, 0, 0, 0, 0), (120, 120, 120, 120, 120)))
            factories.own_timetable(self.pupil, week, self.day(), None)
        if self.random.random() < 0.3:
            first = self.day()
            factories.exemption(self.pupil, first, first + timedelta(days=20))

    def day(self) -> date:
        return START + timedelta(days=self.random.randint(0, 170))

    def content(self) -> Content:
        reason = factories.reason(self.random.choice(CODES))
        first = self.day()
        if self.random.random() < 0.2:
            return Content(first, first, reason, self.random.choice((60, 120, 300)))
        length = self.random.choice((0, 2, 7, 12, 35, None))
        return Content(first, None if length is None else first + timedelta(days=length), reason)

    def step(self) -> tuple[ToldEffect, Outcome] | None:
        """One change: what was told of it, and what it did. None when it cannot be."""
        records = list(self.pupil.absences.standing())
        kind = self.random.choice(("add", "add", "change", "close", "withdraw")) if records else "add"
        try:
            if kind == "add":
                return self.add(self.content())
            changes = {"change": self.change, "close": self.close, "withdraw": self.withdraw}
            return changes[kind](self.random.choice(records))
        except AbsenceError:
            return None

    def telling(self, *added: Content, without: Absence | None = None) -> ToldEffect:
        change = with_records(added=map(fact, added), without=() if without is None else (without.pk,))
        return told_effect([self.pupil.pk], change, today=TODAY)

    def add(self, content: Content) -> tuple[ToldEffect, Outcome]:
        effect = self.telling(content)
        recorded = record_absence(
            pupil=self.pupil,
            first=content.first,
            last=content.last,
            reason=content.reason,
            minutes=content.minutes,
            by=self.by,
            today=TODAY,
        )
        return effect, recorded.outcome

    def change(self, row: Absence) -> tuple[ToldEffect, Outcome]:
        content = self.nudged(row) if self.random.random() < 0.6 else self.content()
        effect = self.telling(content, without=row)
        return effect, change_absence(absence=row, content=content, by=self.by, today=TODAY).outcome

    def nudged(self, row: Absence) -> Content:
        """Some days earlier or later, as a correction usually is."""
        first = row.first + timedelta(days=self.random.choice((-3, -1, 1, 2, 4)))
        last = first if row.minutes else row.last
        return Content(first, None if last is None else max(first, last), row.reason, row.minutes)

    def close(self, row: Absence) -> tuple[ToldEffect, Outcome]:
        back_on = row.first + timedelta(days=self.random.randint(0, 40))
        until = back_on - timedelta(days=1)
        kept = [] if back_on <= row.first else [Content(row.first, until, row.reason, row.minutes)]
        effect = self.telling(*kept, without=row)
        return effect, close_absence(absence=row, back_on=back_on, by=self.by, today=TODAY).outcome

    def withdraw(self, row: Absence) -> tuple[ToldEffect, Outcome]:
        effect = self.telling(without=row)
        return effect, withdraw_absence(absence=row, by=self.by, today=TODAY).outcome


@pytest.mark.parametrize("seed", range(16))
def test_told_effect_equals_what_saving_then_does(seed: int, school: School) -> None:
    chance = Chance(seed, school)
    for _ in range(10):
        before = counts_of(evaluate(facts_of([chance.pupil.pk])[chance.pupil.pk], TODAY))
        found = chance.step()
        if found is None:
            continue
        effect, outcome = found
        after = counts_of(evaluate(facts_of([chance.pupil.pk])[chance.pupil.pk], TODAY))
        assert told(effect) == done(outcome)
        assert effect.changes_signals == outcome.changed
        assert bool(effect.changed) == (before != after or outcome.changed)


def test_the_seeds_see_every_kind_of_change(school: School) -> None:
    """Otherwise the test above would prove less than it says."""
    seen = {"new": 0, "moved": 0, "withdrawn": 0, "nothing": 0}
    for seed in range(100, 108):
        chance = Chance(seed, school)
        for _ in range(10):
            if found := chance.step():
                for kind in ("new", "moved", "withdrawn"):
                    seen[kind] += len(getattr(found[0], kind))
                seen["nothing"] += not found[0].changes_signals
    assert min(seen.values()) >= 3, seen


# Whole schools


def class_of(school: School, size: int) -> list[Pupil]:
    """Pupils at home since so many days that two weeks were just full, or nearly."""
    pupils = [factories.pupil(school) for _ in range(size)]
    for n, child in enumerate(pupils):
        factories.absence(child, TODAY - timedelta(days=9 + n % 5), None, "geoorloofd")
    return pupils


def with_days(school: School, *days: CalendarException) -> Callable[..., ToldEffect]:
    standing = schools_of([school.pk])[school.pk]
    changed = replace(standing, calendar=SchoolCalendar("zuid", days))
    return lambda ids: told_effect(ids, with_school(changed), today=TODAY)


def test_own_free_day_of_a_school_is_told_for_all_its_pupils(school: School) -> None:
    """Six days before today become free: who had just passed two weeks has not."""
    pupils = class_of(school, 10)
    elsewhere = class_of(factories.school(complete_through=TODAY), 3)
    everybody = [child.pk for child in (*pupils, *elsewhere)]
    evaluate_pupils(everybody, today=TODAY, cause="test")
    day = TODAY - timedelta(days=3)

    effect = with_days(school, CalendarException(day, day))(everybody)
    factories.closed(school, day)
    outcome = evaluate_pupils(everybody, today=TODAY, cause="test")

    assert told(effect) == done(outcome)
    assert effect.changed == {child.pk for child in pupils}
    assert effect.looked_at == 13
    assert len(effect.withdrawn) > 0


def test_school_that_becomes_open_in_its_holiday_is_told(school: School) -> None:
    pupils = class_of(school, 5)
    for child in pupils:
        Absence.objects.filter(pupil=child).update(first=date(2025, 12, 8))
    ids = [child.pk for child in pupils]
    evaluate_pupils(ids, today=TODAY, cause="test")
    first, last = date(2025, 12, 22), date(2026, 1, 2)

    effect = with_days(school, CalendarException(first, last, opened=True))(ids)
    factories.closed(school, first, last, kind="open")
    outcome = evaluate_pupils(ids, today=TODAY, cause="test")

    assert told(effect) == done(outcome)
    assert {move.was.rule for move in effect.moved} == {"thuis-4w"}


def test_own_timetable_of_one_pupil_is_told(school: School) -> None:
    pupil = factories.pupil(school)
    first = date(2026, 1, 12)
    row = factories.own_timetable(pupil, (0, 0, 0, 0, 0), first)
    facts = facts_of([pupil.pk])[pupil.pk]
    row.delete()

    effect = told_effect_of({pupil.pk: lambda old: replace(old, timetables=facts.timetables)}, today=TODAY)
    factories.own_timetable(pupil, (0, 0, 0, 0, 0), first)
    outcome = evaluate_pupils([pupil.pk], today=TODAY, cause="test")

    assert told(effect) == done(outcome)
    assert Signal(pupil.pk, "thuis-4w", first, date(2026, 2, 6)) in effect.new


def test_each_pupil_can_have_a_change_of_its_own(school: School) -> None:
    ill, well = factories.pupil(school), factories.pupil(school)
    record = Content(date(2026, 1, 12), None, factories.reason())

    effect = told_effect_of({ill.pk: with_records(added=[fact(record)]), well.pk: with_records()}, today=TODAY)

    assert effect.changed == {ill.pk}
    assert effect.pupils_changed == 1


def test_what_a_job_evaluates_later_is_told_as_that_job_will_see_it(school: School) -> None:
    """A pupil that was evaluated as of yesterday is not looked at as of today."""
    pupil = factories.pupil(school)
    yesterday = TODAY - timedelta(days=1)
    # The tenth school day is today.
    change = with_records(added=[fact(Content(date(2026, 2, 2), None, factories.reason("geoorloofd")))])

    as_of_yesterday = told_effect([pupil.pk], change, today=TODAY, finished=yesterday)
    as_of_today = told_effect([pupil.pk], change, today=TODAY)

    assert {row.rule for row in as_of_today.new} - {row.rule for row in as_of_yesterday.new} == {"thuis-2w"}


def test_rehearsing_writes_and_locks_nothing(school: School) -> None:
    pupils = class_of(school, 3)
    evaluate_pupils([child.pk for child in pupils], today=TODAY, cause="test")
    kept = [list(model.objects.order_by("pk").values()) for model in (Crossing, CrossingChange, PupilClock, Absence)]

    with CaptureQueriesContext(connection) as queries:
        told_effect([child.pk for child in pupils], with_records(), today=TODAY)

    assert {query["sql"].split()[0] for query in queries} == {"SELECT"}
    assert not [query for query in queries if "FOR " in query["sql"]]
    assert kept == [
        list(model.objects.order_by("pk").values()) for model in (Crossing, CrossingChange, PupilClock, Absence)
    ]


def test_queries_do_not_follow_the_number_of_pupils(school: School) -> None:
    ids = [child.pk for child in class_of(school, 40)]
    evaluate_pupils(ids, today=TODAY, cause="test")
    counts = []
    for some in (ids[:1], ids[:3], ids):
        with CaptureQueriesContext(connection) as queries:
            told_effect(some, with_records(), today=TODAY)
        counts.append(len(queries))

    assert counts[0] == counts[1] == counts[2]


def test_pupil_that_cannot_be_evaluated_does_not_stop_the_others(
    school: School, caplog: pytest.LogCaptureFixture
) -> None:
    """Nobody can be sick zero days in a row."""
    odd = factories.school(alliance=factories.alliance(), complete_through=TODAY)
    factories.norm("ziek-7d", 0, odd.alliance)
    broken, fine = factories.pupil(odd), factories.pupil(school)
    ill = fact(Content(date(2026, 1, 12), date(2026, 1, 12), factories.reason()))

    effect = told_effect([broken.pk, fine.pk], with_records(added=[ill]), today=TODAY)

    assert (effect.failed, effect.changed) == ([broken.pk], {fine.pk})
    assert f"pupil {broken.pk} cannot be evaluated" in caplog.text

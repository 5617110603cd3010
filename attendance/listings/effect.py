"""What a change of absence would do, told before it is saved: which days it touches, and which signals come or go."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from attendance.engine.evaluate import evaluate
from attendance.engine.facts import Absence as AbsenceFact
from attendance.engine.facts import Crossing, Facts
from attendance.engine.forecast import forecast
from attendance.facts import facts_of, properties_of
from attendance.listings.told_texts import ALREADY_SENT, label, told_sentences
from attendance.listings.touched_days import TouchedDays, covers, touched_days
from attendance.models import Absence, Enrolment, Pupil
from attendance.services.absences import Content
from attendance.services.rehearsal import Change, Signal, ToldEffect, told_effect, with_records
from thuiszitters.accounts.dutch_dates import short_date


@dataclass(frozen=True)
class Effect:
    """`days`: those of the record as it would be, None when it goes. `sentences` say which signals come, move and go
    (always at least one); `ahead` which will, when it goes as the record says. `corrects`: a signal falls or moves, so
    somebody will ask why."""

    days: TouchedDays | None
    sentences: tuple[str, ...]
    ahead: tuple[str, ...]
    corrects: bool
    already_sent: str = ALREADY_SENT


def effect_of(
    pupil: Pupil,
    content: Content | None,
    *,
    enrolments: Sequence[Enrolment],
    today: date,
    instead_of: Absence | None = None,
) -> Effect:
    """The effect of a record that says `content`; None: of taking away `instead_of`. Reads only.

    `enrolments` are those whose dates the reader may see: a signal of another date is not told.
    """
    added = () if content is None else (fact_of(content),)
    change = with_records(added=added, without=() if instead_of is None else (instead_of.pk,))

    def sees(day: date) -> bool:
        return any(covers(row, day) for row in enrolments)

    told = seen_only(told_effect([pupil.pk], change, today=today), sees)
    facts = change(facts_of([pupil.pk])[pupil.pk])
    days = None
    if content is not None:
        # Without an end: what is certain is up to and including today.
        last = max(content.first, today) if content.last is None else content.last
        days = touched_days(facts, content.first, last, enrolments=enrolments, today=today, minutes=content.minutes)
    return Effect(
        days=days,
        sentences=tuple(told_sentences(told, pupil.first_name, today)),
        ahead=() if content is None else tuple(ahead_of(facts, content, pupil.first_name, today, sees)),
        corrects=bool(told.moved or told.withdrawn),
    )


def fact_of(content: Content) -> AbsenceFact:
    """A record as the rules are told of it."""
    counts, authorised, sick = properties_of({content.reason.pk})[content.reason.pk]
    return AbsenceFact(content.first, content.last, content.minutes, counts, authorised, sick)


def change_of(content: Content) -> Change:
    """A record comes."""
    return with_records(added=(fact_of(content),))


def seen_only(told: ToldEffect, sees: Callable[[date], bool]) -> ToldEffect:
    """Without the signals of dates that the reader may not see."""
    return replace(
        told,
        new=[row for row in told.new if sees(row.crossed_on)],
        moved=[row for row in told.moved if sees(row.was.crossed_on) and sees(row.becomes.crossed_on)],
        withdrawn=[row for row in told.withdrawn if sees(row.crossed_on)],
    )


def ahead_of(facts: Facts, content: Content, name: str, today: date, sees: Callable[[date], bool]) -> list[str]:
    """What will be passed after today when the pupil stays away as the record says."""
    if not content.reason.counts or (content.last is not None and content.last <= today):
        return []
    if content.last is None:
        found = forecast(facts, max(today, content.first))[:2]
    else:
        now = evaluate(facts, today).crossings
        found = tuple(row for row in evaluate(facts, content.last).crossings if row not in now)
    return [
        f"op {short_date(row.crossed_on, today)} passeert {name} {label(as_signal(row))}"
        for row in found
        if row.crossed_on > today and sees(row.crossed_on)
    ]


def as_signal(crossing: Crossing) -> Signal:
    return Signal(0, crossing.rule.value, crossing.start, crossing.crossed_on)

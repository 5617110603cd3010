"""What a register said on an earlier day: less of it, and some of it otherwise than the files of later put right."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import date, timedelta

from tests.attendance.made_up_registers import (
    ALLIANCE,
    OTHER_ALLIANCE,
    WHOLE_CODES,
    Child,
    Maker,
    Record,
    Register,
    Stay,
)

ONE_DAY = timedelta(days=1)


def earlier(final: Register, maker: Maker, day: date) -> Register:
    """The same schools and pupils as the files of `day` had them; the final files turn this into `final`."""
    before = deepcopy(final)
    for school in before.schools.values():
        if maker.maybe(0.3):
            school.week = maker.chance.choice(((300,) * 5, (320, 320, 200, 320, 320)))
        if school.lesson is not None and maker.maybe(0.2):
            school.lesson += 5
        if maker.maybe(0.15):
            school.alliance = maker.chance.choice((ALLIANCE, OTHER_ALLIANCE))
        school.days = [
            (first, maker.chance.choice((last, first)), maker.chance.choice((kind, kind, "vrij", "open")))
            for first, last, kind in school.days
            if maker.maybe(0.7)
        ]
    before.children = [child for child in before.children if child.stays[0].first <= day]
    for child in before.children:
        child.stays = stays_before(child, maker, day)
        child.timetables = [
            (first, maker.chance.choice((last, first)), maker.chance.choice((week, (60, 60, 60, 60, 60))))
            for first, last, week in child.timetables
            if first <= day and maker.maybe(0.8)
        ]
        child.exemptions = [
            (first, maker.chance.choice((last, None))) for first, last in child.exemptions if maker.maybe(0.7)
        ]
        child.records = records_before(child, before, maker, day)
    return before


def stays_before(child: Child, maker: Maker, day: date) -> list[Stay]:
    found = [replace(stay) for stay in child.stays if stay.first <= day]
    last = found[-1]
    if last.last is None or last.last > day or maker.maybe(0.2):
        last.last, last.reason = None, ""
    elif maker.maybe(0.2):
        last.reason = maker.chance.choice(("diploma", "overig", ""))
    if maker.maybe(0.1):
        last.place = maker.chance.choice(child.pool)
    return found


def records_before(child: Child, before: Register, maker: Maker, day: date) -> list[Record]:
    known = sorted((r for r in child.records if r.first <= day and maker.maybe(0.85)), key=lambda r: r.first)
    found: list[Record] = []
    for place, record in enumerate(known):
        following = known[place + 1].first if place + 1 < len(known) else None
        found.append(record_before(record, following, maker, day))
    return [
        record
        for record in found
        if record.minutes is not None or record.lesson is None or before.can_leave_minutes(child, record.first)
    ]


def record_before(record: Record, following: date | None, maker: Maker, day: date) -> Record:
    """What was said of it: reason not known yet, no end yet, another end, or only a part of a day."""
    code = "onbekend" if maker.maybe(0.3) else record.code
    if record.partial:
        minutes = 30 if record.minutes is not None and maker.maybe(0.2) else record.minutes
        return replace(record, code=code, minutes=minutes)
    last = record.last
    if following is None and (last is None or last > day or maker.maybe(0.4)):
        last = None
    elif maker.maybe(0.3):
        most = (following or record.first + timedelta(days=20)) - ONE_DAY
        last = max(record.first, record.first + (most - record.first) * maker.chance.choice((0, 1)))
    if last == record.first and maker.maybe(0.3):
        return Record(record.first, record.first, maker.chance.choice((*WHOLE_CODES, "telaat")), 90)
    return Record(record.first, last, code)

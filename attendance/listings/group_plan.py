"""What recording an absence for whole classes would do: a line for each pupil, and who is left out for what."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from attendance.batches import rows_of
from attendance.facts import facts_of
from attendance.listings.effect import change_of, seen_only
from attendance.listings.told_texts import told_sentences
from attendance.listings.touched_days import TouchedDays, covers, touched_days
from attendance.models import Absence, Enrolment, Group, Pupil
from attendance.services.absences import Content, content_of
from attendance.services.group_absences import records_in_the_way
from attendance.services.rehearsal import Change, ToldEffect, told_effect_of, with_records
from attendance.services.touched import class_of_each
from thuiszitters.accounts.models import User


@dataclass(frozen=True)
class PlanLine:
    """One pupil. `why_not`: why nothing is recorded, empty when it can be. `sentences`: which signals come or go."""

    pupil: Pupil
    group: Group
    why_not: str
    days: TouchedDays
    is_usual: bool
    sentences: tuple[str, ...] = ()

    @property
    def can(self) -> bool:
        return not self.why_not


@dataclass(frozen=True)
class GroupPlan:
    """`usual`: the days that most pupils miss; a line with other days says so itself."""

    lines: tuple[PlanLine, ...]
    usual: TouchedDays | None

    @property
    def fitting(self) -> list[PlanLine]:
        return [line for line in self.lines if line.can]

    @property
    def skipped(self) -> list[PlanLine]:
        return [line for line in self.lines if not line.can]


def group_plan(groups: Sequence[Group], content: Content, user: User, today: date) -> GroupPlan:
    """The pupils whose class on the first date is one of these, in order of class and name. Reads only.

    The number of queries does not follow the number of pupils or classes.
    """
    pupils = pupils_in(groups, content.first, user)
    ids = [pupil.pk for pupil, _ in pupils]
    seen = visible_enrolments_of(ids, user)
    standing = records_in_the_way(ids, content)
    last = content.last or content.first
    days = {
        pk: touched_days(facts, content.first, last, enrolments=seen.get(pk, ()), today=today, minutes=content.minutes)
        for pk, facts in facts_of(ids).items()
    }
    usual = Counter(days.values()).most_common(1)
    fits = [pk for pk in ids if pk not in standing and days[pk].school_days]
    change = change_of(content)
    told = sentences_by_pupil(dict.fromkeys(fits, change), {p.pk: p for p, _ in pupils}, seen, today)
    return GroupPlan(
        lines=tuple(
            PlanLine(
                pupil,
                group,
                why_not(standing.get(pupil.pk), days[pupil.pk], today),
                days[pupil.pk],
                days[pupil.pk] == usual[0][0],
                told.get(pupil.pk, ()),
            )
            for pupil, group in pupils
        ),
        usual=usual[0][0] if usual else None,
    )


def pupils_in(groups: Sequence[Group], day: date, user: User) -> list[tuple[Pupil, Group]]:
    """Who was in these classes on that date, as far as `user` may know them today."""
    group_of = class_of_each(groups, day)
    pupils = Pupil.objects.visible_to(user).filter(rows_of("pk", group_of)).in_name_order()
    in_class: dict[int, list[Pupil]] = defaultdict(list)
    for pupil in pupils:
        if pupil.pk in group_of:
            in_class[group_of[pupil.pk]].append(pupil)
    return [(pupil, group) for group in groups for pupil in in_class[group.pk]]


def visible_enrolments_of(pupil_ids: Collection[int], user: User) -> dict[int, list[Enrolment]]:
    """The enrolments of each pupil whose dates `user` may see."""
    rows = (
        Enrolment.objects.visible_to(user).filter(rows_of("pupil", pupil_ids)).select_related("place").order_by("first")
    )
    found: dict[int, list[Enrolment]] = defaultdict(list)
    for row in rows.order_by("first"):
        found[row.pupil_id].append(row)
    return found


def why_not(standing: Absence | None, days: TouchedDays, today: date) -> str:
    if standing is not None:
        return f"er staat al: {content_of(standing).described(today)}"
    if not days.school_days:
        names = ", ".join(days.left_out)
        return f"geen schooldag: {names}" if names else "geen schooldag"
    return ""


def sentences_by_pupil(
    changes: Mapping[int, Change], pupils: Mapping[int, Pupil], seen: Mapping[int, list[Enrolment]], today: date
) -> dict[int, tuple[str, ...]]:
    """For each pupil with a signal that comes, moves or goes: what happens, in words."""
    told = told_effect_of(changes, today=today)
    parts: dict[int, ToldEffect] = defaultdict(ToldEffect)
    for signal in told.new:
        parts[signal.pupil_id].new.append(signal)
    for move in told.moved:
        parts[move.was.pupil_id].moved.append(move)
    for signal in told.withdrawn:
        parts[signal.pupil_id].withdrawn.append(signal)
    found = {}
    for pk, everything in parts.items():
        part = seen_only(everything, partial(is_seen, seen.get(pk, [])))
        if part.changes_signals:
            found[pk] = tuple(told_sentences(part, pupils[pk].first_name, today))
    return found


def is_seen(enrolments: Sequence[Enrolment], day: date) -> bool:
    return any(covers(row, day) for row in enrolments)


def taking_back(records: Sequence[Absence], user: User, today: date) -> dict[int, tuple[str, ...]]:
    """What withdrawing these records would do to the signals of their pupils, in words."""
    pupils = {row.pupil_id: row.pupil for row in records}
    changes = {row.pupil_id: with_records(without=(row.pk,)) for row in records}
    return sentences_by_pupil(changes, pupils, visible_enrolments_of(list(pupils), user), today)

"""Putting rows back to what they were before an import."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from attendance.importing.attached import attached_to
from attendance.importing.changes import MODELS
from attendance.importing.complete_again import put_back_completeness
from attendance.importing.undo_absences import bring_back, take_back
from attendance.importing.undo_room import NOT_OVERLAPPING, by_owner, keep_without_room
from attendance.importing.undo_steps import CHANGED, Step, judge, set_values, steps_of
from attendance.models import (
    ArrangementChange,
    CalendarException,
    Enrolment,
    Exemption,
    ImportChange,
    OwnTimetable,
    RegisterImport,
)
from attendance.models.imports import ChangeKind, Outcome
from attendance.services.arrangement_history import Author, What, change_of
from attendance.services.touched import touched_by_calendar, touched_by_school
from thuiszitters.accounts.models import School, User

CAN_GO = (
    ChangeKind.WAITING,
    ChangeKind.ABSENCE,
    ChangeKind.TIMETABLE,
    ChangeKind.EXEMPTION,
    ChangeKind.PAST_GROUP,
    ChangeKind.ENROLMENT,
    ChangeKind.PUPIL,
    ChangeKind.CALENDAR,
    ChangeKind.GROUP,
    ChangeKind.SCHOOL,
    ChangeKind.MUNICIPALITY,
    ChangeKind.ALLIANCE,
)
"""In this order: first what hangs on the rest."""
NOTHING_HANGS_ON = (ChangeKind.WAITING, ChangeKind.ABSENCE)
WITH_HISTORY = (Enrolment, OwnTimetable, Exemption)


@dataclass(slots=True)
class Undoing:
    """One transaction of undoing. `touched`: the pupils to evaluate."""

    register_import: RegisterImport
    by: User | None
    touched: set[int] = field(default_factory=set)

    @property
    def author(self) -> Author:
        return Author(self.by, "import ongedaan gemaakt", self.register_import)


def undo_rows(changes: Iterable[ImportChange], undoing: Undoing) -> None:
    """Undo these changes, all of a pupil or school among them; each gets its outcome. The pupils are locked."""
    steps = steps_of(changes)
    by_kind: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        by_kind[step.kind].append(step)
    for step in steps:
        judge(step)
    keep_what_has_more(by_kind)
    keep_children_whole(by_kind)
    for kind in NOT_OVERLAPPING:
        for same in by_owner(by_kind[kind]):
            keep_without_room(kind, same)
    for kind in CAN_GO:
        apply(by_kind[kind], undoing)
    for step in by_kind[ChangeKind.COMPLETE]:
        why = put_back_completeness(step.changes[0], undoing.touched)
        step.keep(why) if why else step.done()


def keep_what_has_more(by_kind: Mapping[str, list[Step]]) -> None:
    """A row that was made and to which something belongs by now stays."""
    going = {
        kind: [step.row.pk for step in steps if step.made and step.open and step.row is not None]
        for kind, steps in by_kind.items()
    }
    for kind in CAN_GO:
        if kind in NOTHING_HANGS_ON:
            continue
        why = attached_to(MODELS[kind], going.get(kind, ()), going)
        for step in by_kind.get(kind, ()):
            if step.made and step.open and step.row is not None and (what := why.get(step.row.pk)):
                step.keep(f"er hoort inmiddels iets bij: {what}")


def keep_children_whole(by_kind: Mapping[str, list[Step]]) -> None:
    """A new child that stays keeps its enrolments, and one whose enrolment stays stays too: a child that no school has
    is seen by nobody. The class before goes with its enrolment.
    """
    of_pupil: dict[int | None, list[Step]] = defaultdict(list)
    for kind in (ChangeKind.ENROLMENT, ChangeKind.PAST_GROUP, ChangeKind.PUPIL):
        for step in by_kind.get(kind, ()):
            of_pupil[step.changes[0].pupil_id].append(step)
    for hers in of_pupil.values():
        kept = next((step for step in hers if not step.open and step.kind != ChangeKind.PAST_GROUP), None)
        if kept is None:
            continue
        is_new = any(step.kind == ChangeKind.PUPIL and step.made for step in hers)
        for step in hers:
            if step.open and (is_new or step.kind == ChangeKind.PAST_GROUP):
                step.keep(kept.changes[0].why)


def apply(steps: Collection[Step], undoing: Undoing) -> None:
    """Put back what is still to be put back."""
    going = [step for step in steps if step.open]
    if not going:
        return
    kind = going[0].kind
    gone = [step for step in going if step.made and step.row is not None]
    back = [step for step in going if step.before and step.row is not None]
    lost = [step for step in going if step.before and step.row is None]
    keep_history([step.row for step in back], What.CHANGED, undoing)
    keep_history([step.row for step in gone], What.REMOVED, undoing)
    if kind == ChangeKind.ABSENCE:
        take_back([step.row for step in gone], by=undoing.by, source=undoing.register_import)
        bring_back(
            [(step.row, step.before) for step in back], set_values, by=undoing.by, source=undoing.register_import
        )
    else:
        remove(kind, [step.row.pk for step in gone])
        for step in back:
            names = set_values(step.row, step.before)
            step.row.save(update_fields=names)
        for step in lost:
            bring_in(kind, step)
    for step in going:
        if step.open:
            step.done()
    note_touched(kind, [step for step in (*gone, *back, *lost) if step.changes[0].outcome == Outcome.UNDONE], undoing)


def keep_history(rows: Iterable[Any], what: ArrangementChange.What, undoing: Undoing) -> None:
    """What is kept of enrolments, timetables and exemptions when anybody changes them."""
    lines = [change_of(row, what, undoing.author) for row in rows if isinstance(row, WITH_HISTORY)]
    if lines:
        ArrangementChange.objects.bulk_create(lines)


def remove(kind: str, ids: list[int]) -> None:
    if ids:
        MODELS[kind]._base_manager.filter(pk__in=ids).delete()  # noqa: SLF001 - its public name


def bring_in(kind: str, step: Step) -> None:
    """Make a row again that the import took away, unless there is a newer one in its place (a row that waits)."""
    model = MODELS[kind]
    row: Any = model(pk=step.changes[0].row)
    set_values(row, step.before)
    if model._base_manager.filter(pupil=row.pupil_id, first=row.first, lesson=row.lesson).exists():  # noqa: SLF001
        step.keep(CHANGED)
        return
    row.save(force_insert=True)


def note_touched(kind: str, steps: Iterable[Step], undoing: Undoing) -> None:
    """Whom this can move the clocks of."""
    by_school: dict[int, list[Step]] = defaultdict(list)
    for step in steps:
        change = step.changes[0]
        if kind == ChangeKind.PUPIL and step.made:
            undoing.touched.discard(step.changes[0].row)
        elif change.pupil_id:
            undoing.touched.add(change.pupil_id)
        elif change.school_id:
            by_school[change.school_id].append(step)
    touch: dict[str, Callable[[School, list[Step]], Iterable[int]]] = {
        ChangeKind.CALENDAR: touched_by_days,
        ChangeKind.SCHOOL: lambda school, _steps: touched_by_school(school),
    }
    if kind in touch:
        for school in School.objects.filter(pk__in=by_school):
            undoing.touched.update(touch[kind](school, by_school[school.pk]))


def touched_by_days(school: School, steps: list[Step]) -> Iterable[int]:
    field_of = CalendarException._meta.get_field("last").to_python  # noqa: SLF001 - its public name
    lasts = [field_of(values["last"]) for step in steps for values in (step.before, step.after) if values]
    firsts = [step.row.first for step in steps if step.row is not None]
    return touched_by_calendar(school, min(firsts), max(lasts)) if firsts else ()

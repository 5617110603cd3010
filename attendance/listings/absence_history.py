"""What happened to the absence records of a pupil: who entered, changed and withdrew them, when, and why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from attendance.listings.pupil_page import Record, covers, cut, visible_enrolments
from attendance.listings.reasons import Telling, telling_for
from attendance.models import Absence, AbsenceVersion, Enrolment, GroupAbsence, Pupil, RegisterImport
from thuiszitters.accounts.dutch_dates import short_date
from thuiszitters.accounts.models import User

OTHER_DAY = "een dag op een andere school"


@dataclass(frozen=True)
class Step:
    """One thing that happened: `what` in words, with what it was and what it became."""

    at: datetime
    who: str
    what: str
    changes: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class RecordHistory:
    """A record as it is now, cut to the dates that may be seen, and its steps from first to last. `group`: it was made
    with others at once, and the reader may see them all."""

    record: Record
    steps: tuple[Step, ...]
    group: GroupAbsence | None

    @property
    def is_withdrawn(self) -> bool:
        return self.record.absence.withdrawn_at is not None


def absence_history(pupil: Pupil, user: User, today: date) -> list[RecordHistory]:
    """The records of this pupil that `user` may see, withdrawn ones too, latest first. A fixed number of queries."""
    enrolments = visible_enrolments(pupil, user)
    versions = AbsenceVersion.objects.select_related("reason", "changed_by", "source").order_by("changed_at", "pk")
    rows = list(
        Absence.objects.visible_to(user)
        .filter(pupil=pupil)
        .select_related("reason", "entered_by", "source", "withdrawn_by")
        .prefetch_related(Prefetch("versions", versions))
        .order_by("-first", "lesson", "-pk")
    )
    told = telling_for(user, pupil.code)
    steps = {row.pk: tuple(steps_of(row, enrolments, today, told)) for row in rows}
    groups = GroupAbsence.objects.visible_to(user).in_bulk({row.group_absence_id for row in rows} - {None})
    return [RecordHistory(cut(row, enrolments), steps[row.pk], groups.get(row.group_absence_id)) for row in rows]


def steps_of(row: Absence, enrolments: Sequence[Enrolment], today: date, told: Telling | None = None) -> list[Step]:
    """From entering to now. What a record said is in its versions; what it says now in the record itself.

    With `told` the record and its versions tell their reasons so from here on, and what somebody wrote about a change
    is left out: it may say the same.
    """
    versions = list(row.versions.all())
    states: list[Any] = [*versions, row]
    other_reasons = [was.reason_id != becomes.reason_id for was, becomes in pairwise(states)]
    if told:
        for state in states:
            state.reason = told(state.reason)
        for version in versions:
            version.why = ""
    steps = [Step(row.created_at, entered_by(row, today), "meldde dit" if row.entered_by_id else "las dit in")]
    for version, becomes, has_other_reason in zip(versions, states[1:], other_reasons, strict=True):
        changes = changes_between(version, becomes, list(enrolments), today)
        is_changed = bool(changes) or has_other_reason
        withdrew = becomes is row and row.withdrawn_at is not None and not is_changed
        what = "trok dit in" if withdrew else "wijzigde dit" if is_changed else "herstelde dit"
        steps.append(Step(version.changed_at, changed_by(version, today), what, tuple(changes), version.why))
    if row.withdrawn_at is not None and steps[-1].what != "trok dit in":
        who = str(row.withdrawn_by) if row.withdrawn_by_id else "Een import"
        steps.append(Step(row.withdrawn_at, who, "trok dit in"))
    return steps


def entered_by(row: Absence, today: date) -> str:
    return str(row.entered_by) if row.entered_by_id else import_name(row.source, today)


def changed_by(version: AbsenceVersion, today: date) -> str:
    return str(version.changed_by) if version.changed_by_id else import_name(version.source, today)


def import_name(source: RegisterImport | None, today: date) -> str:
    """De import van ma 2 nov."""
    if source is None:
        return "Een import"
    return f"De import van {short_date(timezone.localtime(source.started_at).date(), today)}"


def changes_between(was: Any, becomes: Any, enrolments: list[Enrolment], today: date) -> list[str]:
    """What differs between two states of a record, a sentence each."""

    def said(day: date | None) -> str:
        if day is None:
            return "tot nader bericht"
        return short_date(day, today) if covers(enrolments, day) else OTHER_DAY

    texts = []
    if was.reason_id != becomes.reason_id:
        texts.append(f"Reden: eerst “{was.reason}”, toen “{becomes.reason}”.")
    if was.first != becomes.first:
        texts.append(f"Eerste dag: eerst {said(was.first)}, toen {said(becomes.first)}.")
    if was.last != becomes.last:
        texts.append(f"Laatste dag: eerst {said(was.last)}, toen {said(becomes.last)}.")
    if was.minutes != becomes.minutes:
        texts.append(f"Hoe lang: eerst {part(was.minutes)}, toen {part(becomes.minutes)}.")
    if was.lesson != becomes.lesson:
        texts.append(f"Lesuur: eerst {was.lesson or 'geen'}, toen {becomes.lesson or 'geen'}.")
    return texts


def part(minutes: int | None) -> str:
    return "hele dagen" if minutes is None else f"{minutes} minuten"

"""The board: pupils on the table by phase, most urgent first, with what a reader needs to steer. Reads only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Max

from attendance.models import Enrolment, PupilClock
from attendance.models.pupils import holds_on
from cases.models import Phase, Report, Signal
from tables.criteria import PROPOSED_BY, proposed_phase, weight
from tables.models import PhaseChange, TableEntry
from thuiszitters.accounts.models import User

SHOWN = (Phase.LONG, Phase.THUISZITTER, Phase.DREIGEND, Phase.OPBOUW, Phase.NAZORG)


@dataclass(frozen=True)
class Row:
    """One pupil on the board. `school_days` 0: no run is open. `report` is the status of the newest report, if any;
    `ahead` what the rules propose when the count is further than the phase."""

    entry: TableEntry
    group: str
    school_days: int
    since: date | None
    report: str
    ahead: Phase | None


@dataclass(frozen=True)
class PhaseBlock:
    phase: Phase
    rows: tuple[Row, ...]


def board_for(user: User, today: date, *, school_id: int | None = None, phase: str = "") -> list[PhaseBlock]:
    """The pupils on the table that `user` may see, by phase. The number of queries does not grow with them."""
    entries = (
        TableEntry.objects.visible_to(user)
        .on_the_table()
        .select_related("case__pupil__clock", "case__school", "case__school_of_enrolment", "case__owner")
        .order_by("case__next_step_due", "pk")
    )
    if school_id is not None:
        entries = entries.filter(case__school=school_id)
    if phase:
        entries = entries.filter(case__phase=phase)
    found = list(entries[:500])
    pupils = [entry.case.pupil_id for entry in found]
    groups = dict(
        Enrolment.objects.filter(holds_on(today), pupil__in=pupils, group__isnull=False)
        .order_by("pk")
        .values_list("pupil", "group__name")
    )
    reports: dict[int, str] = {}
    rows = Report.objects.visible_to(user).filter(pupil__in=pupils).exclude(status=Report.Status.DROPPED)
    for pupil_id, status in rows.order_by("created_at", "pk").values_list("pupil", "status"):
        reports[pupil_id] = Report.Status(status).label
    ahead = ahead_of(found)
    blocks: dict[Phase, list[Row]] = {shown: [] for shown in SHOWN}
    for entry in found:
        clock: PupilClock | None = getattr(entry.case.pupil, "clock", None)
        running = clock if clock is not None and clock.run_since is not None else None
        blocks[Phase(entry.case.phase)].append(
            Row(
                entry=entry,
                group=groups.get(entry.case.pupil_id, ""),
                school_days=running.run_school_days if running else 0,
                since=running.run_since if running else entry.case.first_day_home,
                report=reports.get(entry.case.pupil_id, ""),
                ahead=ahead.get(entry.pk),
            )
        )
    return [PhaseBlock(shown, tuple(_by_urgency(blocks[shown], today))) for shown in SHOWN]


def _by_urgency(rows: list[Row], today: date) -> list[Row]:
    """Steps that are late first, then the longest at home."""
    return sorted(
        rows,
        key=lambda row: (
            row.entry.case.next_step_due is None or row.entry.case.next_step_due >= today,
            row.since or today,
            row.entry.pk,
        ),
    )


def ahead_of(entries: Iterable[TableEntry]) -> dict[int, Phase]:
    """By the pk of the entry: what the rules propose now, for pupils on the table of whom the count is further than the
    phase that a person set. In opbouw and nazorg only what was passed since that phase was set counts."""
    entries = list(entries)
    changed = dict(
        PhaseChange.objects.filter(entry__in=entries).order_by().values_list("entry").annotate(last=Max("at"))
    )
    signals = (
        Signal.objects.filter(
            case__in=[entry.case_id for entry in entries],
            crossing__withdrawn_at__isnull=True,
            crossing__rule__in=list(PROPOSED_BY),
        )
        .exclude(answer=Signal.Answer.NOT_NOW)
        .order_by()
        .values_list("case", "crossing__rule", "created_at")
    )
    passed: dict[int | None, list[tuple[str, datetime]]] = defaultdict(list)
    for case_id, rule, at in signals:
        passed[case_id].append((rule, at))
    found: dict[int, Phase] = {}
    for entry in entries:
        proposed = Phase(entry.proposed_phase)
        if weight(entry.case.phase) == 0:
            since = changed.get(entry.pk)
            proposed = proposed_phase(rule for rule, at in passed[entry.case_id] if since is not None and at > since)
        if weight(proposed) > weight(entry.case.phase):
            found[entry.pk] = proposed
    return found

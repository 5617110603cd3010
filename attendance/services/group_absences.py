"""One absence for several pupils at once, and taking it back as one."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from attendance.batches import rows_of
from attendance.models import Absence, AbsenceVersion, GroupAbsence, Pupil
from attendance.services.absences import AbsenceError, Content, check_content, stands_in_the_way, version_of
from attendance.services.clocks import evaluate_pupils
from attendance.services.crossings import Outcome
from attendance.services.locks import lock_pupils
from thuiszitters.accounts.models import User
from thuiszitters.audit.services import bulk_changes

MOST = 1000
"""More pupils are not recorded at once: they are locked together."""


class GroupConflict(AbsenceError):  # noqa: N818 - it says what is wrong, and reads so where it is caught
    """Some of the pupils have a record already; nothing was saved. `pupil_ids` says who."""

    def __init__(self, pupil_ids: Collection[int]) -> None:
        self.pupil_ids = pupil_ids
        names = Pupil.objects.filter(pk__in=pupil_ids).in_name_order()
        super().__init__(
            f"Nog niets opgeslagen: intussen staat er al iets bij {', '.join(pupil.first_name for pupil in names)}. "
            "Kijk de lijst na en sla opnieuw op."
        )


@dataclass
class GroupRecorded:
    """`is_new` False: it had been recorded before, and nothing changed now."""

    group_absence: GroupAbsence
    is_new: bool
    outcome: Outcome


@dataclass
class GroupTakenBack:
    """What became of the records: withdrawn, or left because somebody changed them since."""

    withdrawn: list[Absence]
    kept: list[Absence]
    outcome: Outcome


def records_in_the_way(pupil_ids: Collection[int], content: Content) -> dict[int, Absence]:
    """Of each pupil for whom this cannot be recorded: the standing record that is there already."""
    rows = Absence.objects.standing().filter(rows_of("pupil", pupil_ids)).exclude(last__lt=content.first)
    if content.last is not None:
        rows = rows.filter(first__lte=content.last)
    wanted = set(pupil_ids)
    found: dict[int, Absence] = {}
    for row in rows.select_related("reason").order_by("pupil", "first", "lesson"):
        if row.pupil_id in wanted and stands_in_the_way(row, content):
            found.setdefault(row.pupil_id, row)
    return found


def record_group(*, code: UUID, pupil_ids: Collection[int], content: Content, by: User, today: date) -> GroupRecorded:
    """Record `content` for exactly these pupils, all of them or none. The same `code` again changes nothing.

    Raises AbsenceError when the record cannot be, and GroupConflict when a pupil has one in its way.
    """
    if not pupil_ids:
        raise AbsenceError("Vink ten minste één leerling aan.")
    if len(pupil_ids) > MOST:
        raise AbsenceError(f"Dit zijn meer dan {MOST} leerlingen. Doe het in delen.")
    check_content(content)
    with transaction.atomic():
        found = lock_pupils(pupil_ids)
        before = GroupAbsence.objects.filter(code=code).first()
        if before is not None:
            return GroupRecorded(before, False, Outcome())
        if in_the_way := records_in_the_way(found, content):
            raise GroupConflict(in_the_way.keys())
        group = GroupAbsence.objects.create(
            code=code,
            first=content.first,
            last=content.last,
            minutes=content.minutes,
            reason=content.reason,
            entered_by=by,
        )
        Absence.objects.bulk_create(
            Absence(
                pupil_id=pk,
                first=content.first,
                last=content.last,
                minutes=content.minutes,
                reason=content.reason,
                entered_by=by,
                group_absence=group,
            )
            for pk in found
        )
        bulk_changes.note_made(Absence.objects.filter(group_absence=group).select_related("pupil").order_by("pk"))
        return GroupRecorded(group, True, evaluate_pupils(found, today=today, cause="groepsmelding"))


def records_to_take_back(group: GroupAbsence) -> tuple[list[Absence], list[Absence]]:
    """The standing records of this group: those that nobody changed since, and those that somebody did."""
    rows = group.records.standing().select_related("pupil", "reason").order_by("pupil__surname_key", "pk")
    changed = set(AbsenceVersion.objects.filter(absence__group_absence=group).values_list("absence", flat=True))
    untouched = [row for row in rows if row.pk not in changed]
    return untouched, [row for row in rows if row.pk in changed]


def take_back_group(*, group: GroupAbsence, by: User, today: date, why: str = "") -> GroupTakenBack:
    """Withdraw the records of this group that nobody changed since. May be repeated."""
    with transaction.atomic():
        found = lock_pupils(group.records.order_by().values_list("pupil", flat=True))
        rows, kept = records_to_take_back(group)
        now = timezone.now()
        AbsenceVersion.objects.bulk_create(version_of(row, by=by, why=why) for row in rows)
        for row in rows:
            row.withdrawn_at = now
            row.withdrawn_by = by
            row.changed_at = now
        taken_back = Absence.objects.filter(pk__in=[row.pk for row in rows])
        bulk_changes.update(taken_back, withdrawn_at=now, withdrawn_by=by, changed_at=now)
        GroupAbsence.objects.filter(pk=group.pk, withdrawn_at=None).update(withdrawn_at=now, withdrawn_by=by)
        outcome = evaluate_pupils(found, today=today, cause="groepsmelding teruggenomen")
        return GroupTakenBack(rows, kept, outcome)

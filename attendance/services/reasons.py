"""A school's own codes for absence: what they mean, and when they are used no more."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date

from django.db import transaction
from django.db.models import ProtectedError

from attendance.models import Reason, UnknownCode
from attendance.models.waiting import Solution
from attendance.services.schools import lock_school, recount_reason
from attendance.services.seen import check_seen, mark_of_reasons
from thuiszitters.accounts.models import School
from thuiszitters.audit.services import bulk_changes


class ReasonError(ValueError):
    """Something that cannot be done with a code; the message is Dutch and meant for who asked it."""


@dataclass(frozen=True)
class Meaning:
    """What a code says of an absence. `authorised` None: nobody has decided yet."""

    counts: bool
    authorised: bool | None
    sick: bool
    luxury: bool = False
    minutes_required: bool = False

    @classmethod
    def of(cls, reason: Reason) -> Meaning:
        """That of the code it maps to, if it maps to one."""
        row = reason.maps_to or reason
        return cls(row.counts, row.authorised, row.sick, row.luxury, row.minutes_required)


def add_reason(
    *,
    school: School,
    code: str,
    label: str,
    maps_to: Reason | None,
    meaning: Meaning | None = None,
    seen: str | None = None,
) -> Reason:
    """A code of this school: it stands for the common code `maps_to`, or has a `meaning` of its own.

    Raises ReasonError, and ChangedMeanwhileError when the codes are no longer those that were `seen`.
    """
    with transaction.atomic():
        lock_reasons(school, seen)
        if Reason.objects.filter(school=school, code__iexact=code).exists():
            raise ReasonError(f"De code “{code}” is er al. Wijzig die.")
        if UnknownCode.objects.filter(school=school, key=code.lower(), solution=Solution.OPEN).exists():
            raise ReasonError(f"Er wachten rijen met “{code}”. Zeg bij Onbekende codes wat zij betekent.")
        return Reason.objects.create(school=school, code=code, label=label, **said(maps_to, meaning))


def change_reason(
    *, reason: Reason, label: str, maps_to: Reason | None, meaning: Meaning | None = None, seen: str | None = None
) -> Reason:
    """The code says something else, also of what stands under it. May be repeated. Raises ChangedMeanwhileError."""
    assert reason.school is not None
    with transaction.atomic():
        lock_reasons(reason.school, seen)
        row = Reason.objects.select_related("maps_to").get(pk=reason.pk)
        before = Meaning.of(row)
        values = said(maps_to, meaning)
        for name, value in (values | {"label": label}).items():
            setattr(row, name, value)
        row.save(update_fields=["label", *values])
        if Meaning.of(row) != before:
            recount_reason(reason=row)
    return row


def retire_reason(*, reason: Reason, on: date) -> None:
    """No record from this date on takes the code; what stands under it stays. May be repeated."""
    bulk_changes.update(Reason.objects.filter(pk=reason.pk).exclude(school=None), retired_on=on)


def restore_reason(*, reason: Reason) -> None:
    """The code is in use again. May be repeated."""
    bulk_changes.update(Reason.objects.filter(pk=reason.pk).exclude(school=None), retired_on=None)


def remove_reason(*, reason: Reason) -> None:
    """Take away a code of a school that nothing stands under. May be repeated. Raises ReasonError."""
    try:
        Reason.objects.filter(pk=reason.pk).exclude(school=None).delete()
    except ProtectedError as error:
        raise ReasonError("Er staan regels onder deze code. Laat haar vervallen; dan blijven die staan.") from error


def said(maps_to: Reason | None, meaning: Meaning | None) -> dict[str, object]:
    """The columns of a code with this meaning."""
    if maps_to is not None:
        return {"maps_to": maps_to, **asdict(Meaning.of(maps_to))}
    assert meaning is not None
    return {"maps_to": None, **asdict(meaning)}


def lock_reasons(school: School, seen: str | None) -> None:
    """Until the transaction ends nobody else writes codes of this school. Raises ChangedMeanwhileError."""
    lock_school(school)
    check_seen(seen, mark_of_reasons(school))

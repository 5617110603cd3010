"""Asking to see a pupil, and the COO's answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q
from django.db.models.query import QuerySet

from attendance.access_rules import MISSES_STAY, REQUEST_WAITS
from attendance.models import AccessNotice, AccessRequest, Enrolment, Pupil
from attendance.models.pupils import holds_on
from attendance.services.access_notices import tell
from attendance.services.assignments import assign_pupil, check_term
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role
from thuiszitters.accounts.services.holders import holders_of
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.services.recording import record

PER_DAY = 5
"""More than this on one day looks like guessing."""


class AccessRefusedError(Exception):
    """The text is Dutch, says what to do, and is shown as it is."""


@dataclass(frozen=True)
class Typed:
    """What somebody typed to say which pupil they mean. Both have to fit: nothing is found by guessing a half."""

    school: School
    number: str
    birth_date: date


def pupil_of(typed: Typed, today: date) -> Pupil | None:
    """The pupil enrolled or taught at the school today whom this fits; None for nobody, and for more than one."""
    found = Pupil.objects.filter(
        number__iexact=typed.number.strip(),
        birth_date=typed.birth_date,
        pk__in=_enrolled_at(typed.school, today).values("pupil"),
    )
    rows = list(found[:2])
    return rows[0] if len(rows) == 1 else None


def _enrolled_at(school: School, today: date) -> QuerySet[Enrolment]:
    return Enrolment.objects.filter(Q(school=school) | Q(place=school), holds_on(today))


def ask_access(*, typed: Typed, role: Role, reason: str, by: User, today: date, now: datetime) -> AccessRequest:
    """Ask the COO of the school to let `by` see this pupil. The answer is the same whether somebody fits or not.

    Asked again while the question waits is the same question. AccessRefusedError above PER_DAY.
    """
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        if AccessRequest.objects.filter(asker=by, asked_at__date=today).count() >= PER_DAY:
            raise AccessRefusedError("Je hebt vandaag al vijf keer toegang gevraagd. Bel de COO van de school.")
        pupil = pupil_of(typed, today)
        waiting = AccessRequest.objects.filter(asker=by, pupil=pupil, status=AccessRequest.Status.WAITING)
        if pupil is not None and waiting.exists():
            # The question stands already. A second row that fits nobody: a list of one line would tell that the first
            # one fitted somebody.
            pupil = None
        row = AccessRequest.objects.create(
            asker=by, role=role, school=typed.school, pupil=pupil, reason=reason, asked_at=now
        )
        record(
            Kind.RIGHTS,
            "toegang gevraagd",
            row=row.code,
            subject=pupil.code if pupil else None,
            detail={"rol": role.value, "school": typed.school.brin},
        )
        if pupil is not None:
            coos = holders_of(role=Role.COO, school=typed.school, today=today)
            tell(AccessNotice.Kind.ASKED, about=row.code, people=coos)
        return row


def grant_access(
    *, request: AccessRequest, last: date, for_table: bool, answer: str, by: User, now: datetime, today: date
) -> AccessRequest:
    """Let the asker see the pupil up to and including `last`. TermError for a day too far away; AccessRefusedError once
    the pupil is at another school: who that is for is not this COO's to say any more."""
    check_term(last, today)
    with transaction.atomic():
        row = _waiting(request, by)
        assert row.pupil is not None
        if not _enrolled_at(row.school, today).filter(pupil=row.pupil).exists():
            raise AccessRefusedError(
                "Deze leerling zit niet meer op de school van deze vraag. Weiger de vraag: de COO van de school waar "
                "de leerling nu zit, beslist."
            )
        row.assignment = assign_pupil(
            pupil=row.pupil, user=row.asker, role=Role(row.role), last=last, by=by, today=today, for_table=for_table
        )
        _answer(row, AccessRequest.Status.GRANTED, answer=answer, by=by, now=now)
        return row


def refuse_access(*, request: AccessRequest, answer: str, by: User, now: datetime) -> AccessRequest:
    """No, because of `answer`, which the asker reads."""
    if not answer.strip():
        raise AccessRefusedError("Schrijf op waarom niet. De vrager leest dit.")
    with transaction.atomic():
        row = _waiting(request, by)
        _answer(row, AccessRequest.Status.REFUSED, answer=answer, by=by, now=now)
        return row


def lapse_requests(now: datetime) -> int:
    """Questions that nobody answered in time lapse, also those that fitted nobody; how many. May be repeated."""
    waiting = AccessRequest.objects.filter(status=AccessRequest.Status.WAITING, asked_at__lte=now - REQUEST_WAITS)
    return waiting.update(status=AccessRequest.Status.LAPSED)


def forget_misses(now: datetime) -> int:
    """Remove what fitted no pupil, some time after it was asked: of nobody's file, so no term of a file ends it. That
    somebody asked stays in the log. How many; may be repeated."""
    gone, _ = AccessRequest.objects.filter(pupil=None, asked_at__lte=now - MISSES_STAY).delete()
    return gone


def _waiting(request: AccessRequest, by: User) -> AccessRequest:
    """The row as it is once nobody else can answer it."""
    row = (
        AccessRequest.objects.select_for_update(of=("self",))
        .select_related("asker", "pupil", "school")
        .get(pk=request.pk)
    )
    if row.status != AccessRequest.Status.WAITING:
        raise AccessRefusedError("Deze vraag is intussen beantwoord of vervallen. Ververs de pagina.")
    if row.asker_id == by.pk:
        raise AccessRefusedError("Je kunt je eigen vraag niet beantwoorden.")
    return row


def _answer(row: AccessRequest, status: AccessRequest.Status, *, answer: str, by: User, now: datetime) -> None:
    row.status, row.answer, row.decided_by, row.decided_at = status, answer, by, now
    row.save(update_fields=["status", "answer", "decided_by", "decided_at", "assignment"])
    record(
        Kind.RIGHTS,
        f"vraag om toegang: {status.value}",
        row=row.code,
        subject=row.pupil.code if row.pupil else None,
        detail={"wie": str(row.asker.code), "rol": row.role},
    )
    tell(AccessNotice.Kind.ANSWERED, about=row.code, people=[row.asker])

"""Writing down in the log what is out of the ordinary in who opened what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from attendance.models import Enrolment, Pupil
from thuiszitters.accounts.models import Membership, School, User
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry
from thuiszitters.audit.services.recording import record
from thuiszitters.privacy.odd_reading import Finding, PupilFacts, Read, ReaderFacts, Stay, findings

LOOKS_BACK = timedelta(days=2)
"""So a run that was missed does no harm; what was found before is not written again."""


def find_alerts(*, now: datetime) -> int:
    """Write an entry for each person, rule and day that is out of the ordinary; how many are new.

    Holds numbers and no pupil: what somebody opened that day stands in the log already. The number is that of the
    moment at which it was found. May run twice or beside itself.
    """
    rows = Entry.objects.filter(
        kind=Kind.READ, at__gt=now - LOOKS_BACK, at__lte=now, actor__isnull=False, subject__isnull=False
    )
    reads = [
        Read(actor, subject, at, timezone.localdate(at))
        for actor, subject, at in rows.order_by("at", "pk").values_list("actor", "subject", "at")
        if actor and subject
    ]
    found = findings(
        reads,
        _readers({read.reader for read in reads}),
        _pupils({read.pupil for read in reads}),
        most=settings.ODD_READING_PUPILS,
        within=timedelta(minutes=settings.ODD_READING_MINUTES),
    )
    return sum(_write(finding) for finding in found)


def _write(finding: Finding) -> bool:
    with transaction.atomic():
        # Whoever comes second waits here, and then finds the entry of the first.
        User.objects.select_for_update(of=("self",), no_key=True).filter(code=finding.reader).first()
        day = finding.day.isoformat()
        if Entry.objects.filter(kind=Kind.ALERT, what=finding.rule, row=day, actor=finding.reader).exists():
            return False
        record(
            Kind.ALERT,
            finding.rule,
            row=day,
            actor=finding.reader,
            detail={"dag": f"{finding.day:%d-%m-%Y}", "leerlingen": finding.pupils},
        )
        return True


def _readers(codes: Collection[UUID]) -> dict[UUID, ReaderFacts]:
    held = Membership.objects.filter(user__code__in=codes)
    of_alliance: dict[int, list[int]] = defaultdict(list)
    for alliance, school in School.objects.filter(alliance__in=held.values("alliance")).values_list("alliance", "pk"):
        if alliance is not None:
            of_alliance[alliance].append(school)
    stays: dict[UUID, list[Stay]] = defaultdict(list)
    for row in held.select_related("user"):
        schools = [row.school_id] if row.school_id is not None else of_alliance.get(row.alliance_id or 0, [])
        stays[row.user.code] += [Stay(pk, row.first, row.last) for pk in schools]
    people = User.objects.filter(code__in=codes).values_list("code", "name")
    return {code: ReaderFacts(name, tuple(stays[code])) for code, name in people}


def _pupils(codes: Collection[UUID]) -> dict[UUID, PupilFacts]:
    stays: dict[UUID, list[Stay]] = defaultdict(list)
    enrolments = Enrolment.objects.filter(pupil__code__in=codes)
    for code, school, place, first, last in enrolments.values_list("pupil__code", "school", "place", "first", "last"):
        stays[code] += [Stay(pk, first, last) for pk in {school, place}]
    pupils = Pupil.objects.filter(code__in=codes).values_list("code", "surname_key")
    return {code: PupilFacts(key, tuple(stays[code])) for code, key in pupils}

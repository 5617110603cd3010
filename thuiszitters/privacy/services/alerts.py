"""Writing down what is out of the ordinary in who opened what, and what the privacy officer (FG) thinks of it."""

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
from thuiszitters.privacy.models import Alert, AlertJudgement
from thuiszitters.privacy.odd_reading import Finding, PupilFacts, Read, ReaderFacts, Stay, findings

LOOKS_BACK = timedelta(days=2)
"""So a run that was missed does no harm; what was found before is not written again."""


class AlertRefusedError(Exception):
    """This cannot be judged; the text says why, in Dutch."""


def find_alerts(*, now: datetime) -> int:
    """Make an alert, with an entry in the log, for each person, rule and day that is out of the ordinary; how many are
    new.

    Holds numbers and no pupil: what somebody opened that day stands in the log already. One that is there follows the
    day: when more was opened its number grows, so that it waits for a judgement again. May run twice or beside itself.
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
        readers_known({read.reader for read in reads}),
        pupils_known({read.pupil for read in reads}),
        most=settings.ODD_READING_PUPILS,
        within=timedelta(minutes=settings.ODD_READING_MINUTES),
    )
    return sum(_write(finding, now) for finding in found)


def _write(finding: Finding, now: datetime) -> bool:
    with transaction.atomic():
        alert, is_new = Alert.objects.get_or_create(
            reader=finding.reader,
            rule=finding.rule,
            day=finding.day,
            defaults={"pupils": finding.pupils, "found_at": now},
        )
        if not is_new:
            Alert.objects.filter(pk=alert.pk, pupils__lt=finding.pupils).update(pupils=finding.pupils)
            return False
        record(
            Kind.ALERT,
            finding.rule,
            row=finding.day.isoformat(),
            actor=finding.reader,
            detail={"dag": f"{finding.day:%d-%m-%Y}", "leerlingen": finding.pupils},
        )
        return True


def judge_alert(*, alert: Alert, outcome: str, reason: str, seen: int, by: User, now: datetime) -> AlertJudgement:
    """Add what `by`, who may see it, thinks of an alert of which they saw that it was about `seen` pupils.

    AlertRefusedError: it is about `by`; it was judged meanwhile; or more was opened since they looked.
    """
    with transaction.atomic():
        row = Alert.objects.select_for_update(of=("self",)).get(pk=alert.pk)
        if row.reader == by.code:
            raise AlertRefusedError("Dit gaat over jou. Iemand anders beoordeelt het.")
        if row.pupils != seen:
            raise AlertRefusedError("Er zijn intussen meer leerlingen geopend. Kijk het nog eens na.")
        if row.judgements.filter(pupils__gte=seen).exists():
            raise AlertRefusedError("Dit is intussen al beoordeeld.")
        return AlertJudgement.objects.create(alert=row, outcome=outcome, reason=reason, pupils=seen, by=by, at=now)


def readers_known(codes: Collection[UUID]) -> dict[UUID, ReaderFacts]:
    """What the rules ask of these people, by code."""
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


def pupils_known(codes: Collection[UUID]) -> dict[UUID, PupilFacts]:
    """What the rules ask of these pupils, by code."""
    stays: dict[UUID, list[Stay]] = defaultdict(list)
    enrolments = Enrolment.objects.filter(pupil__code__in=codes)
    for code, school, place, first, last in enrolments.values_list("pupil__code", "school", "place", "first", "last"):
        stays[code] += [Stay(pk, first, last) for pk in {school, place}]
    pupils = Pupil.objects.filter(code__in=codes).values_list("code", "surname_key")
    return {code: PupilFacts(key, tuple(stays[code])) for code, key in pupils}

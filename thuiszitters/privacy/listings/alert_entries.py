"""Which lines of the log an alert rests on. It keeps no pupils itself: they are looked up in the log."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db.models import Q
from django.db.models.query import QuerySet
from django.utils import timezone

from attendance.listings.enrolled_then import enrolled_then
from thuiszitters.accounts.listings.reads import ONE_DAY, midnight
from thuiszitters.audit.kinds import Kind
from thuiszitters.audit.models import Entry
from thuiszitters.privacy.models import Alert
from thuiszitters.privacy.odd_reading import PupilFacts, ReaderFacts, Rule, odd_about
from thuiszitters.privacy.services.alerts import pupils_known, readers_known


def entries_of(alert: Alert, schools: Collection[int] | None = None) -> QuerySet[Entry]:
    """The openings that an alert is about: of that day all, or those of the pupils that meet its rule by what is known
    now. So none, when these pupils are destroyed or what was known of them was corrected.

    `schools`: of pupils of these schools alone, as it was on that day; None: of all.
    """
    entries = _opened([alert])
    if schools is not None:
        entries = entries.filter(enrolled_then(schools))
    if alert.rule == Rule.MANY:
        return entries
    codes = {code for code in entries.order_by().values_list("subject", flat=True).distinct() if code}
    return entries.filter(subject__in=_meeting(alert, codes, readers_known({alert.reader}), pupils_known(codes)))


def pupils_by_alert(alerts: Collection[Alert], schools: Collection[int]) -> dict[int, int]:
    """With how many pupils of these schools each alert is, by its key. The same number of queries for many."""
    opened: dict[tuple[UUID | None, date], set[UUID]] = defaultdict(set)
    if alerts:
        rows = _opened(alerts).filter(enrolled_then(schools)).order_by().values_list("actor", "subject", "at")
        for actor, subject, at in rows:
            if subject:
                opened[actor, timezone.localdate(at)].add(subject)
    readers = readers_known({alert.reader for alert in alerts})
    pupils = pupils_known({code for codes in opened.values() for code in codes})
    return {
        alert.pk: len(codes if alert.rule == Rule.MANY else _meeting(alert, codes, readers, pupils))
        for alert in alerts
        for codes in [opened[alert.reader, alert.day]]
    }


def _opened(alerts: Collection[Alert]) -> QuerySet[Entry]:
    # All that these people opened on the days of these alerts.
    asked = Q()
    for alert in alerts:
        asked |= Q(actor=alert.reader, at__gte=midnight(alert.day), at__lt=midnight(alert.day + ONE_DAY))
    return Entry.objects.filter(asked, kind=Kind.READ, subject__isnull=False)


def _meeting(
    alert: Alert, codes: Collection[UUID], readers: Mapping[UUID, ReaderFacts], pupils: Mapping[UUID, PupilFacts]
) -> set[UUID]:
    # Of these pupils those that meet the rule of the alert.
    reader = readers.get(alert.reader)
    if reader is None:
        return set()
    return {code for code in codes if code in pupils and alert.rule in odd_about(reader, pupils[code], alert.day)}

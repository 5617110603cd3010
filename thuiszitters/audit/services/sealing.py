"""Sealing what was written, and looking whether it is still what it was."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from thuiszitters.audit.checking import Anchor, ExpiryFacts, Verdict, check
from thuiszitters.audit.digests import SealFacts, digest_of, key_name, write_leaves
from thuiszitters.audit.models import Entry, Expiry, Seal

HORIZON = timedelta(minutes=1)
"""So long an entry waits at least. Which entries a seal covers is written on them, so that one whose transaction took
longer is not skipped: the next seal covers it."""
BATCH = 500
PAGE = 100
"""Seals read at a time."""
SEALED = ("id", "at", "kind", "what", "row", "actor", "subject", "why", "request_id", "detail")
"""All columns of an entry but the seal."""


def seal_waiting(*, now: datetime | None = None) -> int:
    """Seal all entries that waited long enough, in batches; how many.

    May run beside itself and be cut off: a seal and the marks on its entries are one transaction, and of two that want
    to make the same seal one gives up.
    """
    before = (now or timezone.now()) - HORIZON
    total = 0
    while True:
        try:
            sealed = _seal_batch(before)
        except IntegrityError:  # another run made this seal
            return total
        total += sealed
        if sealed < BATCH:
            return total


def _seal_batch(before: datetime) -> int:
    with transaction.atomic():
        # Whoever comes second waits here, and then looks again which seal is the last.
        Seal.objects.select_for_update().order_by("-number").first()
        last = Seal.objects.order_by("-number").first()
        rows = list(Entry.objects.filter(seal=None, at__lt=before).order_by("at", "pk").values(*SEALED)[:BATCH])
        if not rows:
            return 0
        key = settings.AUDIT_KEYS[0]
        facts = SealFacts(
            number=last.number + 1 if last else 1,
            made_at=timezone.now(),
            size=len(rows),
            newest=rows[-1]["at"],
            leaves=write_leaves(key, rows),
            previous=last.digest if last else "",
            key=key_name(key),
        )
        Seal.objects.create(**{**vars(facts), "digest": digest_of(key, facts)})
        marked = Entry.objects.filter(pk__in=[row["id"] for row in rows]).put_in_batch(facts.number)
        if marked != len(rows):
            raise IntegrityError("entries were sealed by another run")
        return marked


def verify(anchor: Anchor | None = None) -> Verdict:
    """Whether the log is what was sealed; with `anchor`, whether it is the log from which that was written down."""
    expiries = {row.seal_id: ExpiryFacts(row.at, row.digest) for row in Expiry.objects.all()}
    verdict = check(_seals(), _batch, expiries, settings.AUDIT_KEYS, anchor)
    if verdict.fault:
        return verdict
    loose = Entry.objects.exclude(seal=None).exclude(seal__in=Seal.objects.values("number")).order_by("pk").first()
    if loose is not None:
        fault = f"Zegel {loose.seal_id} is verwijderd: regel {loose.pk} hoorde erbij."
        return Verdict(verdict.batches, verdict.entries, verdict.last, fault)
    return verdict


def waiting_too_long(now: datetime) -> int:
    """How many entries wait longer than a day for a seal: the job does not run."""
    return Entry.objects.filter(seal=None, at__lt=now - timedelta(days=1)).count()


def _seals() -> Iterator[SealFacts]:
    names = ("number", "made_at", "size", "newest", "leaves", "previous", "key", "digest")
    last, page = 0, PAGE
    while page == PAGE:
        rows = list(Seal.objects.filter(number__gt=last).order_by("number").values(*names)[:PAGE])
        for values in rows:
            yield SealFacts(**{**values, "leaves": bytes(values["leaves"])})
        last, page = rows[-1]["number"] if rows else last, len(rows)


def _batch(number: int) -> list[dict[str, Any]]:
    return list(Entry.objects.filter(seal=number).order_by("pk").values(*SEALED))

"""The one door through which entries leave the log."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models.query import QuerySet
from django.utils import timezone

from thuiszitters.audit.digests import expiry_digest, key_name
from thuiszitters.audit.models import Entry, Expiry, Opening, Seal


@contextmanager
def opened() -> Iterator[None]:
    """Within this block, one transaction, the database lets rows of the log be removed. For expiry, and for emptying a
    demo."""
    with transaction.atomic():
        door = Opening.objects.create()
        yield
        door.delete()


def expire(*, before: datetime) -> int:
    """Remove the batches of which every entry is older than `before`; how many entries that were.

    Whole batches only, so that the chain of seals can still be verified: the seals stay, and each removal is signed.
    An entry thus stays a little longer than its term, until the last of its batch is over too. What is not sealed yet
    stays. May be cut off and run again.
    """
    keys = {key_name(key): key for key in settings.AUDIT_KEYS}
    total = 0
    for number in list(Seal.objects.filter(expiry=None, newest__lt=before).values_list("number", flat=True)):
        with opened():
            seal = Seal.objects.select_for_update(of=("self",)).get(pk=number)
            if Expiry.objects.filter(seal=seal).exists():
                continue
            at = timezone.now()
            signed = expiry_digest(keys[seal.key], number=seal.number, seal_digest=seal.digest, at=at)
            Expiry.objects.create(seal=seal, at=at, digest=signed)
            total += _remove(Entry.objects.filter(seal=seal))
    return total


def _remove(entries: QuerySet[Entry]) -> int:
    # Straight to the table: nothing points at an entry, and the ordinary way refuses.
    return int(entries._raw_delete(entries.db) or 0)  # noqa: SLF001

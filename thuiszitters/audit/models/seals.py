"""What shows that nobody tampered with the log."""

from __future__ import annotations

from django.db import models

from thuiszitters.audit.models.entries import AppendOnlyQuerySet


class Seal(models.Model):
    """A batch of entries was sealed. `number` runs from 1 without gaps.

    `leaves`: per entry its id and its digest (audit.digests). `newest`: the time of its latest entry. `previous`: the
    digest of the seal before, so that none can be taken out. `key`: which of settings.AUDIT_KEYS made `digest`.
    """

    number = models.PositiveIntegerField("nummer", primary_key=True)
    made_at = models.DateTimeField("verzegeld op")
    size = models.PositiveIntegerField("aantal regels")
    newest = models.DateTimeField("laatste regel")
    leaves = models.BinaryField("afdrukken")
    previous = models.CharField("zegel ervoor", max_length=64, blank=True)
    key = models.CharField("sleutel", max_length=8)
    digest = models.CharField("zegel", max_length=64)

    objects = AppendOnlyQuerySet["Seal"].as_manager()

    class Meta:
        verbose_name = "zegel"
        verbose_name_plural = "zegels"
        ordering = ("number",)

    def __str__(self) -> str:
        return f"zegel {self.number}"


class Expiry(models.Model):
    """The entries of a batch were removed because their term was over. The seal stays, and this is signed too: so a
    batch that is gone by rule can be told from one that somebody made disappear."""

    seal = models.OneToOneField(Seal, on_delete=models.PROTECT, primary_key=True, related_name="expiry")
    at = models.DateTimeField("verlopen op")
    digest = models.CharField("zegel", max_length=64)

    objects = AppendOnlyQuerySet["Expiry"].as_manager()

    class Meta:
        verbose_name = "verlopen deel van het logboek"
        verbose_name_plural = "verlopen delen van het logboek"

    def __str__(self) -> str:
        return f"{self.seal} is verlopen"

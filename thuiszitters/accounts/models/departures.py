"""Somebody leaves."""

from __future__ import annotations

import uuid

from django.db import models

from thuiszitters.accounts.models.users import User


class Departure(models.Model):
    """`user` works no longer at the organisations that `by` sets up, from `from_day` on. `done_at` None: that day is
    still to come. `outcome`: what was let go of, as lines of text with a number, and no names.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="departures", verbose_name="wie")
    from_day = models.DateField("geen toegang meer vanaf")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="door")
    asked_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True, blank=True)
    outcome = models.JSONField(default=list, blank=True)

    class Meta:
        verbose_name = "vertrek"
        verbose_name_plural = "vertrekken"
        ordering = ("-asked_at", "-pk")
        indexes = (
            models.Index(fields=("from_day",), name="departures_to_come", condition=models.Q(done_at__isnull=True)),
        )

    def __str__(self) -> str:
        return f"{self.user} vanaf {self.from_day}"

"""Files that came in."""

from __future__ import annotations

import uuid

from django.db import models

from thuiszitters.accounts.models import School, User


class RegisterImport(models.Model):
    """One import of one file, with what became of its rows. Names of files can hold personal data: only the kind is
    kept.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("soort", max_length=12)
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    through = models.DateField("compleet tot en met", null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "import"
        verbose_name_plural = "imports"
        ordering = ("-started_at",)

    def __str__(self) -> str:
        return f"import {self.pk} ({self.kind})"

"""The question that goes before the table and before a report: do the parents (and the pupil from 16) know?"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from attendance.models import Pupil
from thuiszitters.accounts.encryption import EncryptedTextField
from thuiszitters.accounts.models import User


class ParentsInformed(models.Model):
    """One answer, used by every table entry and report of the pupil that follows it; a later one goes before it.

    Either informed on a date, by whom and how, or the reason why not. From 16 the same for the pupil.
    """

    class About(models.TextChoices):
        TABLE = "tafel", "Thuiszitterstafel"
        REPORT = "melding", "melding bij leerplicht"

    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="+")
    about = models.CharField("waarover", max_length=8, choices=About.choices)
    informed_on = models.DateField("ouders geïnformeerd op", null=True, blank=True)
    informed_by = models.CharField("door wie", max_length=120, blank=True)
    how = models.CharField("hoe", max_length=120, blank=True)
    why_not = EncryptedTextField("waarom (nog) niet", max_length=200, blank=True)
    pupil_informed_on = models.DateField("leerling geïnformeerd op", null=True, blank=True)
    pupil_why_not = EncryptedTextField("waarom de leerling (nog) niet", max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = "geïnformeerd"
        verbose_name_plural = "geïnformeerd"
        ordering = ("-recorded_at",)
        constraints = (
            models.CheckConstraint(
                name="parents_were_informed_or_the_reason_stands",
                condition=Q(informed_on__isnull=False, why_not="") | (Q(informed_on__isnull=True) & ~Q(why_not="")),
            ),
        )

    def __str__(self) -> str:
        return f"geïnformeerd over {self.get_about_display()}"

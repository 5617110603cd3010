"""What was out of the ordinary in who opened what, and what was thought of it."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, OuterRef

from thuiszitters.accounts.encryption import EncryptedTextField
from thuiszitters.accounts.models import User
from thuiszitters.audit.models.entries import AppendOnlyQuerySet
from thuiszitters.privacy.odd_reading import Rule


class AlertQuerySet(models.QuerySet["Alert"]):
    def with_judged(self) -> AlertQuerySet:
        """Each with `judged`: with how many pupils it was when it was last judged; None as long as nobody did."""
        last = AlertJudgement.objects.filter(alert=OuterRef("pk")).order_by("-pk")
        return self.annotate(judged=last.values("pupils")[:1])

    def open(self) -> AlertQuerySet:
        """Those that wait for a judgement: not judged yet, or more was opened that day since."""
        return self.with_judged().filter(models.Q(judged=None) | models.Q(judged__lt=F("pupils")))


class Alert(models.Model):
    """Somebody (`reader`, the code of a user, as in the log) did something out of the ordinary on a day, with so many
    pupils. Which pupils stands in the log, and not here. `pupils` follows the day: it can grow, and never shrinks."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    rule = models.CharField("wat opviel", max_length=60, choices=[(rule.value, rule.value) for rule in Rule])
    reader = models.UUIDField("wie")
    day = models.DateField("dag")
    pupils = models.PositiveIntegerField("leerlingen")
    found_at = models.DateTimeField("gevonden")

    objects = AlertQuerySet.as_manager()

    class Meta:
        verbose_name = "opvallend patroon"
        verbose_name_plural = "opvallende patronen"
        ordering = ("-day", "-pk")
        constraints = (
            models.UniqueConstraint(name="one_alert_per_person_rule_and_day", fields=("reader", "rule", "day")),
        )

    def __str__(self) -> str:
        return f"{self.rule}, {self.day:%d-%m-%Y}"


class AlertJudgement(models.Model):
    """What somebody thought of an alert, when it was about `pupils` pupils. Never changed; who thinks otherwise later,
    since more was opened, adds one."""

    class Outcome(models.TextChoices):
        FINE = "in_orde", "in orde"
        FOLLOWED_UP = "opgevolgd", "niet in orde, opgevolgd"

    alert = models.ForeignKey(Alert, on_delete=models.CASCADE, related_name="judgements", verbose_name="patroon")
    outcome = models.CharField("oordeel", max_length=12, choices=Outcome.choices)
    reason = EncryptedTextField("waarom")
    pupils = models.PositiveIntegerField("leerlingen")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="wie")
    at = models.DateTimeField("wanneer")

    objects = AppendOnlyQuerySet["AlertJudgement"].as_manager()

    class Meta:
        verbose_name = "oordeel over een opvallend patroon"
        verbose_name_plural = "oordelen over opvallende patronen"
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.get_outcome_display()

"""Norms that were passed, as stored, and when a pupil must be looked at again."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from attendance.models.calendar import RULE_CHOICES, NormRow
from attendance.models.pupils import Pupil


class CrossingQuerySet(models.QuerySet["Crossing"]):
    def standing(self) -> CrossingQuerySet:
        """Crossings that hold by today's data."""
        return self.filter(withdrawn_at__isnull=True)


class Crossing(models.Model):
    """A pupil passed a norm. Stored once; moved, withdrawn or restored when the past is corrected, never deleted.

    `rule` may also be the structural suggestion, which is no crossing in the sense of the rules and is never printed
    as one. `norm_text` and `norm` keep the norm it was made under. `evidence` has a list per date from `start` to
    `crossed_on`: [date, kind, why, counted (0/1), name of the free day]; kinds and whys are those of engine.facts.
    `cause` says which change found it. `revision` goes up at each move, withdrawal and restoration, so that whoever
    answered it can see that it changed since.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="crossings", verbose_name="leerling")
    rule = models.CharField("regel", max_length=12, choices=RULE_CHOICES)
    start = models.DateField("vanaf")
    crossed_on = models.DateField("gepasseerd op")
    norm = models.ForeignKey(NormRow, on_delete=models.SET_NULL, null=True, related_name="+")
    norm_text = models.CharField(max_length=240)
    evidence = models.JSONField(default=list)
    cause = models.CharField(max_length=120)
    found_at = models.DateTimeField(auto_now_add=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_cause = models.CharField(max_length=120, blank=True)
    revision = models.PositiveIntegerField(default=1)

    objects = CrossingQuerySet.as_manager()

    class Meta:
        verbose_name = "signaal"
        verbose_name_plural = "signalen"
        ordering = ("pupil", "crossed_on", "rule")
        constraints = (
            models.UniqueConstraint(name="one_crossing_per_pupil_rule_and_start", fields=("pupil", "rule", "start")),
            models.CheckConstraint(name="crossing_is_on_or_after_its_start", condition=Q(crossed_on__gte=F("start"))),
        )
        indexes = (
            models.Index(fields=("crossed_on",)),
            models.Index(fields=("found_at",)),
        )

    def __str__(self) -> str:
        return f"{self.pupil}: {self.rule} op {self.crossed_on}"


class CrossingChange(models.Model):
    """What happened to a crossing after it was found: never altered."""

    class Kind(models.TextChoices):
        MOVED = "moved", "verschoven"
        WITHDRAWN = "withdrawn", "ingetrokken"
        RESTORED = "restored", "hersteld"

    crossing = models.ForeignKey(Crossing, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=10, choices=Kind.choices)
    old_start = models.DateField()
    old_crossed_on = models.DateField()
    cause = models.CharField(max_length=120)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ("crossing", "at", "pk")

    def __str__(self) -> str:
        return f"{self.crossing}: {self.kind}"


class PupilClock(models.Model):
    """The state of one pupil's clocks, as the last evaluation left it.

    The row stays when nothing runs any more. No row: the pupil was never evaluated, or had nothing to
    count when it was.

    `next_on` is the first date on which time alone changes something; `dirty` is set by any change that touches the
    pupil and cleared by the evaluation that takes it in. The nightly job reads the rows that are dirty or due, and no
    others. `run_since` .. `structural_share` are kept for lists; the page of a pupil computes afresh. `open_since`:
    later knowledge about dates from here on can still change a clock.
    """

    pupil = models.OneToOneField(Pupil, on_delete=models.CASCADE, primary_key=True, related_name="clock")
    dirty = models.BooleanField(default=True)
    dirty_cause = models.CharField(max_length=120, blank=True)
    evaluated_on = models.DateField(null=True)
    next_on = models.DateField(null=True)
    open_since = models.DateField(null=True)
    run_since = models.DateField(null=True)
    run_school_days = models.PositiveSmallIntegerField(default=0)
    unauthorised_minutes = models.PositiveIntegerField(default=0)
    hours_minutes = models.PositiveIntegerField(default=0)
    sick_reports = models.PositiveSmallIntegerField(default=0)
    structural_share = models.PositiveSmallIntegerField(null=True)

    class Meta:
        indexes = (
            models.Index(fields=("next_on",), name="clock_due", condition=Q(next_on__isnull=False)),
            models.Index(fields=("pupil",), name="clock_dirty", condition=Q(dirty=True)),
            models.Index(fields=("run_since",), name="clock_running", condition=Q(run_since__isnull=False)),
        )

    def __str__(self) -> str:
        return f"klok van {self.pupil}"

"""Reason codes that nobody here knows yet, and the rows that wait for them."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from attendance.models.absences import Reason
from attendance.models.imports import RegisterImport
from attendance.models.pupils import Pupil
from thuiszitters.accounts.models import School, User


class Solution(models.TextChoices):
    OPEN = "", "nog niet gekoppeld"
    REASON = "reason", "gekoppeld"
    NO_ABSENCE = "skip", "geen verzuim"


class UnknownCode(models.Model):
    """A code in a school's files. `key` is the code in lower case. Once solved it is a reason, or says nothing about
    absence ("present", "forgot homework"): rows with it are then skipped.
    """

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+", verbose_name="school")
    key = models.CharField(max_length=80)
    code = models.CharField("code", max_length=80)
    first_seen_at = models.DateTimeField(auto_now_add=True)
    solution = models.CharField("wat het is", max_length=6, choices=Solution.choices, default=Solution.OPEN, blank=True)
    reason = models.ForeignKey(Reason, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    solved_at = models.DateTimeField(null=True, blank=True)
    solved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "onbekende code"
        verbose_name_plural = "onbekende codes"
        ordering = ("school", "key")
        constraints = (models.UniqueConstraint(name="one_unknown_code_per_school", fields=("school", "key")),)

    def __str__(self) -> str:
        return self.code


class WaitingRow(models.Model):
    """A row of an absences file whose code is not known yet: of one pupil, first date and lesson the newest.

    Something is known of these dates, but not what: they count as unknown, also when the school's data is complete.
    `refusal`: its code is known by now but it could not go in, and why; somebody has to look at it.
    """

    unknown_code = models.ForeignKey(UnknownCode, on_delete=models.CASCADE, related_name="rows")
    register_import = models.ForeignKey(RegisterImport, on_delete=models.CASCADE, related_name="waiting_rows")
    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="waiting_rows")
    line = models.PositiveIntegerField()
    cells = models.JSONField()
    first = models.DateField()
    last = models.DateField(null=True)
    lesson = models.PositiveSmallIntegerField(default=0)
    arrived_at = models.DateTimeField(default=timezone.now)
    refusal = models.CharField(max_length=400, blank=True)

    class Meta:
        verbose_name = "wachtende rij"
        verbose_name_plural = "wachtende rijen"
        ordering = ("unknown_code", "first", "pk")
        constraints = (
            models.UniqueConstraint(
                name="one_waiting_row_per_pupil_start_and_lesson", fields=("pupil", "first", "lesson")
            ),
        )

    def __str__(self) -> str:
        return f"regel {self.line}"

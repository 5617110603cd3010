"""Data of a pupil that must stay for now, whatever its term: a complaint, a lawsuit, an inspection request."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import Q

from attendance.models import Pupil
from thuiszitters.accounts.models import School, User
from thuiszitters.privacy.keepers import HOLDS, kept_for_school


class LegalHoldQuerySet(models.QuerySet["LegalHold"]):
    def standing(self, today: date) -> LegalHoldQuerySet:
        """Those that still block on `today`."""
        return self.filter(Q(until__isnull=True) | Q(until__gte=today), lifted_at__isnull=True)

    def visible_to(self, user: User) -> LegalHoldQuerySet:
        """Those set for a school that `user` watches over."""
        return self.filter(kept_for_school(user, HOLDS))


class LegalHold(models.Model):
    """Nothing of this pupil is destroyed, at any school, while it stands: up to and including `until`, or open."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="+", verbose_name="leerling")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+", verbose_name="school")
    reason = models.CharField("waarom", max_length=300)
    until = models.DateField("tot en met", null=True, blank=True)
    set_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField(auto_now_add=True)
    lifted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_why = models.CharField("waarom opgeheven", max_length=300, blank=True)

    objects = LegalHoldQuerySet.as_manager()

    class Meta:
        verbose_name = "blokkade"
        verbose_name_plural = "blokkades"
        ordering = ("-set_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="a_lifted_hold_says_who_and_why",
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | (Q(lifted_at__isnull=False, lifted_by__isnull=False) & ~Q(lifted_why="")),
            ),
        )

    def __str__(self) -> str:
        return f"blokkade {self.pk}"

"""Systems of a school that push their data: their tokens, and which record of ours is which of theirs."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import F, Q

from attendance.models.absences import Absence
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role


class Scope(models.TextChoices):
    """What a token may be used for; a token can have more of them."""

    PUPILS = "leerlingen", "leerlingen en inschrijvingen aanleveren"
    ABSENCES = "verzuim", "verzuim aanleveren"
    COMPLETE = "compleet", "melden tot en met welke dag het verzuim compleet is"


class ApiTokenQuerySet(models.QuerySet["ApiToken"]):
    def visible_to(self, user: User) -> ApiTokenQuerySet:
        """Those of the schools that `user` sets up."""
        grants = grants_of(user)
        mine = Q(school__in=grants.school_ids({Role.BEHEERDER}))
        return self.filter(mine | Q(school__alliance__in=grants.alliance_ids({Role.BEHEERDER})))

    def usable_on(self, day: date) -> ApiTokenQuerySet:
        return self.filter(revoked_at__isnull=True, first__lte=day, last__gte=day)


class ApiToken(models.Model):
    """A key with which one system of one school may push. The key itself is shown once; here stands its SHA-256.

    `first` and `last`: the dates on which it works, both included.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+", verbose_name="school")
    name = models.CharField("welk systeem", max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField("mag", default=list)
    first = models.DateField("werkt van")
    last = models.DateField("werkt tot en met")
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    revoked_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    last_used_on = models.DateField("laatst gebruikt", null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        verbose_name = "sleutel van een koppeling"
        verbose_name_plural = "sleutels van koppelingen"
        ordering = ("school", "-made_at")
        constraints = (
            models.CheckConstraint(name="token_works_on_or_after_its_start", condition=Q(last__gte=F("first"))),
        )

    def __str__(self) -> str:
        return f"{self.name} ({self.school})"


class PushedAbsence(models.Model):
    """Under which name (`source_id`) a school's other system knows an absence record. One name is one record."""

    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+")
    source_id = models.CharField(max_length=64)
    absence = models.ForeignKey(Absence, on_delete=models.CASCADE, related_name="+")
    token = models.ForeignKey(ApiToken, on_delete=models.PROTECT, related_name="+")
    pushed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = "aangeleverd verzuim"
        verbose_name_plural = "aangeleverd verzuim"
        ordering = ("school", "source_id")
        constraints = (
            models.UniqueConstraint(name="one_absence_per_source_id_and_school", fields=("school", "source_id")),
        )

    def __str__(self) -> str:
        return f"{self.source_id} van {self.school}"

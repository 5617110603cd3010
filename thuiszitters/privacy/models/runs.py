"""A list of what is to be destroyed: proposed by one person, approved by another, carried out by a job."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from attendance.models import Pupil
from thuiszitters.accounts.models import Alliance, School, User
from thuiszitters.privacy.data_classes import DataClass
from thuiszitters.privacy.keepers import WATCHES, kept_for

ONE_HOLDER = Q(school__isnull=True, alliance__isnull=False) | Q(school__isnull=False, alliance__isnull=True)


class DestructionRunQuerySet(models.QuerySet["DestructionRun"]):
    def visible_to(self, user: User) -> DestructionRunQuerySet:
        """Those of the schools and alliances that `user` watches over."""
        return self.filter(kept_for(user, WATCHES))


class DestructionRun(models.Model):
    """What one holder (a school, or an alliance with its table) destroys in one go. Who approves is somebody else than
    who proposed. `terms`: the terms that held, in words, by class."""

    class Status(models.TextChoices):
        PROPOSED = "voorgesteld", "wacht op akkoord"
        APPROVED = "akkoord", "wordt vernietigd"
        DONE = "klaar", "vernietigd"
        WITHDRAWN = "ingetrokken", "ingetrokken"

    OPEN = (Status.PROPOSED, Status.APPROVED)

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    alliance = models.ForeignKey(Alliance, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    status = models.CharField("stand", max_length=12, choices=Status.choices, default=Status.PROPOSED)
    terms = models.JSONField(default=dict)
    proposed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField(auto_now_add=True)
    approved_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    approved_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_why = models.CharField("waarom ingetrokken", max_length=300, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)

    objects = DestructionRunQuerySet.as_manager()

    class Meta:
        verbose_name = "vernietiging"
        verbose_name_plural = "vernietigingen"
        ordering = ("-proposed_at", "-pk")
        constraints = (
            models.CheckConstraint(name="a_run_has_one_holder", condition=ONE_HOLDER),
            models.CheckConstraint(
                name="a_second_person_approves",
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("proposed_by")),
            ),
            models.CheckConstraint(
                name="what_is_destroyed_was_approved",
                condition=~Q(status__in=("akkoord", "klaar")) | Q(approved_by__isnull=False, approved_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_open_run_per_school",
                fields=("school",),
                condition=Q(status__in=("voorgesteld", "akkoord"), school__isnull=False),
            ),
            models.UniqueConstraint(
                name="one_open_run_per_alliance",
                fields=("alliance",),
                condition=Q(status__in=("voorgesteld", "akkoord"), alliance__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"vernietiging {self.pk} ({self.status})"

    @property
    def holder(self) -> School | Alliance:
        """Whose data it is (a constraint sees to it that there is one)."""
        found = self.school or self.alliance
        assert found is not None
        return found


class RunItem(models.Model):
    """One class of data of one pupil. Nothing in it tells who the pupil is once it is destroyed: `pupil` is emptied,
    `short` is the beginning of their code. `rows`: how many rows of which kind, foreseen and then really gone."""

    class Status(models.TextChoices):
        WAITING = "wacht", "wacht"
        DONE = "vernietigd", "vernietigd"
        SKIPPED = "overgeslagen", "overgeslagen"

    run = models.ForeignKey(DestructionRun, on_delete=models.CASCADE, related_name="items")
    pupil = models.ForeignKey(Pupil, on_delete=models.SET_NULL, null=True, related_name="+")
    short = models.CharField("leerling", max_length=8)
    data_class = models.CharField("gegevens", max_length=12, choices=DataClass.choices)
    started_on = models.DateField("begin van de termijn")
    due_on = models.DateField("mag weg vanaf")
    rows = models.JSONField(default=dict)
    status = models.CharField("stand", max_length=12, choices=Status.choices, default=Status.WAITING)
    why = models.CharField("waarom overgeslagen", max_length=200, blank=True)
    at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "onderdeel van een vernietiging"
        verbose_name_plural = "onderdelen van vernietigingen"
        ordering = ("run", "due_on", "pk")
        constraints = (
            models.UniqueConstraint(name="one_item_per_run_pupil_and_class", fields=("run", "pupil", "data_class")),
        )
        indexes = (models.Index(fields=("run", "status"), name="items_of_a_run"),)

    def __str__(self) -> str:
        return f"{self.get_data_class_display()} van {self.short}"

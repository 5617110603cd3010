"""What is left of what was destroyed: that it was, and numbers in which nobody can be found."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from thuiszitters.accounts.models import Alliance, School, User
from thuiszitters.privacy.data_classes import DataClass
from thuiszitters.privacy.keepers import WATCHES, kept_for_school
from thuiszitters.privacy.models.runs import ONE_HOLDER, DestructionRun


class Tombstone(models.Model):
    """One class of data of one pupil was destroyed: no name, no birth date, no number.

    `pupil_key` and `identity_key` are keyed digests, of the code the pupil had here and of what a school's file says of
    them: only who has the key and the pupil before them can tell that they belong together. `through`: the start of the
    term; data of later days was not there. `whole`: nothing was left of the pupil, and the row itself went.
    `in_ledger`: it stands in the file outside the database as well.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    run = models.ForeignKey(DestructionRun, on_delete=models.PROTECT, null=True, related_name="tombstones")
    run_code = models.UUIDField()
    pupil_key = models.CharField(max_length=64, db_index=True)
    identity_key = models.CharField(max_length=64, db_index=True)
    short = models.CharField(max_length=8)
    data_class = models.CharField(max_length=12, choices=DataClass.choices)
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, related_name="+")
    alliance = models.ForeignKey(Alliance, on_delete=models.PROTECT, null=True, related_name="+")
    through = models.DateField()
    term = models.CharField(max_length=80)
    rows = models.JSONField(default=dict)
    whole = models.BooleanField(default=False)
    at = models.DateTimeField()
    in_ledger = models.BooleanField(default=False)

    class Meta:
        verbose_name = "grafsteen"
        verbose_name_plural = "grafstenen"
        ordering = ("at", "pk")
        constraints = (
            models.CheckConstraint(name="a_tombstone_has_one_holder", condition=ONE_HOLDER),
            models.UniqueConstraint(
                name="one_tombstone_per_run_pupil_and_class", fields=("run_code", "pupil_key", "data_class")
            ),
        )
        indexes = (models.Index(fields=("at",), name="tombstones_to_write_out", condition=Q(in_ledger=False)),)

    def __str__(self) -> str:
        return f"{self.get_data_class_display()} van {self.short}"


class KeptCountQuerySet(models.QuerySet["KeptCount"]):
    def visible_to(self, user: User) -> KeptCountQuerySet:
        """Of the schools that `user` watches over."""
        return self.filter(kept_for_school(user, WATCHES))


class KeptCount(models.Model):
    """How many of something a school had in a school year, of data that is gone. `school_year`: the year of its
    1 August. `what`: a kind of row, or a rule that was passed."""

    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+", verbose_name="school")
    school_year = models.PositiveSmallIntegerField("schooljaar")
    what = models.CharField("wat", max_length=40)
    amount = models.PositiveIntegerField("aantal", default=0)

    objects = KeptCountQuerySet.as_manager()

    class Meta:
        verbose_name = "bewaard aantal"
        verbose_name_plural = "bewaarde aantallen"
        ordering = ("school", "-school_year", "what")
        constraints = (
            models.UniqueConstraint(
                name="one_count_per_school_year_and_what", fields=("school", "school_year", "what")
            ),
        )

    def __str__(self) -> str:
        return f"{self.what} in {self.school_year}: {self.amount}"

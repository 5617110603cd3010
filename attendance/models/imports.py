"""Files that came in, and what each of them changed."""

from __future__ import annotations

import uuid

from django.db import models

from attendance.models.pupils import Pupil
from thuiszitters.accounts.models import School, User


class RegisterImport(models.Model):
    """One import of one file, with what became of its rows. Names of files can hold personal data: only the kind is
    kept.

    `complete_from` and `complete_until`: the file was stated to hold all absence of `school` in that period.
    `stated_complete`: the schools of which it was said that their data is complete up to and including `through`.
    An import is undone in parts; from `undo_started_at` on it takes nothing in any more. `undone` and `kept` count its
    changes.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    kind = models.CharField("soort", max_length=12)
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    through = models.DateField("compleet tot en met", null=True, blank=True)
    complete_from = models.DateField("volledig van", null=True, blank=True)
    complete_until = models.DateField("volledig tot en met", null=True, blank=True)
    stated_complete: models.ManyToManyField[School, models.Model] = models.ManyToManyField(
        School, related_name="+", blank=True
    )
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    created = models.PositiveIntegerField(default=0)
    updated = models.PositiveIntegerField(default=0)
    unchanged = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    waiting = models.PositiveIntegerField("wachtend", default=0)
    skipped = models.PositiveIntegerField("overgeslagen", default=0)
    withdrawn = models.PositiveIntegerField("ingetrokken", default=0)
    undo_started_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField("ongedaan gemaakt op", null=True, blank=True)
    undone_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    undone = models.PositiveIntegerField(default=0)
    kept = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "import"
        verbose_name_plural = "imports"
        ordering = ("-started_at",)

    def __str__(self) -> str:
        return f"import {self.pk} ({self.kind})"


class ChangeKind(models.TextChoices):
    """What kind of row an import changed."""

    ABSENCE = "absence", "verzuim"
    WAITING = "waiting", "wachtende rij"
    TIMETABLE = "timetable", "eigen rooster"
    EXEMPTION = "exemption", "vrijstelling"
    ENROLMENT = "enrolment", "inschrijving"
    PAST_GROUP = "past_group", "vorige klas"
    PUPIL = "pupil", "leerling"
    CALENDAR = "calendar", "eigen dag van de school"
    GROUP = "group", "klas"
    SCHOOL = "school", "school"
    MUNICIPALITY = "municipality", "gemeente"
    ALLIANCE = "alliance", "samenwerkingsverband"
    COMPLETE = "complete", "compleet tot en met"


class Outcome(models.TextChoices):
    """What undoing an import came to for one change."""

    STANDS = "", "niet ongedaan gemaakt"
    UNDONE = "undone", "ongedaan gemaakt"
    KEPT = "kept", "blijft staan"


class ImportChange(models.Model):
    """One row that an import made or changed: its fields before (empty: there was none) and after (empty: it is gone).

    Without it an import cannot be undone. `row` is the primary key; `why` says in Dutch why undoing left it as it is.
    """

    register_import = models.ForeignKey(RegisterImport, on_delete=models.CASCADE, related_name="changes")
    kind = models.CharField(max_length=12, choices=ChangeKind.choices)
    row = models.PositiveBigIntegerField()
    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, null=True, related_name="+")
    school = models.ForeignKey(School, on_delete=models.CASCADE, null=True, related_name="+")
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    outcome = models.CharField(max_length=6, choices=Outcome.choices, default=Outcome.STANDS, blank=True)
    why = models.CharField(max_length=200, blank=True)

    class Meta:
        verbose_name = "wijziging door een import"
        verbose_name_plural = "wijzigingen door imports"
        ordering = ("pk",)
        indexes = (models.Index(fields=("register_import", "outcome", "kind", "pupil")),)

    def __str__(self) -> str:
        return f"{self.kind} {self.row}"

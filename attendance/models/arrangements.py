"""What makes a pupil's days differ from the school's, and what was changed by whom in it and in enrolments."""

from __future__ import annotations

import uuid
from datetime import date
from typing import TypeVar

from django.db import models
from django.db.models import Exists, OuterRef, Q, Value
from django.db.models.functions import Coalesce

from attendance.models.imports import RegisterImport
from attendance.models.pupils import ENDS_ON_OR_AFTER_ITS_START, Enrolment, Pupil
from thuiszitters.accounts.encryption import EncryptedJSONField, EncryptedTextField
from thuiszitters.accounts.models import User

M = TypeVar("M", bound=models.Model)


class PeriodQuerySet(models.QuerySet[M]):
    def visible_to(self, user: User) -> PeriodQuerySet[M]:
        """Rows with a date inside an enrolment that `user` may see."""
        end = Coalesce(OuterRef("last"), Value(date.max), output_field=models.DateField())
        dates = Enrolment.objects.visible_to(user).filter(
            Q(last__isnull=True) | Q(last__gte=OuterRef("first")), pupil=OuterRef("pupil"), first__lte=end
        )
        return self.filter(Exists(dates))


class TimetableKind(models.TextChoices):
    ADAPTED = "aangepast", "aangepast rooster"
    EXPERIMENT = "experiment", "experiment onderwijszorgarrangement"


class OwnTimetable(models.Model):
    """A pupil's own timetable for a period, in minutes a weekday. Those of one pupil do not overlap.

    `agreed_by` are who agreed to it, in words ("ouders, Inspectie"); a file does not say so, and leaves these empty.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="timetables", verbose_name="leerling")
    first = models.DateField("van")
    last = models.DateField("tot en met", null=True, blank=True)
    monday = models.PositiveSmallIntegerField("maandag (minuten)")
    tuesday = models.PositiveSmallIntegerField("dinsdag (minuten)")
    wednesday = models.PositiveSmallIntegerField("woensdag (minuten)")
    thursday = models.PositiveSmallIntegerField("donderdag (minuten)")
    friday = models.PositiveSmallIntegerField("vrijdag (minuten)")
    kind = models.CharField("soort", max_length=10, choices=TimetableKind.choices, default=TimetableKind.ADAPTED)
    agreed_by = models.CharField("afgesproken met", max_length=120, blank=True)
    agreed_on = models.DateField("afgesproken op", null=True, blank=True)
    reason = EncryptedTextField("waarom", max_length=300, blank=True)

    objects = PeriodQuerySet["OwnTimetable"].as_manager()

    class Meta:
        verbose_name = "eigen rooster"
        verbose_name_plural = "eigen roosters"
        ordering = ("pupil", "first")
        constraints = (
            models.CheckConstraint(name="timetable_ends_on_or_after_its_start", condition=ENDS_ON_OR_AFTER_ITS_START),
            models.UniqueConstraint(name="one_timetable_per_pupil_and_start", fields=("pupil", "first")),
        )

    def __str__(self) -> str:
        return f"eigen rooster van {self.pupil} vanaf {self.first}"

    @property
    def week(self) -> tuple[int, int, int, int, int]:
        """Minutes, Monday to Friday."""
        return (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday)


class ExemptionKind(models.TextChoices):
    """The grounds that can be chosen. A file may write others: they stay as they were written."""

    UNABLE = "5 onder a", "artikel 5 onder a: lichamelijk of psychisch niet in staat"
    BELIEF = "5 onder b", "artikel 5 onder b: bezwaar tegen de richting van scholen"
    ABROAD = "5 onder c", "artikel 5 onder c: school in het buitenland"
    TRAVELLING = "artikel 5a", "artikel 5a: trekkend bestaan"
    WORK_AND_LEARN = "3a", "artikel 3a: vervangende leerplicht, werken en leren (vanaf 14 jaar)"
    LAST_YEAR = "3b", "artikel 3b: vervangende leerplicht in het laatste schooljaar"
    OTHER_EDUCATION = "15", "artikel 15: ander voldoende onderwijs (kwalificatieplicht)"
    FORBIDDEN = "11 onder b", "artikel 11 onder b: bezoek van de school is verboden"
    RELIGION = "11 onder e", "artikel 11 onder e: godsdienst of levensovertuiging"
    PARENTS_WORK = "11 onder f", "artikel 11 onder f: vakantie door het beroep van een ouder"
    WEIGHTY = "11 onder g", "artikel 11 onder g: andere gewichtige omstandigheden"


class Exemption(models.Model):
    """A vrijstelling for a period. It works by law and is recorded here, not granted. `kind` as written by the source
    ("5a" is ambiguous: "5 onder a" and "artikel 5a" differ). `decided_by`: whose notice or decision it rests on."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="exemptions", verbose_name="leerling")
    first = models.DateField("van")
    last = models.DateField("tot en met", null=True, blank=True)
    kind = models.CharField("soort", max_length=40)
    decided_by = models.CharField("volgt uit", max_length=120, blank=True)
    decided_on = models.DateField("datum van dat bericht", null=True, blank=True)

    objects = PeriodQuerySet["Exemption"].as_manager()

    class Meta:
        verbose_name = "vrijstelling"
        verbose_name_plural = "vrijstellingen"
        ordering = ("pupil", "first")
        constraints = (
            models.CheckConstraint(name="exemption_ends_on_or_after_its_start", condition=ENDS_ON_OR_AFTER_ITS_START),
            models.UniqueConstraint(name="one_exemption_per_pupil_and_start", fields=("pupil", "first")),
        )

    def __str__(self) -> str:
        return f"vrijstelling {self.kind} van {self.pupil} vanaf {self.first}"


class ArrangementChange(models.Model):
    """Somebody changed an enrolment, an own timetable or an exemption: who, when, why, and what it said before.

    `subject` is the code of that row, no foreign key: one that was taken away leaves this trace. `was` has what it said
    before by field, as text, empty for one that was made. `first` and `last` are the dates that it had before, or has
    when it was made. `by` None: a file on the command line. Rows are never changed.
    """

    class About(models.TextChoices):
        ENROLMENT = "inschrijving", "inschrijving"
        TIMETABLE = "rooster", "eigen rooster"
        EXEMPTION = "vrijstelling", "vrijstelling"

    class What(models.TextChoices):
        MADE = "gemaakt", "ingevoerd"
        CHANGED = "gewijzigd", "gewijzigd"
        ENDED = "beeindigd", "beëindigd"
        REMOVED = "verwijderd", "weggehaald"

    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="arrangement_changes")
    about = models.CharField(max_length=12, choices=About.choices)
    what = models.CharField(max_length=10, choices=What.choices)
    subject = models.UUIDField(db_index=True)
    first = models.DateField()
    last = models.DateField(null=True)
    was = EncryptedJSONField(default=dict)
    why = EncryptedTextField(max_length=300, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    source = models.ForeignKey(RegisterImport, on_delete=models.PROTECT, null=True, related_name="+")

    objects = PeriodQuerySet["ArrangementChange"].as_manager()

    class Meta:
        verbose_name = "wijziging van rooster of inschrijving"
        verbose_name_plural = "wijzigingen van roosters en inschrijvingen"
        ordering = ("-at", "-pk")

    def __str__(self) -> str:
        return f"{self.get_about_display()} {self.get_what_display()}"

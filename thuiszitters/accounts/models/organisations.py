"""The organisations somebody works at: alliance, municipality, youth health, school."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q


class Sector(models.TextChoices):
    PO = "po", "primair onderwijs"
    VO = "vo", "voortgezet onderwijs"
    SO = "so", "speciaal onderwijs"


class Region(models.TextChoices):
    """Region of the school holidays."""

    NOORD = "noord", "Noord"
    MIDDEN = "midden", "Midden"
    ZUID = "zuid", "Zuid"


class SecondFactor(models.TextChoices):
    """Whether the people of an alliance and its schools cannot do without a second step when they log in."""

    REQUIRED = "verplicht", "verplicht"
    OPTIONAL = "niet_verplicht", "niet verplicht"


class Alliance(models.Model):
    """A samenwerkingsverband: the schools of a region that share the duty to find every child a place.

    `is_demo`: invented, made by make_demo and by nothing else; see second_factor.is_required.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("naam", max_length=120, unique=True)
    second_factor = models.CharField(
        "tweede stap bij inloggen",
        max_length=20,
        choices=SecondFactor.choices,
        default=SecondFactor.REQUIRED,
        help_text="Voor iedereen met een rol bij dit samenwerkingsverband of een van de scholen.",
    )
    is_demo = models.BooleanField("verzonnen", default=False, editable=False)

    class Meta:
        verbose_name = "samenwerkingsverband"
        verbose_name_plural = "samenwerkingsverbanden"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class Municipality(models.Model):
    """Where a pupil lives; its leerplichtambtenaar receives the reports.

    An import that meets an unknown name makes the row and leaves it for the beheerder to confirm.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("naam", max_length=80, unique=True)
    confirmed = models.BooleanField("bevestigd", default=True)
    is_demo = models.BooleanField("verzonnen", default=False, editable=False)

    class Meta:
        verbose_name = "gemeente"
        verbose_name_plural = "gemeenten"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class YouthHealth(models.Model):
    """An organisation for youth health (JGZ), where the jeugdarts works."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("naam", max_length=120, unique=True)
    is_demo = models.BooleanField("verzonnen", default=False, editable=False)

    class Meta:
        verbose_name = "jeugdgezondheidszorg"
        verbose_name_plural = "jeugdgezondheidszorg"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name


class School(models.Model):
    """A school at one location, known by BRIN and location ("00AB01").

    `monday`..`friday` are the minutes of the standard timetable; `lesson_minutes` the length of a lesson (required in
    VO). `morning_minutes`: how long a morning is where absence is kept by the part of the day; None: half the day.
    `complete_through`: silence up to and including this date means "was there"; None while nothing was declared
    complete.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    brin = models.CharField("BRIN en vestiging", max_length=6, unique=True)
    name = models.CharField("naam", max_length=120)
    sector = models.CharField("sector", max_length=2, choices=Sector.choices)
    region = models.CharField("vakantieregio", max_length=6, choices=Region.choices)
    alliance = models.ForeignKey(
        Alliance,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="schools",
        verbose_name="samenwerkingsverband",
    )
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="gemeente"
    )
    lesson_minutes = models.PositiveSmallIntegerField("lesuur in minuten", null=True, blank=True)
    monday = models.PositiveSmallIntegerField("maandag (minuten)")
    tuesday = models.PositiveSmallIntegerField("dinsdag (minuten)")
    wednesday = models.PositiveSmallIntegerField("woensdag (minuten)")
    thursday = models.PositiveSmallIntegerField("donderdag (minuten)")
    friday = models.PositiveSmallIntegerField("vrijdag (minuten)")
    morning_minutes = models.PositiveSmallIntegerField(
        "ochtend (minuten)",
        null=True,
        blank=True,
        help_text="Voor wie alleen de ochtend of de middag mist. Leeg: de helft van de dag.",
    )
    complete_through = models.DateField("gegevens compleet tot en met", null=True, blank=True)

    class Meta:
        verbose_name = "school"
        verbose_name_plural = "scholen"
        ordering = ("name", "brin")
        constraints = (
            models.CheckConstraint(
                name="vo_school_has_a_lesson_length",
                condition=~Q(sector=Sector.VO) | Q(lesson_minutes__gt=0),
            ),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def week(self) -> tuple[int, int, int, int, int]:
        """Minutes of the standard timetable, Monday to Friday."""
        return (self.monday, self.tuesday, self.wednesday, self.thursday, self.friday)

"""Organisations, users and memberships."""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import Q

from thuiszitters.accounts.roles import Role


class Sector(models.TextChoices):
    PO = "po", "primair onderwijs"
    VO = "vo", "voortgezet onderwijs"
    SO = "so", "speciaal onderwijs"


class Region(models.TextChoices):
    """Region of the school holidays."""

    NOORD = "noord", "Noord"
    MIDDEN = "midden", "Midden"
    ZUID = "zuid", "Zuid"


class Alliance(models.Model):
    """A samenwerkingsverband: the schools of a region that share the duty to find every child a place."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    name = models.CharField("naam", max_length=120, unique=True)

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


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        """Make a user who logs in with `email`; without a password nobody can log in as them yet."""
        user = self.model(email=self.normalize_email(email).lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        return self.create_user(email, password, is_staff=True, is_superuser=True, **extra)


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who logs in with an e-mail address. What they may do follows from their memberships."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField("e-mailadres", unique=True)
    name = models.CharField("naam", max_length=120)
    phone = models.CharField("telefoon", max_length=20, blank=True)
    reminder_mail = models.BooleanField("herinneringen per mail", default=True)
    is_staff = models.BooleanField("mag in het beheer", default=False)
    is_active = models.BooleanField("actief", default=True)
    date_joined = models.DateTimeField("sinds", auto_now_add=True)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects = UserManager()

    class Meta:
        verbose_name = "gebruiker"
        verbose_name_plural = "gebruikers"
        ordering = ("name",)

    def __str__(self) -> str:
        return self.name or self.email


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self, today: date) -> MembershipQuerySet:
        """Memberships that hold on `today`."""
        return self.filter(Q(last__isnull=True) | Q(last__gte=today), first__lte=today)


class Membership(models.Model):
    """Somebody holds a role at one organisation, from `first` to `last` (both included; None: no end yet)."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships", verbose_name="gebruiker")
    role = models.CharField("rol", max_length=20, choices=Role.choices)
    school = models.ForeignKey(School, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships")
    alliance = models.ForeignKey(
        Alliance,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="samenwerkingsverband",
    )
    municipality = models.ForeignKey(
        Municipality,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="memberships",
        verbose_name="gemeente",
    )
    youth_health = models.ForeignKey(
        YouthHealth, on_delete=models.PROTECT, null=True, blank=True, related_name="memberships", verbose_name="JGZ"
    )
    first = models.DateField("van")
    last = models.DateField("tot en met", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = "aanstelling"
        verbose_name_plural = "aanstellingen"
        ordering = ("user", "first")
        constraints = (
            models.CheckConstraint(
                name="membership_is_at_the_one_kind_of_organisation_of_its_role",
                condition=(
                    Q(
                        role__in=[
                            "mentor",
                            "docent",
                            "coo",
                            "zorgcoach",
                            "administratie",
                            "schoolleider",
                            "gedragsdeskundige",
                            "fg",
                            "beheerder",
                        ],
                        school__isnull=False,
                        alliance__isnull=True,
                        municipality__isnull=True,
                        youth_health__isnull=True,
                    )
                    | Q(
                        role__in=["swv", "gedragsdeskundige", "fg", "beheerder"],
                        school__isnull=True,
                        alliance__isnull=False,
                        municipality__isnull=True,
                        youth_health__isnull=True,
                    )
                    | Q(
                        role__in=["leerplicht"],
                        school__isnull=True,
                        alliance__isnull=True,
                        municipality__isnull=False,
                        youth_health__isnull=True,
                    )
                    | Q(
                        role__in=["jeugdarts"],
                        school__isnull=True,
                        alliance__isnull=True,
                        municipality__isnull=True,
                        youth_health__isnull=False,
                    )
                ),
            ),
            models.CheckConstraint(
                name="membership_ends_on_or_after_its_start",
                condition=Q(last__isnull=True) | Q(last__gte=models.F("first")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()} bij {self.organisation}"

    @property
    def organisation(self) -> School | Alliance | Municipality | YouthHealth:
        """The one organisation of this membership (a constraint sees to it that there is one)."""
        found = self.school or self.alliance or self.municipality or self.youth_health
        assert found is not None
        return found


class ReadLog(models.Model):
    """Somebody opened a page about a child. Rows are never changed, and outlive the pupil they are about: `subject` is
    the pupil's code, no foreign key."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="wie")
    at = models.DateTimeField("wanneer", auto_now_add=True)
    page = models.CharField("pagina", max_length=60)
    subject = models.UUIDField("leerling")
    why = models.CharField("waarom", max_length=120, blank=True)

    class Meta:
        verbose_name = "inzage"
        verbose_name_plural = "inzagen"
        ordering = ("-at", "-pk")
        indexes = (models.Index(fields=("subject", "-at"), name="read_log_of_a_pupil"),)

    def __str__(self) -> str:
        return f"{self.user} opende {self.page}"

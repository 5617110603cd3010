"""The case of a pupil: one owner, one next step, and everything that was done."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from attendance.models import Pupil
from thuiszitters.accounts.encryption import EncryptedTextField
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import ASSIGNED, Role

OWNER_ROLES = (Role.COO, Role.ZORGCOACH)


class Phase(models.TextChoices):
    """Where a pupil stands on the way back. NONE: not on the table (yet)."""

    NONE = "", "nog niet op de tafel"
    DREIGEND = "dreigend", "dreigend"
    THUISZITTER = "thuiszitter", "thuiszitter"
    LONG = "drie_maanden", "> 3 maanden"
    OPBOUW = "opbouw", "opbouw"
    NAZORG = "nazorg", "nazorg"
    GESLOTEN = "gesloten", "gesloten"


class CaseQuerySet(models.QuerySet["Case"]):
    def open(self) -> CaseQuerySet:
        return self.filter(closed_at__isnull=True)

    def visible_to(self, user: User) -> CaseQuerySet:
        """COO, zorgcoach and schoolleider: cases that their school runs, of pupils enrolled there, or that are being
        offered to it; a school that handed a case over sees it no more. Mentor and assigned roles: cases of the pupils
        they see today, and on a page that only reads of who they were let in to read about. The administratie knows who
        is absent, and not what is done about it."""
        found = Q(pk__in=Case.objects.worked_with(user).values("pk"))
        if grants_of(user).reading:
            found |= Q(pupil__in=Pupil.objects.looked_in_on(user).values("pk"))
        return self.filter(found)

    def worked_with(self, user: User) -> CaseQuerySet:
        """Those of `visible_to` in which `user` may also write, as far as the page lets them."""
        grants = grants_of(user)
        found = Q(pk__in=[])
        if schools := grants.school_ids({Role.COO, Role.ZORGCOACH, Role.SCHOOLLEIDER}):
            offered = Q(hand_overs__to_school__in=schools, hand_overs__accepted_at__isnull=True, closed_at__isnull=True)
            found |= Q(school__in=schools) | Q(school_of_enrolment__in=schools) | offered
        if grants.has(Role.MENTOR, *ASSIGNED):
            found |= Q(pupil__in=Pupil.objects.mentored_or_assigned(user).values("pk"))
        return self.filter(pk__in=Case.objects.filter(found).values("pk"))


class Case(models.Model):
    """What is done about one pupil at home. At most one open case per pupil.

    `school` runs it (the place of teaching, whose COO owns it until a zorgcoach takes over); `school_of_enrolment` is
    the stamschool. `owner` None: whoever holds `owner_role` at `school`. `first_day_home`: the case's own first day at
    home; an hour at school does not end the story. `phase`, `next_*` and `last_contact_on` are kept here for lists,
    written by the services that change them; a job recounts them. `emptied_at`: its content was destroyed, and the row
    is there only because something with a longer term rests on it.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="+", verbose_name="leerling")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+", verbose_name="school")
    school_of_enrolment = models.ForeignKey(
        School, on_delete=models.PROTECT, related_name="+", verbose_name="stamschool"
    )
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="eigenaar"
    )
    owner_role = models.CharField(
        "rol van de eigenaar",
        max_length=20,
        choices=[(role.value, role.label) for role in OWNER_ROLES],
        default=Role.COO,
    )
    first_day_home = models.DateField("eerste dag thuis", null=True, blank=True)
    phase = models.CharField("fase", max_length=12, choices=Phase.choices, blank=True, default=Phase.NONE)
    next_step = models.CharField("volgende stap", max_length=120, blank=True)
    next_step_due = models.DateField("volgende stap uiterlijk", null=True, blank=True)
    last_contact_on = models.DateField("laatste contact", null=True, blank=True)
    next_meeting_at = models.DateTimeField("volgende afspraak", null=True, blank=True)
    opened_on = models.DateField("geopend op")
    opened_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    closed_reason = EncryptedTextField(max_length=200, blank=True)
    emptied_at = models.DateTimeField(null=True, blank=True)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier"
        verbose_name_plural = "dossiers"
        ordering = ("-opened_on", "pk")
        constraints = (
            models.UniqueConstraint(
                name="one_open_case_per_pupil", fields=("pupil",), condition=Q(closed_at__isnull=True)
            ),
            models.CheckConstraint(
                name="a_closed_case_says_who_and_why",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(closed_reason="")),
            ),
        )
        indexes = (
            models.Index(
                fields=("school", "phase", "next_step_due"), name="open_cases", condition=Q(closed_at__isnull=True)
            ),
        )

    def __str__(self) -> str:
        return f"dossier van {self.pupil}"


class Step(models.Model):
    """Something that one role or person has to do by a date. `kind` is the key of the step in cases/steps.py.

    Ended by doing it (`done_*`) or by dropping it, with who and what came of it.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="steps")
    kind = models.CharField("soort", max_length=30)
    title = models.CharField("stap", max_length=120)
    role = models.CharField("wie (rol)", max_length=20, choices=Role.choices)
    owner = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="wie"
    )
    due_on = models.DateField("uiterlijk")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    done_at = models.DateTimeField(null=True, blank=True)
    done_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    dropped = models.BooleanField(default=False)
    outcome = EncryptedTextField("wat kwam eruit", blank=True)
    reminded_on = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "stap"
        verbose_name_plural = "stappen"
        ordering = ("due_on", "pk")
        constraints = (
            models.UniqueConstraint(
                name="one_open_step_per_case_and_kind", fields=("case", "kind"), condition=Q(done_at__isnull=True)
            ),
            models.CheckConstraint(
                name="a_done_step_says_who",
                condition=Q(done_at__isnull=True, done_by__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False),
            ),
        )
        indexes = (models.Index(fields=("due_on",), name="open_steps", condition=Q(done_at__isnull=True)),)

    def __str__(self) -> str:
        return self.title


class LogEntry(models.Model):
    """One line of a case's log: never changed. `by` None: the application itself."""

    class Kind(models.TextChoices):
        OPENED = "geopend", "geopend"
        SIGNAL = "signaal", "signaal"
        STEP = "stap", "stap"
        CONTACT = "contact", "contact"
        NOTE = "notitie", "notitie"
        PHASE = "fase", "fase"
        REPORT = "melding", "melding"
        MEETING = "afspraak", "afspraak"
        OWNER = "eigenaar", "eigenaar"
        INFORMED = "geinformeerd", "geïnformeerd"
        CLOSED = "gesloten", "gesloten"

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="log")
    kind = models.CharField("soort", max_length=12, choices=Kind.choices)
    text = EncryptedTextField("tekst")
    day = models.DateField("datum")
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name="door")

    class Meta:
        verbose_name = "logregel"
        verbose_name_plural = "logboek"
        ordering = ("-day", "-at", "-pk")

    def __str__(self) -> str:
        return f"{self.day} {self.get_kind_display()}"


class CaseHandOver(models.Model):
    """An open case goes over to another school: offered by one, accepted by the new COO."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.CASCADE, related_name="hand_overs")
    from_school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    to_school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(null=True, blank=True)
    accepted_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("case", "offered_at")
        constraints = (
            models.UniqueConstraint(
                name="one_open_hand_over_per_case", fields=("case",), condition=Q(accepted_at__isnull=True)
            ),
            models.CheckConstraint(
                name="an_accepted_hand_over_says_who",
                condition=Q(accepted_at__isnull=True, accepted_by__isnull=True)
                | Q(accepted_at__isnull=False, accepted_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.case} naar {self.to_school}"

"""Asking to see a pupil, opening one in an emergency, and the mails about both."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import models
from django.db.models import F, Q

from thuiszitters.accounts.encryption import EncryptedTextField
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import ASSIGNED, IN_AN_EMERGENCY, LOOKS_IN, Role


class AccessRequestQuerySet(models.QuerySet["AccessRequest"]):
    def visible_to(self, user: User) -> AccessRequestQuerySet:
        """The COO of the school: those that fit a pupil, but for one's own. What fits nobody is only the asker's."""
        schools = grants_of(user).school_ids({Role.COO})
        return self.filter(school__in=schools, pupil__isnull=False).exclude(asker=user)


class AccessRequest(models.Model):
    """Somebody asks to see one pupil of a school, with a reason.

    `pupil` None: what was typed fitted nobody. The asker is told the same in both cases, and what was typed is not
    kept. `assignment`: what came of it when it was granted.
    """

    class Status(models.TextChoices):
        WAITING = "wacht", "wacht op antwoord"
        GRANTED = "gegeven", "toegang gegeven"
        REFUSED = "geweigerd", "geen toegang"
        LAPSED = "vervallen", "vervallen"

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    asker = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="wie")
    role = models.CharField(
        "rol", max_length=20, choices=[(role.value, role.label) for role in Role if role in ASSIGNED | LOOKS_IN]
    )
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+", verbose_name="school")
    pupil = models.ForeignKey(
        "attendance.Pupil", on_delete=models.CASCADE, null=True, related_name="+", verbose_name="leerling"
    )
    reason = EncryptedTextField("waarom")
    asked_at = models.DateTimeField("gevraagd")
    status = models.CharField("status", max_length=10, choices=Status.choices, default=Status.WAITING)
    decided_at = models.DateTimeField(null=True, blank=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    answer = EncryptedTextField("antwoord", blank=True)
    assignment = models.ForeignKey(
        "attendance.Assignment", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )

    objects = AccessRequestQuerySet.as_manager()

    class Meta:
        verbose_name = "vraag om toegang"
        verbose_name_plural = "vragen om toegang"
        ordering = ("-asked_at", "-pk")
        constraints = (
            models.UniqueConstraint(
                name="one_waiting_request_per_asker_and_pupil",
                fields=("asker", "pupil"),
                condition=Q(status="wacht", pupil__isnull=False),
            ),
            models.CheckConstraint(
                name="an_answered_request_says_who_and_when",
                condition=Q(status__in=["wacht", "vervallen"], decided_by__isnull=True)
                | Q(status__in=["gegeven", "geweigerd"], decided_by__isnull=False, decided_at__isnull=False),
            ),
            models.CheckConstraint(
                name="a_granted_request_has_its_assignment",
                condition=Q(status="gegeven", assignment__isnull=False)
                | (~Q(status="gegeven") & Q(assignment__isnull=True)),
            ),
        )
        indexes = (models.Index(fields=("school", "status"), name="access_requests_of_a_school"),)

    def __str__(self) -> str:
        return f"{self.asker} vraagt toegang"


class EmergencyAccessQuerySet(models.QuerySet["EmergencyAccess"]):
    def open(self, now: datetime) -> EmergencyAccessQuerySet:
        """Those that hold at this moment: the last moment itself is not in it."""
        return self.filter(ended_at__isnull=True, opened_at__lte=now, ends_at__gt=now)

    def visible_to(self, user: User) -> EmergencyAccessQuerySet:
        """COO of the school where the pupil is taught or enrolled; FG of these schools or of their alliances."""
        return self.filter(_at_schools(user, {Role.COO, Role.FG}))

    def judgeable_by(self, user: User) -> EmergencyAccessQuerySet:
        """Those that `user` judges as FG: of the schools or alliances where they are that, and never their own."""
        return self.filter(_at_schools(user, {Role.FG})).exclude(user=user)


def _at_schools(user: User, roles: set[Role]) -> Q:
    """Emergencies at a school where `user` holds one of these roles, or at one of an alliance where they are FG."""
    grants = grants_of(user)
    schools, alliances = grants.school_ids(roles), grants.alliance_ids({Role.FG})
    found = Q(school__in=schools) | Q(school_of_enrolment__in=schools)
    return found | Q(school__alliance__in=alliances) | Q(school_of_enrolment__alliance__in=alliances)


class EmergencyAccess(models.Model):
    """Somebody of school staff opened a pupil who was not theirs, in an emergency (noodtoegang): reading, until
    `ends_at` and no longer. The COO can end it; the FG judges it afterwards."""

    class Judgement(models.TextChoices):
        RIGHT = "terecht", "terecht"
        WRONG = "onterecht", "niet terecht"
        UNCLEAR = "onduidelijk", "niet vast te stellen"

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+", verbose_name="wie")
    role = models.CharField(
        "rol", max_length=20, choices=[(role.value, role.label) for role in Role if role in IN_AN_EMERGENCY]
    )
    pupil = models.ForeignKey("attendance.Pupil", on_delete=models.CASCADE, related_name="+", verbose_name="leerling")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+", verbose_name="school")
    school_of_enrolment = models.ForeignKey(
        School, on_delete=models.PROTECT, related_name="+", verbose_name="stamschool"
    )
    reason = EncryptedTextField("waarom")
    opened_at = models.DateTimeField("geopend")
    ends_at = models.DateTimeField("tot")
    ended_at = models.DateTimeField("beëindigd", null=True, blank=True)
    ended_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    reviewed_at = models.DateTimeField("beoordeeld", null=True, blank=True)
    reviewed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    judgement = models.CharField("oordeel", max_length=12, choices=Judgement.choices, blank=True)
    judgement_text = EncryptedTextField("toelichting", blank=True)

    objects = EmergencyAccessQuerySet.as_manager()

    class Meta:
        verbose_name = "noodtoegang"
        verbose_name_plural = "noodtoegangen"
        ordering = ("-opened_at", "-pk")
        constraints = (
            models.CheckConstraint(name="emergency_ends_after_its_start", condition=Q(ends_at__gt=F("opened_at"))),
            models.CheckConstraint(
                name="a_reviewed_emergency_says_who_and_how",
                condition=Q(reviewed_at__isnull=True, reviewed_by__isnull=True, judgement="")
                | (Q(reviewed_at__isnull=False, reviewed_by__isnull=False) & ~Q(judgement="")),
            ),
        )
        indexes = (models.Index(fields=("user", "ends_at"), name="emergency_access_of_a_person"),)

    def __str__(self) -> str:
        return f"noodtoegang van {self.user}"


class AccessNotice(models.Model):
    """A mail that somebody has to get about access: the row is the queue. `about`: the code of what it is about.

    Claimed by a conditional UPDATE before it is sent; a claim that led to nothing is free again after a while, so that
    a mail server that was down does not swallow the news of an emergency.
    """

    class Kind(models.TextChoices):
        EMERGENCY = "nood", "noodtoegang geopend"
        ASKED = "gevraagd", "toegang gevraagd"
        ANSWERED = "antwoord", "vraag beantwoord"
        ENDING = "eindigt", "toegang eindigt binnenkort"

    kind = models.CharField(max_length=10, choices=Kind.choices)
    about = models.UUIDField()
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    made_at = models.DateTimeField(auto_now_add=True)
    claimed_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(name="one_notice_per_kind_subject_and_person", fields=("kind", "about", "user")),
        )
        indexes = (models.Index(fields=("made_at",), name="unsent_notices", condition=Q(sent_at__isnull=True)),)

    def __str__(self) -> str:
        return f"{self.get_kind_display()} aan {self.user}"

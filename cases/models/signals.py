"""What was done with a crossing: cases' answer to the facts below."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from attendance.models import Crossing, Pupil
from cases.models.case import Case
from thuiszitters.accounts.encryption import EncryptedTextField
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role


class SignalQuerySet(models.QuerySet["Signal"]):
    def visible_to(self, user: User) -> SignalQuerySet:
        """COO and zorgcoach: signals of their school; mentor: those of own pupils that are meant for the mentor."""
        grants = grants_of(user)
        found = Q(pk__in=[])
        if schools := grants.school_ids({Role.COO, Role.ZORGCOACH}):
            found |= Q(school__in=schools)
        if grants.has(Role.MENTOR):
            found |= Q(pupil__in=Pupil.objects.mentored_or_assigned(user).values("pk"))
        return self.filter(found)

    def unanswered(self) -> SignalQuerySet:
        """Waiting for somebody: new, or changed since it was answered."""
        return self.filter(answered_at__isnull=True)


class Signal(models.Model):
    """A crossing brought to somebody: one per crossing, ever.

    `audience` is the role it is for (COO, or mentor for sick reports); `revision` the revision of the crossing it was
    last squared with. A crossing withdrawn after an answer asks for a decision: the answer is cleared and `withdrawn`
    set.
    """

    class Answer(models.TextChoices):
        TABLE = "tafel", "op de tafel gezet"
        NOT_NOW = "nu_niet", "nu niet"
        CASE = "dossier", "dossier geopend"
        TALK = "gesprek", "gesprek gevoerd"
        DOCTOR = "jeugdarts", "jeugdarts gevraagd"
        REPORT = "melding", "melding voorbereid"
        KEPT = "gehouden", "dossier blijft open"
        CLOSED = "gesloten", "dossier gesloten"
        SEEN = "gezien", "gezien"

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    crossing = models.OneToOneField(Crossing, on_delete=models.PROTECT, related_name="+")
    pupil = models.ForeignKey(Pupil, on_delete=models.PROTECT, related_name="+")
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, null=True, blank=True, related_name="signals")
    audience = models.CharField(max_length=20, choices=Role.choices)
    urgency = models.PositiveSmallIntegerField(default=0)
    revision = models.PositiveIntegerField()
    withdrawn = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    answer = models.CharField(max_length=12, choices=Answer.choices, blank=True)
    answer_text = EncryptedTextField(blank=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = SignalQuerySet.as_manager()

    class Meta:
        verbose_name = "signaal"
        verbose_name_plural = "signalen"
        ordering = ("-urgency", "created_at", "pk")
        constraints = (
            models.CheckConstraint(
                name="an_answered_signal_has_an_answer",
                condition=Q(answered_at__isnull=True, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
            ),
        )
        indexes = (
            models.Index(fields=("school", "-urgency"), name="new_signals", condition=Q(answered_at__isnull=True)),
        )

    def __str__(self) -> str:
        return f"signaal {self.crossing}"

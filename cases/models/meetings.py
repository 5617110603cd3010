"""Talks about pupils on the table: proposed by the application, confirmed or moved by the COO."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import F, Q

from cases.models.case import Case
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role


class MeetingQuerySet(models.QuerySet["Meeting"]):
    def visible_to(self, user: User) -> MeetingQuerySet:
        """COO, zorgcoach and schoolleider of the school, and whoever is invited."""
        grants = grants_of(user)
        found = Q(guests__user=user)
        if schools := grants.school_ids({Role.COO, Role.ZORGCOACH, Role.SCHOOLLEIDER}):
            found |= Q(school__in=schools)
        return self.filter(pk__in=Meeting.objects.filter(found).values("pk"))

    def unsent(self) -> MeetingQuerySet:
        """Decided, and changed since the last invitation that was mailed."""
        changed = Q(mailed_sequence__isnull=True) | Q(mailed_sequence__lt=F("sequence"))
        return self.filter(changed, sequence__gt=0).exclude(status=Meeting.Status.PROPOSED)


class Meeting(models.Model):
    """`code` is the UID of the calendar invitation and never changes; `sequence` goes up with every mailed change.

    `key` names what the proposal is for ("opp:<case>:2026-11-21"), so that the same proposal is never made twice.
    `mailed_sequence` is the last sequence that was sent; None: nothing was.
    """

    class Kind(models.TextChoices):
        OPP = "opp", "OPP-gesprek"
        TSO = "tso", "TSO"
        MDO = "mdo", "MDO"
        LARGE = "groot", "groot overleg"

    class Status(models.TextChoices):
        PROPOSED = "voorgesteld", "voorgesteld"
        CONFIRMED = "bevestigd", "bevestigd"
        CANCELLED = "vervallen", "vervallen"

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField("soort", max_length=6, choices=Kind.choices)
    status = models.CharField("status", max_length=12, choices=Status.choices, default=Status.PROPOSED)
    school = models.ForeignKey(School, on_delete=models.PROTECT, related_name="+")
    starts_at = models.DateTimeField("begin")
    minutes = models.PositiveSmallIntegerField("duur in minuten", default=60)
    place = models.CharField("plaats", max_length=120, blank=True)
    parents_invited = models.CharField("hoe ouders zijn uitgenodigd", max_length=200, blank=True)
    sequence = models.PositiveIntegerField(default=0)
    mailed_sequence = models.PositiveIntegerField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    decided_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField(null=True, blank=True)

    objects = MeetingQuerySet.as_manager()

    class Meta:
        verbose_name = "afspraak"
        verbose_name_plural = "afspraken"
        ordering = ("starts_at", "pk")
        constraints = (
            models.CheckConstraint(
                name="a_decided_meeting_says_who",
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} op {self.starts_at:%d-%m-%Y}"


class MeetingCase(models.Model):
    """A pupil on the agenda of a meeting."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="agenda")
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="agenda")

    class Meta:
        verbose_name = "punt op een agenda"
        verbose_name_plural = "punten op agenda's"
        constraints = (models.UniqueConstraint(name="a_case_stands_once_on_an_agenda", fields=("meeting", "case")),)

    def __str__(self) -> str:
        return f"{self.case} bij {self.meeting}"


class MeetingGuest(models.Model):
    """A member of staff who is invited, in a role."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="guests")
    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, choices=Role.choices)

    class Meta:
        verbose_name = "genodigde"
        verbose_name_plural = "genodigden"
        constraints = (models.UniqueConstraint(name="a_guest_is_invited_once", fields=("meeting", "user")),)

    def __str__(self) -> str:
        return f"{self.user} bij {self.meeting}"

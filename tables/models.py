"""Pupils on the Thuiszitterstafel."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from cases.models import Case, ParentsInformed, Phase
from thuiszitters.accounts.encryption import EncryptedTextField
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import Alliance, User
from thuiszitters.accounts.roles import ASSIGNED, Role


class TableEntryQuerySet(models.QuerySet["TableEntry"]):
    def visible_to(self, user: User) -> TableEntryQuerySet:
        """COO, zorgcoach and schoolleider: entries of cases they see. While on the table also: SWV of the alliance and
        leerplicht of the municipality where the pupil lives, and from then on the assigned gedragsdeskundige or
        jeugdarts."""
        grants = grants_of(user)
        placed = Q(placed_at__isnull=False)
        there = placed & Q(left_at__isnull=True, case__closed_at__isnull=True)
        found = Q(pk__in=[])
        if grants.has(Role.COO, Role.ZORGCOACH, Role.SCHOOLLEIDER):
            found |= Q(case__in=Case.objects.visible_to(user).values("pk"))
        if alliances := grants.alliance_ids({Role.SWV}):
            found |= there & Q(alliance__in=alliances)
        if municipalities := grants.municipality_ids({Role.LEERPLICHT}):
            found |= there & Q(case__pupil__municipality__in=municipalities)
        if grants.has(*ASSIGNED):
            found |= placed & Q(case__in=Case.objects.visible_to(user).values("pk"))
        return self.filter(found)

    def waiting(self) -> TableEntryQuerySet:
        """Proposed, and nobody has said yes or no."""
        return self.filter(
            placed_at__isnull=True, declined_at__isnull=True, left_at__isnull=True, case__closed_at__isnull=True
        )

    def on_the_table(self) -> TableEntryQuerySet:
        return self.filter(placed_at__isnull=False, left_at__isnull=True, case__closed_at__isnull=True)


class TableEntry(models.Model):
    """A pupil proposed for, on, or gone from the table: one open row per case.

    `proposed_phase` follows the rules (dreigend, thuiszitter, > 3 maanden); the phase itself stands on the case and is
    set by a person. `declined_*` keeps "nu niet, want ..."; a heavier proposal later opens the question again.
    """

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    alliance = models.ForeignKey(Alliance, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    proposed_phase = models.CharField("voorstel", max_length=12, choices=Phase.choices)
    proposed_on = models.DateField("voorgesteld op")
    informed = models.ForeignKey(ParentsInformed, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    placed_at = models.DateTimeField(null=True, blank=True)
    placed_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    declined_at = models.DateTimeField(null=True, blank=True)
    declined_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    declined_reason = EncryptedTextField("waarom nu niet", blank=True)
    left_at = models.DateTimeField(null=True, blank=True)
    left_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    left_reason = EncryptedTextField(max_length=200, blank=True)

    objects = TableEntryQuerySet.as_manager()

    class Meta:
        verbose_name = "plaats op de tafel"
        verbose_name_plural = "plaatsen op de tafel"
        ordering = ("proposed_on", "pk")
        constraints = (
            models.UniqueConstraint(
                name="one_open_entry_per_case", fields=("case",), condition=Q(left_at__isnull=True)
            ),
            models.CheckConstraint(
                name="a_placed_entry_says_who_and_whether_parents_know",
                condition=Q(placed_at__isnull=True, placed_by__isnull=True)
                | Q(placed_at__isnull=False, placed_by__isnull=False, informed__isnull=False),
            ),
            models.CheckConstraint(
                name="a_declined_entry_says_who_and_why",
                condition=Q(declined_at__isnull=True, declined_by__isnull=True)
                | (Q(declined_at__isnull=False, declined_by__isnull=False) & ~Q(declined_reason="")),
            ),
        )

    def __str__(self) -> str:
        return f"{self.case} op de tafel"


class PhaseChange(models.Model):
    """The phase of a pupil on the table changed: never altered. `by` None: the rules (escalation to > 3 maanden)."""

    entry = models.ForeignKey(TableEntry, on_delete=models.CASCADE, related_name="phases")
    phase = models.CharField(max_length=12, choices=Phase.choices)
    reason = EncryptedTextField(max_length=200, blank=True)
    day = models.DateField()
    at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ("entry", "at", "pk")

    def __str__(self) -> str:
        return f"{self.entry}: {self.phase}"

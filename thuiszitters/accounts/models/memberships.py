"""Who holds which role where, and until when."""

from __future__ import annotations

import uuid
from datetime import date

from django.db import models
from django.db.models import Q

from thuiszitters.accounts.models.organisations import Alliance, Municipality, School, YouthHealth
from thuiszitters.accounts.models.users import User
from thuiszitters.accounts.roles import Role


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

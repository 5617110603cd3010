"""How long which data is kept, and by what norm."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import Alliance, User
from thuiszitters.accounts.roles import Role
from thuiszitters.privacy.data_classes import DataClass, StartEvent
from thuiszitters.privacy.terms import Term


class RetentionTermQuerySet(models.QuerySet["RetentionTerm"]):
    def visible_to(self, user: User) -> RetentionTermQuerySet:
        """The general ones, and those of the alliances (also that of the own school) of `user`."""
        grants = grants_of(user)
        roles = {Role.BEHEERDER, Role.FG, Role.SCHOOLLEIDER}
        of_school = Alliance.objects.filter(schools__in=grants.school_ids(roles))
        return self.filter(
            Q(alliance=None) | Q(alliance__in=grants.alliance_ids(roles)) | Q(alliance__in=of_school.values("pk"))
        )

    def as_terms(self) -> list[Term]:
        """For the rules of privacy.terms."""
        return [row.term for row in self]


class RetentionTerm(models.Model):
    """The term of a class of data from `valid_from` on; a later row goes before it, and one of the pupil's alliance
    before one of everybody (`alliance` None). Rows are added and never changed: a protocol can be read years later. So
    who mends a slip on the same day adds a row, and the last one counts. `source`: in words, where the norm comes from
    or why it was chosen."""

    code = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    alliance = models.ForeignKey(Alliance, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    data_class = models.CharField("gegevens", max_length=12, choices=DataClass.choices)
    years = models.PositiveSmallIntegerField("jaren", default=0)
    months = models.PositiveSmallIntegerField("maanden", default=0)
    start_event = models.CharField("begint als", max_length=14, choices=StartEvent.choices)
    source = models.CharField("waar de termijn vandaan komt", max_length=400)
    valid_from = models.DateField("geldt vanaf")
    by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = RetentionTermQuerySet.as_manager()

    class Meta:
        verbose_name = "bewaartermijn"
        verbose_name_plural = "bewaartermijnen"
        ordering = ("data_class", "-valid_from", "-pk")
        constraints = (
            models.UniqueConstraint(
                name="one_general_term_per_class_and_day",
                fields=("data_class", "valid_from"),
                condition=Q(alliance__isnull=True),
            ),
            models.CheckConstraint(name="a_term_has_a_length", condition=Q(years__gt=0) | Q(months__gt=0)),
        )

    def __str__(self) -> str:
        return f"{self.get_data_class_display()}: {self.length}"

    @property
    def length(self) -> str:
        """2 jaar; 6 maanden; 1 jaar en 6 maanden."""
        months = f"{self.months} maand{'' if self.months == 1 else 'en'}" if self.months else ""
        return " en ".join(part for part in (f"{self.years} jaar" if self.years else "", months) if part)

    @property
    def term(self) -> Term:
        """As the rules read it."""
        return Term(DataClass(self.data_class), self.years, self.months, self.valid_from, self.alliance_id, self.pk)

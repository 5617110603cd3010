"""The persoonsgebonden nummer (PGN): BSN or onderwijsnummer. Off unless a beheerder turned it on for the school."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from attendance.models import Enrolment, Pupil
from thuiszitters.accounts.encryption import EncryptedTextField
from thuiszitters.accounts.grants import grants_of
from thuiszitters.accounts.models import School, User
from thuiszitters.accounts.roles import Role

KEEPS_NUMBERS = frozenset({Role.ADMINISTRATIE, Role.COO})
"""The only roles that see that there is a number, and that may have it shown."""


class NumberUse(models.Model):
    """A school keeps numbers; without this row it does not. Turning it off takes the row and all numbers away."""

    school = models.OneToOneField(School, on_delete=models.CASCADE, related_name="+")
    turned_on_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    turned_on_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "gebruik van persoonsgebonden nummers"
        verbose_name_plural = "gebruik van persoonsgebonden nummers"

    def __str__(self) -> str:
        return f"{self.school} houdt persoonsgebonden nummers bij"


class PersonNumberQuerySet(models.QuerySet["PersonNumber"]):
    def visible_to(self, user: User) -> PersonNumberQuerySet:
        """Administratie and COO: those that their own school keeps."""
        return self.filter(school__in=grants_of(user).school_ids(KEEPS_NUMBERS))


class PersonNumber(models.Model):
    """The number of a pupil as one school keeps it: nine digits. One at a time: a BSN replaces an onderwijsnummer.

    `digest` recognises the number without reading it.
    """

    class Kind(models.TextChoices):
        BSN = "bsn", "BSN"
        EDUCATION = "onderwijsnummer", "onderwijsnummer"

    pupil = models.ForeignKey(Pupil, on_delete=models.CASCADE, related_name="+")
    school = models.ForeignKey(School, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField("soort", max_length=16, choices=Kind.choices)
    value = EncryptedTextField("nummer")
    digest = models.CharField(max_length=64)
    entered_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    entered_at = models.DateTimeField(default=timezone.now)

    objects = PersonNumberQuerySet.as_manager()

    class Meta:
        verbose_name = "persoonsgebonden nummer"
        verbose_name_plural = "persoonsgebonden nummers"
        constraints = (
            models.UniqueConstraint(name="one_number_per_pupil_and_school", fields=("pupil", "school")),
            models.UniqueConstraint(name="one_pupil_per_number_and_school", fields=("school", "digest")),
        )

    def __str__(self) -> str:
        return "persoonsgebonden nummer"


def where_numbers_are_kept(pupil: Pupil, user: User) -> School | None:
    """The school of enrolment of the pupil where `user` enters numbers and that keeps them; None: nowhere."""
    ours = grants_of(user).school_ids(KEEPS_NUMBERS)
    rows = Enrolment.objects.filter(pupil=pupil, school__in=ours).select_related("school").order_by("-first")
    keeping = set(NumberUse.objects.filter(school__in=ours).values_list("school_id", flat=True).order_by("pk"))
    return next((row.school for row in rows if row.school_id in keeping), None)

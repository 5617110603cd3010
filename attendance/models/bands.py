"""From which share of missed time on a pupil is named in overviews."""

from __future__ import annotations

from typing import NamedTuple

from django.db import models
from django.db.models import F, Q

from thuiszitters.accounts.models import Alliance, School


class Bands(NamedTuple):
    """Whole percentages of the timetable missed, from low to high: at or above each a pupil stands in that band."""

    low: int
    middle: int
    high: int


DEFAULT_BANDS = Bands(5, 10, 20)


class AbsenceBandsQuerySet(models.QuerySet["AbsenceBands"]):
    def of_school(self, school: School) -> Bands:
        """The bands for this school: its own, else those of its alliance, else the default. One query."""
        rows = self.filter(Q(school=school) | Q(alliance=school.alliance_id, alliance__isnull=False))
        found = rows.order_by(F("school").asc(nulls_last=True)).first()
        return DEFAULT_BANDS if found is None else found.bands


class AbsenceBands(models.Model):
    """The bands that one alliance or one school chose. They change which pupils overviews name; no rule reads them."""

    alliance = models.OneToOneField(Alliance, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    school = models.OneToOneField(School, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    low = models.PositiveSmallIntegerField("laag", default=DEFAULT_BANDS.low)
    middle = models.PositiveSmallIntegerField("midden", default=DEFAULT_BANDS.middle)
    high = models.PositiveSmallIntegerField("hoog", default=DEFAULT_BANDS.high)

    objects = AbsenceBandsQuerySet.as_manager()

    class Meta:
        verbose_name = "grenzen van verzuim"
        verbose_name_plural = "grenzen van verzuim"
        constraints = (
            models.CheckConstraint(
                name="bands_are_of_one_alliance_or_one_school",
                condition=Q(alliance__isnull=True, school__isnull=False)
                | Q(alliance__isnull=False, school__isnull=True),
            ),
            models.CheckConstraint(
                name="bands_go_up_from_1_to_100",
                condition=Q(low__gte=1, low__lt=F("middle"), middle__lt=F("high"), high__lte=100),
            ),
        )

    def __str__(self) -> str:
        return f"{self.low}, {self.middle} en {self.high} procent"

    @property
    def bands(self) -> Bands:
        return Bands(self.low, self.middle, self.high)


def bands_of(school: School) -> Bands:
    """The bands that hold for this school."""
    return AbsenceBands.objects.of_school(school)

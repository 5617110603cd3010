"""Alliances and youth health care. Schools and municipalities stand with attendance, which counts by them."""

from __future__ import annotations

from django.contrib import admin
from django.db.models.query import QuerySet

from thuiszitters.accounts.models import Alliance, YouthHealth
from thuiszitters.accounts.setup_site import Reach, SetUpAdmin, set_up_site


@admin.register(Alliance, site=set_up_site)
class AllianceAdmin(SetUpAdmin):
    fields = ("name", "second_factor")
    adds = False

    def rows(self, found: QuerySet[Alliance], reach: Reach) -> QuerySet[Alliance]:
        return found.filter(pk__in=reach.alliances)


@admin.register(YouthHealth, site=set_up_site)
class YouthHealthAdmin(SetUpAdmin):
    """Organisations that work for many schools: everybody sees them, the superuser keeps them."""

    fields = ("name",)
    adds = False

    def rows(self, found: QuerySet[YouthHealth], reach: Reach) -> QuerySet[YouthHealth]:
        return found

    def may_change(self, reach: Reach, row: YouthHealth) -> bool:
        return reach.everything

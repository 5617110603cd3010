from __future__ import annotations

from django.apps import AppConfig
from django.contrib import admin


class AuditConfig(AppConfig):
    name = "thuiszitters.audit"
    label = "audit"
    verbose_name = "Logboek van handelingen"

    def ready(self) -> None:
        # The library puts its log in Django's own admin site, which has no address here; and ours has other columns.
        admin.site.unregister(self.get_model("Entry"))
